import { expect, test } from 'vitest';
import { cells, created, createErrors, stored, updateErrors } from '../testing/kindTable.ts';
import { persistentVolumes } from './persistentVolume.ts';

const spec = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/d' } };

test('defaults', () => {
  const volume = created(persistentVolumes, { spec });
  expect(volume.spec).toEqual({
    ...spec,
    hostPath: { path: '/d', type: '' },
    persistentVolumeReclaimPolicy: 'Retain',
    volumeMode: 'Filesystem',
  });
  expect(volume.status).toEqual({ phase: 'Pending' });
  expect(persistentVolumes.defaults!(volume)).toBe(volume);
});

const local = { ...spec, hostPath: undefined, local: { path: '/d' } };

test.each<[string, object, string[]]>([
  ['good', spec, []],
  [
    'nothing',
    {},
    [
      'spec.accessModes: Required value',
      'spec.capacity: Required value',
      'spec.capacity: Unsupported value: null: supported values: "storage"',
      'spec: Required value: must specify a volume type',
    ],
  ],
  [
    'two sources',
    { ...spec, nfs: { server: 's', path: '/d' } },
    ['spec.nfs: Forbidden: may not specify more than 1 volume type'],
  ],
  [
    'no room, and policies that are none',
    { ...spec, capacity: { storage: '0' }, persistentVolumeReclaimPolicy: 'Keep', volumeMode: 'X' },
    [
      'spec.capacity[storage]: Invalid value: "0": must be greater than zero',
      'spec.persistentVolumeReclaimPolicy: Unsupported value: "Keep": supported values: "Delete", "Recycle", "Retain"',
      'spec.volumeMode: Unsupported value: "X": supported values: "Block", "Filesystem"',
    ],
  ],
  [
    "a host's root that shall be emptied",
    { ...spec, hostPath: { path: '/' }, persistentVolumeReclaimPolicy: 'Recycle' },
    ["spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'"],
  ],
  [
    'a disk of a node that is not named',
    local,
    ['spec.nodeAffinity: Required value: Local volume requires node affinity'],
  ],
  [
    'an affinity without terms',
    { ...local, nodeAffinity: { required: { nodeSelectorTerms: [] } } },
    [
      'spec.nodeAffinity.required.nodeSelectorTerms: Required value: must have at least one node selector term',
    ],
  ],
  [
    'a class of attributes without CSI',
    { ...spec, volumeAttributesClassName: 'fast' },
    ['spec.csi: Required value: has to be specified when using volumeAttributesClassName'],
  ],
])('%s', (_name, given, errors) => {
  expect(createErrors(persistentVolumes, { spec: given })).toEqual(errors);
});

test.each<[string, object, object, string[]]>([
  ['it may grow', {}, { capacity: { storage: '2Gi' } }, []],
  [
    'its source stays',
    {},
    { hostPath: { path: '/e' } },
    ['spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation'],
  ],
  ['its mode stays', {}, { volumeMode: 'Block' }, ['volumeMode: Invalid value: "Block": field is immutable']],
])('%s', (_name, old, next, errors) => {
  expect(
    updateErrors(persistentVolumes, { spec: { ...spec, ...old } }, { spec: { ...spec, ...next } }),
  ).toEqual(errors);
});

test('columns', () => {
  const volume = stored(persistentVolumes, {
    spec: { ...spec, claimRef: { namespace: 'default', name: 'c' }, storageClassName: 'fast' },
    status: { phase: 'Bound' },
  });
  expect(cells(persistentVolumes, volume, true)).toEqual({
    Name: 'x',
    Capacity: '1Gi',
    'Access Modes': 'RWO',
    'Reclaim Policy': 'Retain',
    Status: 'Bound',
    Claim: 'default/c',
    StorageClass: 'fast',
    VolumeAttributesClass: '<unset>',
    Reason: '',
    Age: '60m',
    VolumeMode: 'Filesystem',
  });
});
