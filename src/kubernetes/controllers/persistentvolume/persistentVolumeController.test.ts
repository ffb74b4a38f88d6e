import { expect, test } from 'vitest';
import type { PersistentVolume, PersistentVolumeClaim } from '#generated/types/core.v1.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { storageClasses } from '#kubernetes/api/storage/storageClass.ts';
import { TestCluster } from '../testCluster.ts';
import { persistentVolumeController } from './persistentVolumeController.ts';

type ClaimSpec = Partial<PersistentVolumeClaim['spec']>;
type VolumeSpec = Partial<PersistentVolume['spec']>;

const newCluster = () => new TestCluster([persistentVolumeController]);

function addVolume(
  cluster: TestCluster,
  name: string,
  storage: string,
  more: VolumeSpec = {},
  meta = {},
): void {
  cluster.client.create(persistentVolumes, {
    metadata: { name, ...meta },
    spec: {
      capacity: { storage },
      accessModes: ['ReadWriteOnce'],
      hostPath: { path: `/tmp/${name}` },
      ...more,
    },
  });
  cluster.run();
}

function addClaim(cluster: TestCluster, name: string, storage: string, more: ClaimSpec = {}): void {
  cluster.client.create(persistentVolumeClaims, {
    metadata: { name, namespace: 'default' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage } },
      storageClassName: '',
      ...more,
    },
  });
  cluster.run();
}

const claimOf = (cluster: TestCluster, name = 'data') => cluster.get(persistentVolumeClaims, name);
const volumeOf = (cluster: TestCluster, name: string) => cluster.get(persistentVolumes, name);

/** The claim's phase and volume, as `Bound pv-1`. */
function stateOf(cluster: TestCluster, name = 'data'): string {
  const { status, spec } = claimOf(cluster, name);
  return `${status.phase} ${spec.volumeName ?? '-'}`;
}

// Upstream: TestMatchVolume, TestMatchingWithBoundVolumes, TestFindingVolumeWithDifferentAccessModes, TestSync set 1
test.each<[what: string, volumes: [string, string, VolumeSpec?, object?][], claim: ClaimSpec, state: string]>(
  [
    [
      'the smallest that is large enough',
      [
        ['pv-10', '10Gi'],
        ['pv-5', '5Gi'],
        ['pv-1', '1Gi'],
      ],
      {},
      'Bound pv-5',
    ],
    ['nothing when all are too small', [['pv-1', '1Gi']], {}, 'Pending -'],
    ['none of another class', [['pv-5', '5Gi', { storageClassName: 'fast' }]], {}, 'Pending -'],
    [
      'one of its class',
      [
        ['pv-5', '5Gi'],
        ['pv-6', '6Gi', { storageClassName: 'fast' }],
      ],
      { storageClassName: 'fast' },
      'Bound pv-6',
    ],
    [
      'one with all of its access modes',
      [
        ['pv-5', '5Gi'],
        ['pv-6', '6Gi', { accessModes: ['ReadWriteOnce', 'ReadWriteMany'] }],
      ],
      { accessModes: ['ReadWriteMany'] },
      'Bound pv-6',
    ],
    [
      'one with no more access modes than it needs, though it is larger',
      [
        ['pv-5', '5Gi', { accessModes: ['ReadWriteOnce', 'ReadOnlyMany'] }],
        ['pv-6', '6Gi'],
      ],
      {},
      'Bound pv-6',
    ],
    [
      'one with the labels that it selects',
      [
        ['pv-5', '5Gi'],
        ['pv-6', '6Gi', {}, { labels: { app: 'db' } }],
      ],
      { selector: { matchLabels: { app: 'db' } } },
      'Bound pv-6',
    ],
    ['none of another mode', [['pv-5', '5Gi', { volumeMode: 'Block' }]], {}, 'Pending -'],
    [
      'the one that is reserved for it, before smaller ones',
      [
        ['pv-5', '5Gi'],
        ['pv-9', '9Gi', { claimRef: { namespace: 'default', name: 'data' } }],
      ],
      {},
      'Bound pv-9',
    ],
    [
      'none that is reserved for another',
      [['pv-5', '5Gi', { claimRef: { namespace: 'default', name: 'other' } }]],
      {},
      'Pending -',
    ],
    [
      'the one that it names',
      [
        ['pv-5', '5Gi'],
        ['pv-7', '7Gi'],
      ],
      { volumeName: 'pv-7' },
      'Bound pv-7',
    ],
    ['the one that it names once that is there', [], { volumeName: 'pv-7' }, 'Pending pv-7'],
    ['no one that it names and that is too small', [['pv-1', '1Gi']], { volumeName: 'pv-1' }, 'Pending pv-1'],
  ],
)('a claim gets %s', (_what, volumes, claim, state) => {
  const cluster = newCluster();
  for (const [name, storage, spec, meta] of volumes) addVolume(cluster, name, storage, spec, meta);
  addClaim(cluster, 'data', '5Gi', claim);
  expect(stateOf(cluster)).toBe(state);
});

test('who bound what is in annotations', () => {
  const cluster = newCluster();
  addVolume(cluster, 'pv-5', '5Gi');
  expect(volumeOf(cluster, 'pv-5').status.phase).toBe('Available');
  addClaim(cluster, 'data', '5Gi');
  expect(claimOf(cluster).metadata.annotations).toEqual({
    'pv.kubernetes.io/bind-completed': 'yes',
    'pv.kubernetes.io/bound-by-controller': 'yes',
  });
  expect(claimOf(cluster).status).toEqual({
    phase: 'Bound',
    accessModes: ['ReadWriteOnce'],
    capacity: { storage: '5Gi' },
  });
  const volume = volumeOf(cluster, 'pv-5');
  expect(volume.metadata.annotations).toEqual({ 'pv.kubernetes.io/bound-by-controller': 'yes' });
  expect(volume.status.phase).toBe('Bound');
  expect(volume.spec.claimRef).toMatchObject({ name: 'data', uid: claimOf(cluster).metadata.uid });
});

test('two claims never get one volume', () => {
  const cluster = newCluster();
  for (const name of ['a', 'b']) addClaim(cluster, name, '1Gi');
  addVolume(cluster, 'pv-1', '1Gi');
  cluster.run(40_000);
  const states = ['a', 'b'].map((name) => stateOf(cluster, name)).sort();
  expect(states).toEqual(['Bound pv-1', 'Pending -']);
});

test.each<[what: string, spec: ClaimSpec, volume: VolumeSpec | null, event: string]>([
  [
    'no class',
    {},
    null,
    'Normal FailedBinding no persistent volumes available for this claim and no storage class is set',
  ],
  [
    'a class that is not there',
    { storageClassName: 'gone' },
    null,
    'Warning ProvisioningFailed storageclass.storage.k8s.io "gone" not found',
  ],
  [
    'a class whose volumes are made by hand',
    { storageClassName: 'manual' },
    null,
    'Warning ProvisioningFailed no volume plugin matched name: kubernetes.io/no-provisioner',
  ],
  [
    'a class with a driver',
    { storageClassName: 'fast' },
    null,
    "Normal ExternalProvisioning Waiting for a volume to be created either by the external provisioner 'disk.example.com' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.",
  ],
  [
    'a class that waits',
    { storageClassName: 'late' },
    null,
    'Normal WaitForFirstConsumer waiting for first consumer to be created before binding',
  ],
  [
    'a volume that is too small',
    { volumeName: 'pv' },
    {},
    'Warning VolumeMismatch Cannot bind to requested volume "pv": requested PV is too small',
  ],
  [
    'a volume of another class',
    { volumeName: 'pv' },
    { capacity: { storage: '9Gi' }, storageClassName: 'fast' },
    'Warning VolumeMismatch Cannot bind to requested volume "pv": storageClassName does not match',
  ],
  [
    'a volume without its access mode',
    { volumeName: 'pv', accessModes: ['ReadWriteMany'] },
    { capacity: { storage: '9Gi' } },
    'Warning VolumeMismatch Cannot bind to requested volume "pv": incompatible accessMode',
  ],
  [
    'a volume that somebody has',
    { volumeName: 'pv' },
    { capacity: { storage: '9Gi' }, claimRef: { namespace: 'default', name: 'other', uid: 'x' } },
    'Warning FailedBinding volume "pv" already bound to a different claim.',
  ],
])('a claim with %s says so', (_what, spec, volume, event) => {
  const cluster = newCluster();
  const { client } = cluster;
  client.create(storageClasses, {
    metadata: { name: 'manual' },
    provisioner: 'kubernetes.io/no-provisioner',
  });
  client.create(storageClasses, { metadata: { name: 'fast' }, provisioner: 'disk.example.com' });
  client.create(storageClasses, {
    metadata: { name: 'late' },
    provisioner: 'disk.example.com',
    volumeBindingMode: 'WaitForFirstConsumer',
  });
  if (volume) addVolume(cluster, 'pv', '1Gi', volume);
  addClaim(cluster, 'data', '5Gi', spec);
  expect(claimOf(cluster).status.phase).toBe('Pending');
  expect(cluster.events('data')).toEqual([event]);
});

test('a claim that waits names the pod that it waits for', () => {
  const cluster = newCluster();
  cluster.client.create(storageClasses, {
    metadata: { name: 'late' },
    provisioner: 'disk.example.com',
    volumeBindingMode: 'WaitForFirstConsumer',
  });
  cluster.client.create(pods, {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      containers: [{ name: 'c', image: 'nginx' }],
      volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }],
    },
  });
  addClaim(cluster, 'data', '5Gi', { storageClassName: 'late' });
  expect(cluster.events('data')).toEqual(['Normal WaitForPodScheduled waiting for pod web to be scheduled']);
  cluster.patch(persistentVolumeClaims, 'data', {
    metadata: { annotations: { 'volume.kubernetes.io/selected-node': 'node-1' } },
  });
  cluster.run();
  const { annotations } = claimOf(cluster).metadata;
  expect(annotations?.['volume.kubernetes.io/storage-provisioner']).toBe('disk.example.com');
});

// Upstream: TestDeleteSync, TestRecycleSync, TestSync sets 3 and 4
test.each<[what: string, volume: VolumeSpec, meta: object, phase: string, event: string | null]>([
  ['keeps one to retain', { persistentVolumeReclaimPolicy: 'Retain' }, {}, 'Released', null],
  [
    'cannot delete what no plugin deletes',
    { persistentVolumeReclaimPolicy: 'Delete', hostPath: undefined!, nfs: { server: 's', path: '/' } },
    {},
    'Failed',
    'Warning VolumeFailedDelete error getting deleter volume plugin for volume "pv": no deletable volume plugin matched',
  ],
  [
    'deletes no directory outside of /tmp',
    { persistentVolumeReclaimPolicy: 'Delete', hostPath: { path: '/srv' } },
    {},
    'Failed',
    'Warning VolumeFailedDelete host_path deleter only supports /tmp/.+ but received provided /srv',
  ],
  ['deletes a directory under /tmp', { persistentVolumeReclaimPolicy: 'Delete' }, {}, 'gone', null],
  [
    'leaves to a driver what that has made',
    { persistentVolumeReclaimPolicy: 'Delete' },
    { annotations: { 'pv.kubernetes.io/provisioned-by': 'disk.example.com' } },
    'Released',
    null,
  ],
  [
    'cannot recycle what no plugin recycles',
    {
      persistentVolumeReclaimPolicy: 'Recycle',
      hostPath: undefined!,
      local: { path: '/x' },
      nodeAffinity: {
        required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }] },
      },
    },
    {},
    'Failed',
    'Warning VolumeFailedRecycle No recycler plugin found for the volume!',
  ],
])('when a claim is gone the binder %s', (_what, spec, meta, phase, event) => {
  const cluster = newCluster();
  addVolume(cluster, 'pv', '5Gi', spec, meta);
  addClaim(cluster, 'data', '5Gi');
  expect(stateOf(cluster)).toBe('Bound pv');
  cluster.client.patch(persistentVolumeClaims, 'default', 'data', {
    type: 'merge',
    body: { metadata: { finalizers: null } },
  });
  cluster.client.delete(persistentVolumeClaims, 'default', 'data');
  cluster.run();
  if (cluster.has(persistentVolumes, 'pv') && phase === 'gone')
    expect(volumeOf(cluster, 'pv').metadata.deletionTimestamp).toBeDefined();
  else expect(volumeOf(cluster, 'pv').status.phase).toBe(phase);
  expect(cluster.events('pv')).toEqual(event === null ? [] : [event]);
});

test('a claim whose volume is gone has lost it', () => {
  const cluster = newCluster();
  addVolume(cluster, 'pv', '5Gi');
  addClaim(cluster, 'data', '5Gi');
  cluster.patch(persistentVolumes, 'pv', { metadata: { finalizers: null } });
  cluster.client.delete(persistentVolumes, '', 'pv');
  cluster.run();
  expect(stateOf(cluster)).toBe('Lost pv');
  expect(cluster.events('data')).toEqual([
    'Warning ClaimLost Bound claim has lost its PersistentVolume. Data on the volume is lost!',
  ]);
});

test('a volume that names a new claim of the same name is not given to it', () => {
  const cluster = newCluster();
  addVolume(cluster, 'pv', '5Gi', { claimRef: { namespace: 'default', name: 'data', uid: 'another' } });
  addClaim(cluster, 'data', '5Gi');
  expect(stateOf(cluster)).toBe('Pending -');
  expect(volumeOf(cluster, 'pv').status.phase).toBe('Released');
});
