import { expect, test } from 'vitest';
import { cells, created, createErrors, statusErrors, stored, updateErrors } from '../testing/kindTable.ts';
import { persistentVolumeClaims } from './persistentVolumeClaim.ts';

const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };

test('defaults', () => {
  const claim = created(persistentVolumeClaims, { spec });
  expect(claim.spec).toEqual({ ...spec, volumeMode: 'Filesystem' });
  expect(claim.status).toEqual({ phase: 'Pending' });
  expect(persistentVolumeClaims.defaults!(claim)).toBe(claim);
});

test.each<[string, object, string[]]>([
  ['good', spec, []],
  [
    'nothing',
    {},
    [
      'spec.accessModes: Required value: at least 1 access mode is required',
      'spec.resources[storage]: Required value',
    ],
  ],
  [
    'no room, and a mode that is none',
    { accessModes: ['Once'], resources: { requests: { storage: '0' } }, volumeMode: 'X' },
    [
      'spec.accessModes: Unsupported value: "Once": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
      'spec.resources[storage]: Invalid value: "0": must be greater than zero',
      'spec.volumeMode: Unsupported value: "X": supported values: "Block", "Filesystem"',
    ],
  ],
  [
    'one pod and others',
    { ...spec, accessModes: ['ReadWriteOncePod', 'ReadWriteMany'] },
    ['spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes'],
  ],
  [
    'sources that do not fit',
    {
      ...spec,
      dataSource: { kind: 'Pod', name: '' },
      dataSourceRef: { kind: 'PersistentVolumeClaim', name: 'b' },
    },
    [
      'spec.dataSource.name: Required value',
      'spec.dataSource: Invalid value: "Pod": must be \'PersistentVolumeClaim\' when referencing the default apiGroup',
      'spec: Invalid value: "dataSource": must match dataSourceRef',
    ],
  ],
])('%s', (_name, given, errors) => {
  expect(createErrors(persistentVolumeClaims, { spec: given })).toEqual(errors);
});

test.each<[object, object]>([
  [
    { dataSource: { kind: 'PersistentVolumeClaim', name: 'a' } },
    { kind: 'PersistentVolumeClaim', name: 'a' },
  ],
  [{ dataSourceRef: { apiGroup: 's.io', kind: 'S', name: 'a' } }, { apiGroup: 's.io', kind: 'S', name: 'a' }],
])('%j is named in both ways', (given, source) => {
  const claim = created(persistentVolumeClaims, { spec: { ...spec, ...given } });
  expect(claim.spec).toMatchObject({ dataSource: source, dataSourceRef: source });
});

test('a source in another namespace has no older name', () => {
  const dataSourceRef = { kind: 'PersistentVolumeClaim', name: 'a', namespace: 'b' };
  const claim = created(persistentVolumeClaims, { spec: { ...spec, dataSourceRef } });
  expect(claim.spec.dataSource).toBeUndefined();
});

const bound = {
  spec: { ...spec, volumeName: 'v' },
  status: { phase: 'Bound', capacity: { storage: '1Gi' } },
};
const larger = (storage: string) => ({
  ...bound,
  spec: { ...bound.spec, resources: { requests: { storage } } },
});
const immutable =
  'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

test.each<[string, object, object, string[]]>([
  ['its volume is named once', { spec }, { spec: { ...spec, volumeName: 'v' } }, []],
  ['another volume is none', bound, { ...bound, spec: { ...bound.spec, volumeName: 'w' } }, [immutable]],
  ['a class is named once', { spec }, { spec: { ...spec, storageClassName: 'fast' } }, []],
  ['it grows once it is bound', bound, larger('2Gi'), []],
  [
    'it does not grow before',
    { spec },
    { spec: { ...spec, resources: { requests: { storage: '2Gi' } } } },
    [immutable],
  ],
  [
    'it does not shrink below what it has',
    bound,
    larger('500Mi'),
    ['spec.resources.requests.storage: Forbidden: field can not be less than status.capacity'],
  ],
  [
    'its mode stays',
    { spec },
    { spec: { ...spec, volumeMode: 'Block' } },
    [immutable, 'volumeMode: Invalid value: "Block": field is immutable'],
  ],
])('%s', (_name, old, next, errors) => {
  expect(updateErrors(persistentVolumeClaims, old, next)).toEqual(errors);
});

test('a status has no room below zero', () => {
  expect(statusErrors(persistentVolumeClaims, { spec }, { capacity: { storage: '-1' } })).toEqual([
    'status.capacity[storage]: Invalid value: "-1": must be greater than or equal to 0',
  ]);
});

test.each<[string, object, object]>([
  [
    'pending',
    { spec },
    { Status: 'Pending', Volume: '', Capacity: '', 'Access Modes': '', StorageClass: '' },
  ],
  [
    'bound',
    {
      spec: { ...spec, volumeName: 'v', storageClassName: 'fast' },
      status: {
        phase: 'Bound',
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteMany', 'ReadWriteOnce'],
      },
    },
    { Status: 'Bound', Volume: 'v', Capacity: '1Gi', 'Access Modes': 'RWO,RWX', StorageClass: 'fast' },
  ],
  [
    'terminating',
    { metadata: { deletionTimestamp: '2026-01-01T00:30:00Z' }, spec },
    { Status: 'Terminating' },
  ],
])('columns of one that is %s', (_name, given, expected) => {
  const claim = stored(persistentVolumeClaims, given);
  expect(cells(persistentVolumeClaims, claim, true)).toMatchObject({
    VolumeAttributesClass: '<unset>',
    VolumeMode: 'Filesystem',
    ...expected,
  });
});
