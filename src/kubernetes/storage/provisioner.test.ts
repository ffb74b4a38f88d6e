// Upstream: sig-storage-lib-external-provisioner/controller/controller_test.go, kubernetes-csi/external-provisioner/pkg/controller/controller_test.go
import { expect, test } from 'vitest';
import type { PersistentVolumeClaim } from '#generated/types/core.v1.ts';
import type { StorageClass } from '#generated/types/storage.v1.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { storageClasses } from '#kubernetes/api/storage/storageClass.ts';
import { bindingAnnotations } from '#kubernetes/api/volumeBinding.ts';
import { diskDriver, diskDriverName } from './diskDriver.ts';
import { localPathDriver, localPathName } from './localPath.ts';
import { TestStorage } from './testing/testStorage.ts';

const zone = 'topology.kubernetes.io/zone';

function newStorage(more: Partial<StorageClass> = {}): TestStorage {
  const storage = new TestStorage((driver) => {
    diskDriver.start(driver);
    localPathDriver.start(driver);
  });
  for (const [name, provisioner] of [
    ['cloud-disk', diskDriverName],
    ['standard', localPathName],
  ] as const)
    storage.client.create<StorageClass>(storageClasses, { metadata: { name }, provisioner, ...more });
  storage.node('node-1', { [zone]: 'a', 'kubernetes.io/hostname': 'node-1' });
  storage.node('node-2', { [zone]: 'b', 'kubernetes.io/hostname': 'node-2' });
  return storage;
}

type Spec = Partial<PersistentVolumeClaim['spec']>;

/** A claim that the binder has handed to the driver of its class, for a node where the scheduler chose one. */
function ask(storage: TestStorage, spec: Spec = {}, node?: string) {
  const isLocal = spec.storageClassName === 'standard';
  const claim = storage.claim('data', spec, {
    [bindingAnnotations.provisioner]: isLocal ? localPathName : diskDriverName,
    ...(node !== undefined && { [bindingAnnotations.selectedNode]: node }),
  });
  storage.pass(6);
  return { claim, volume: storage.get(persistentVolumes, `pvc-${claim.metadata.uid}`) };
}

const placesOf = (volume: ReturnType<typeof ask>['volume']) =>
  volume?.spec.nodeAffinity?.required?.nodeSelectorTerms.flatMap(({ matchExpressions = [] }) =>
    matchExpressions.map(({ key, values }) => `${key}=${values?.join()}`),
  );

test('a disk is made of whole gibibytes, in the zone of the chosen node', () => {
  const storage = newStorage({ mountOptions: ['noatime'], reclaimPolicy: 'Retain' });
  const { claim, volume } = ask(storage, { resources: { requests: { storage: '1500Mi' } } }, 'node-2');
  const { uid } = claim.metadata;
  expect(volume!.metadata.annotations).toEqual({ 'pv.kubernetes.io/provisioned-by': diskDriverName });
  expect(volume!.metadata.finalizers).toContain('external-provisioner.volume.kubernetes.io/finalizer');
  expect(volume!.spec).toMatchObject({
    capacity: { storage: '2Gi' },
    accessModes: ['ReadWriteOnce'],
    persistentVolumeReclaimPolicy: 'Retain',
    storageClassName: 'cloud-disk',
    mountOptions: ['noatime'],
    volumeMode: 'Filesystem',
    claimRef: { kind: 'PersistentVolumeClaim', namespace: 'default', name: 'data', uid },
    csi: { driver: diskDriverName, fsType: 'ext4', volumeHandle: `disk-${uid}` },
  });
  expect(placesOf(volume)).toEqual([`${zone}=b`]);
  expect(storage.disks.get(`disk-${uid}`)).toMatchObject({ zone: 'b', sizeBytes: 2 * 1024 ** 3 });
  expect(storage.events('data')).toEqual([
    'Normal Provisioning: External provisioner is provisioning volume for claim "default/data"',
    `Normal ProvisioningSucceeded: Successfully provisioned volume pvc-${uid}`,
  ]);
});

test('a device has no file system', () => {
  const { volume } = ask(newStorage(), { volumeMode: 'Block' });
  expect(volume!.spec.volumeMode).toBe('Block');
  expect(volume!.spec.csi!.fsType).toBeUndefined();
});

test('a directory is made on the chosen node, for everybody, and goes with its volume', () => {
  const storage = newStorage();
  const { claim, volume } = ask(storage, { storageClassName: 'standard' }, 'node-2');
  const path = `/var/local-path-provisioner/pvc-${claim.metadata.uid}_default_data`;
  expect(volume!.spec.hostPath).toEqual({ path, type: 'DirectoryOrCreate' });
  expect(placesOf(volume)).toEqual(['kubernetes.io/hostname=node-2']);
  expect(storage.nodeFiles.get('node-2')!.status(path)).toMatchObject({ type: 'directory', mode: 0o777 });
  expect(storage.nodeFiles.get('node-1')!.status(path)).toBeNull();
  storage.client.updateStatus(persistentVolumes, { ...volume!, status: { phase: 'Released' } });
  storage.pass(2);
  expect(storage.nodeFiles.get('node-2')!.status(path)).toBeNull();
});

test.each<[string, Spec, string | undefined, string]>([
  [
    'a disk for many nodes',
    { accessModes: ['ReadWriteMany'] },
    undefined,
    'rpc error: code = InvalidArgument desc = Volume capabilities not supported. Only AccessModes[ReadWriteOnce] supported.',
  ],
  [
    'a directory for many nodes',
    { storageClassName: 'standard', accessModes: ['ReadWriteMany'] },
    'node-1',
    'NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes',
  ],
  [
    'a directory as a device',
    { storageClassName: 'standard', volumeMode: 'Block' },
    'node-1',
    'only support Filesystem volume mode',
  ],
  [
    'a directory by its labels',
    { storageClassName: 'standard', selector: { matchLabels: { a: 'b' } } },
    'node-1',
    'claim.Spec.Selector is not supported',
  ],
  [
    'a directory anywhere',
    { storageClassName: 'standard' },
    undefined,
    'configuration error, no node was specified',
  ],
  [
    'a clone of nothing',
    { dataSource: { kind: 'PersistentVolumeClaim', name: 'other' } },
    undefined,
    'error getting handle for DataSource Type PersistentVolumeClaim by Name other: error getting PVC other (namespace "default") from api server: persistentvolumeclaims "other" not found',
  ],
])('%s cannot be had', (_name, spec, node, why) => {
  const storage = newStorage();
  const { volume } = ask(storage, spec, node);
  expect(volume).toBeUndefined();
  const className = spec.storageClassName ?? 'cloud-disk';
  expect(storage.events('data')).toContain(
    `Warning ProvisioningFailed: failed to provision volume with StorageClass "${className}": ${why}`,
  );
  // Another node could not help: the scheduler is not asked again.
  const { annotations } = storage.get(persistentVolumeClaims, 'data')!.metadata;
  expect(annotations?.[bindingAnnotations.selectedNode]).toBe(node);
});

test('every try is said, and the scheduler chooses again only when its node is gone', () => {
  const storage = newStorage();
  const dataSource = { kind: 'PersistentVolumeClaim', name: 'other' };
  ask(storage, { dataSource }, 'node-1');
  const count = (reason: string) => storage.count('data', reason);
  expect([count('Provisioning'), count('ProvisioningFailed')]).toEqual([2, 2]);
  storage.client.delete(nodes, '', 'node-1');
  storage.pass(10);
  const { annotations } = storage.get(persistentVolumeClaims, 'data')!.metadata;
  expect(annotations).not.toHaveProperty([bindingAnnotations.selectedNode]);
  expect(storage.events('data')).toContain('Warning ProvisioningFailed: node "node-1" not found');
});

test('a volume that is made stays for its claim when the node is gone before they are bound', () => {
  const storage = newStorage();
  ask(storage, {}, 'node-1');
  storage.client.delete(nodes, '', 'node-1');
  storage.client.patch(persistentVolumeClaims, 'default', 'data', {
    type: 'merge',
    body: { metadata: { labels: { a: 'b' } } },
  });
  storage.pass(10);
  const { annotations } = storage.get(persistentVolumeClaims, 'data')!.metadata;
  expect(annotations?.[bindingAnnotations.selectedNode]).toBe('node-1');
});

test('a clone has the data, and is as large as what it is of', () => {
  const storage = newStorage();
  storage.boundClaim('other');
  storage.disks.get('other')!.files.write('/f', 'x');
  const { claim } = ask(storage, { dataSource: { kind: 'PersistentVolumeClaim', name: 'other' } });
  expect(storage.disks.get(`disk-${claim.metadata.uid}`)!.files.read('/f')).toBe('x');
});

test.each<[string, Spec, (storage: TestStorage) => void, string]>([
  [
    'smaller than what it is of',
    { resources: { requests: { storage: '500Mi' } } },
    (storage) => storage.boundClaim('other'),
    'error, new PVC request must be greater than or equal in size to the specified PVC data source, requested 524288000 but source is 1073741824',
  ],
  [
    'of a claim without a volume',
    {},
    (storage) => storage.claim('other'),
    'the PVC DataSource other must have a status of Bound.  Got {Pending [] map[] [] map[] map[] <nil> <nil>}',
  ],
  [
    'of what another driver keeps',
    {},
    (storage) => storage.boundClaim('other', { hostPath: { path: '/x' } }),
    'claim in dataSource not bound or invalid',
  ],
  [
    'as a device, of a file system',
    { volumeMode: 'Block' },
    (storage) => storage.boundClaim('other'),
    'the source PVC and destination PVCs must have the same volume mode for cloning.  Source is Filesystem, but new PVC requested Block',
  ],
])('a clone %s cannot be had', (_name, spec, prepare, why) => {
  const storage = newStorage();
  prepare(storage);
  const dataSource = { kind: 'PersistentVolumeClaim', name: 'other' };
  expect(ask(storage, { ...spec, dataSource }).volume).toBeUndefined();
  expect(storage.events('data')).toContain(
    `Warning ProvisioningFailed: failed to provision volume with StorageClass "cloud-disk": error getting handle for DataSource Type PersistentVolumeClaim by Name other: ${why}`,
  );
});

test('a clone may be as small as its source was asked to be, not as its disk is', () => {
  const storage = newStorage();
  const claim = storage.boundClaim('other');
  const status = { ...claim.status, capacity: { storage: '2Gi' } };
  storage.client.updateStatus(persistentVolumeClaims, { ...claim, status });
  const { volume } = ask(storage, { dataSource: { kind: 'PersistentVolumeClaim', name: 'other' } });
  expect(volume).toBeDefined();
});

test.each<[string, string[] | undefined, unknown[]]>([
  ['where the class says', ['b'], [`${zone}=b`]],
  ['in one of the zones that there are', undefined, [expect.stringMatching(/=[ab]$/)]],
])('a disk that waits for no pod is made %s', (_name, values, places) => {
  const allowed = values && { allowedTopologies: [{ matchLabelExpressions: [{ key: zone, values }] }] };
  expect(placesOf(ask(newStorage(allowed)).volume)).toEqual(places);
});

test('a disk goes with its volume, but not under a node’s hands', () => {
  const storage = newStorage();
  const { claim, volume } = ask(storage);
  const disk = storage.disks.get(`disk-${claim.metadata.uid}`)!;
  disk.attachedTo = 'node-1';
  storage.client.updateStatus(persistentVolumes, { ...volume!, status: { phase: 'Released' } });
  storage.pass(5);
  expect(storage.disks.get(disk.handle)).toBe(disk);
  disk.attachedTo = null;
  storage.pass(15);
  expect(storage.disks.get(disk.handle)).toBeUndefined();
  const left = storage.get(persistentVolumes, volume!.metadata.name);
  expect(left === undefined || left.metadata.deletionTimestamp !== undefined).toBe(true);
});

test('a claim of what no driver knows is left to somebody else', () => {
  const storage = newStorage();
  const dataSourceRef = { apiGroup: 'x.example.com', kind: 'Backup', name: 'b' };
  const { volume } = ask(storage, { dataSourceRef });
  expect(volume).toBeUndefined();
  expect(storage.events('data')).toEqual([
    'Normal Provisioning: Assuming an external populator will provision the volume',
  ]);
});

test('a claim of another provisioner, or with a volume, is not asked for', () => {
  const storage = newStorage();
  storage.claim('data', {}, { [bindingAnnotations.provisioner]: 'other.example.com' });
  storage.claim('named', { volumeName: 'pv' }, { [bindingAnnotations.provisioner]: diskDriverName });
  storage.pass(6);
  expect([...storage.events('data'), ...storage.events('named')]).toEqual([]);
});
