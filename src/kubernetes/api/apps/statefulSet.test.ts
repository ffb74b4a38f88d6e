import { expect, test } from 'vitest';
import { cells, created, createErrors, statusErrors, stored, updateErrors } from '../testing/kindTable.ts';
import { statefulSets } from './statefulSet.ts';

const template = {
  metadata: { labels: { app: 'a' } },
  spec: { containers: [{ name: 'c', image: 'x:1' }] },
};
const spec = { selector: { matchLabels: { app: 'a' } }, serviceName: 'a', template };
const claim = {
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};

test('defaults', () => {
  const set = created(statefulSets, { spec: { ...spec, volumeClaimTemplates: [claim] } });
  expect(set.spec).toMatchObject({
    replicas: 1,
    podManagementPolicy: 'OrderedReady',
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    revisionHistoryLimit: 10,
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    volumeClaimTemplates: [
      {
        kind: 'PersistentVolumeClaim',
        apiVersion: 'v1',
        metadata: { name: 'data' },
        spec: { volumeMode: 'Filesystem' },
        status: { phase: 'Pending' },
      },
    ],
  });
  expect(set.spec.template.spec?.dnsPolicy).toBe('ClusterFirst');
  expect(set.status).toEqual({ replicas: 0, availableReplicas: 0 });
  expect(statefulSets.defaults!(set)).toBe(set);
});

test('a strategy on delete has no rolling update', () => {
  const set = created(statefulSets, { spec: { ...spec, updateStrategy: { type: 'OnDelete' } } });
  expect(set.spec.updateStrategy).toEqual({ type: 'OnDelete' });
});

const mounted = {
  ...template,
  spec: { containers: [{ name: 'c', image: 'x:1', volumeMounts: [{ name: 'data', mountPath: '/d' }] }] },
};

test.each<[string, object, string[]]>([
  ['good', {}, []],
  ['a claim for its mount', { template: mounted, volumeClaimTemplates: [claim] }, []],
  [
    'a mount without a claim',
    { template: mounted },
    ['spec.template.spec.containers[0].volumeMounts[0].name: Not found: "data"'],
  ],
  [
    'a claim of nothing',
    { volumeClaimTemplates: [{ metadata: { name: 'data' } }] },
    [
      'spec.volumeClaimTemplates[0].spec.accessModes: Required value: at least 1 access mode is required',
      'spec.volumeClaimTemplates[0].spec.resources[storage]: Required value',
    ],
  ],
  [
    'policies that are none',
    {
      podManagementPolicy: 'X',
      updateStrategy: { type: 'X' },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'X' },
    },
    [
      "spec.podManagementPolicy: Invalid value: \"X\": must be 'OrderedReady' or 'Parallel'",
      'spec.updateStrategy: Invalid value: {"Type":"X","RollingUpdate":null}: must be \'RollingUpdate\' or \'OnDelete\'',
      'spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: "X": supported values: "Retain", "Delete"',
    ],
  ],
  [
    'a rolling update on delete',
    { updateStrategy: { type: 'OnDelete', rollingUpdate: { partition: 1 } } },
    [
      'spec.updateStrategy.rollingUpdate: Invalid value: {"Partition":1,"MaxUnavailable":null}: only allowed for updateStrategy \'RollingUpdate\'',
    ],
  ],
  [
    'numbers out of range',
    {
      replicas: -1,
      ordinals: { start: -1 },
      minReadySeconds: -1,
      updateStrategy: { rollingUpdate: { partition: -1, maxUnavailable: 0 } },
    },
    [
      'spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0',
      'spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: 0: cannot be 0',
      'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
      'spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0',
      'spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0',
    ],
  ],
  [
    'a selector that misses, a restart policy',
    {
      selector: { matchLabels: { app: 'b' } },
      template: { ...template, spec: { ...template.spec, restartPolicy: 'Never', activeDeadlineSeconds: 1 } },
    },
    [
      'spec.template.metadata.labels: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
      'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in StatefulSet is not Supported',
    ],
  ],
  [
    'an empty selector',
    { selector: {} },
    ['spec.selector: Invalid value: {}: empty selector is invalid for statefulset'],
  ],
])('%s', (_name, given, errors) => {
  expect(createErrors(statefulSets, { spec: { ...spec, ...given } })).toEqual(errors);
});

test('of a set only some fields change', () => {
  const open = { replicas: 3, minReadySeconds: 5, ordinals: { start: 2 }, revisionHistoryLimit: 3 };
  expect(updateErrors(statefulSets, { spec }, { spec: { ...spec, ...open } })).toEqual([]);
  expect(updateErrors(statefulSets, { spec }, { spec: { ...spec, serviceName: 'b' } })).toEqual([
    "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
  ]);
});

test('parts of a status are no more than the whole, and collisions only add up', () => {
  const status = { replicas: 1, readyReplicas: 2, updatedReplicas: -1, collisionCount: 1 };
  expect(statusErrors(statefulSets, { spec, status: { replicas: 1, collisionCount: 2 } }, status)).toEqual([
    'status.updatedReplicas: Invalid value: -1: must be greater than or equal to 0',
    'status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas',
    'status.collisionCount: Invalid value: 1: cannot be decremented',
  ]);
});

test('columns', () => {
  const set = stored(statefulSets, {
    spec: { ...spec, replicas: 3 },
    status: { replicas: 3, readyReplicas: 2 },
  });
  expect(cells(statefulSets, set, true)).toEqual({
    Name: 'x',
    Ready: '2/3',
    Age: '60m',
    Containers: 'c',
    Images: 'x:1',
  });
  expect(statefulSets.scale!.selector(set)).toBe('app=a');
});
