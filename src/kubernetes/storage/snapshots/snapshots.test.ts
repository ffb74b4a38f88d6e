// What upstream's tests of its controllers assert: kubernetes-csi/external-snapshotter/pkg/{common,sidecar}-controller/*_test.go
import { readFileSync } from 'node:fs';
import { load, loadAll } from 'js-yaml';
import { beforeEach, expect, test } from 'vitest';
import { customResourceDefinitions } from '#kubernetes/api/apiextensions/customResourceDefinition.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { storageClasses } from '#kubernetes/api/storage/storageClass.ts';
import { bindingAnnotations } from '#kubernetes/api/volumeBinding.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { diskDriver, diskDriverName } from '../diskDriver.ts';
import { TestStorage } from '../testing/testStorage.ts';
import { startSnapshotter } from './csiSnapshotter.ts';
import { startSnapshotController } from './snapshotController.ts';
import {
  type DeletionPolicy,
  snapshotAnnotations,
  snapshotFinalizers,
  type VolumeSnapshot,
  volumeSnapshotClasses,
  volumeSnapshotContents,
  volumeSnapshots,
} from './snapshotKinds.ts';
import { whenServed } from './whenServed.ts';

const scenario = load(
  readFileSync(new URL('../../../../lessons/scenarios/volume-snapshots.yaml', import.meta.url), 'utf8'),
) as { files: Readonly<Record<string, string>> };
const definitions = loadAll(scenario.files['snapshot-crds.yaml']!) as KubeObject[];

let storage: TestStorage;
let isControllerRunning: boolean;

beforeEach(() => {
  isControllerRunning = true;
  storage = new TestStorage((driver) => {
    diskDriver.start(driver);
    whenServed(driver.informers, () => {
      const ends = [
        startSnapshotter(driver, diskDriverName),
        startSnapshotController({ ...driver, isRunning: () => isControllerRunning }),
      ];
      return () => ends.forEach((end) => end());
    });
  });
  storage.client.create(storageClasses, { metadata: { name: 'cloud-disk' }, provisioner: diskDriverName });
});

function install(): void {
  for (const definition of definitions) storage.client.create(customResourceDefinitions, definition as never);
  storage.pass(2);
}

function addClass(name = 'fast', deletionPolicy: DeletionPolicy = 'Delete', isDefault = false): void {
  const annotations: Record<string, string> = isDefault ? { [snapshotAnnotations.isDefault]: 'true' } : {};
  storage.client.create(volumeSnapshotClasses, {
    metadata: { name, annotations },
    driver: diskDriverName,
    deletionPolicy,
  });
}

function snapshot(
  source: VolumeSnapshot['spec']['source'],
  className: string | null = 'fast',
  name = 'snap',
) {
  const spec = { ...(className !== null && { volumeSnapshotClassName: className }), source };
  return storage.client.create(volumeSnapshots, { metadata: { name, namespace: 'default' }, spec });
}

const ofData = { persistentVolumeClaimName: 'data' };
const status = (name = 'snap') => storage.get(volumeSnapshots, name)!.status;

test('a snapshot has what the disk held then, is ready in time, and says so', () => {
  install();
  addClass();
  storage.boundClaim('data');
  const { files } = storage.disks.get('data')!;
  files.write('/f', 'then');
  const { metadata } = snapshot(ofData);
  storage.pass(1);
  const content = `snapcontent-${metadata.uid}`;
  expect(status()).toEqual({ boundVolumeSnapshotContentName: content, readyToUse: false });
  expect(storage.get(persistentVolumeClaims, 'data')!.metadata.finalizers).toContain(
    snapshotFinalizers.claim,
  );
  storage.pass(5);
  files.write('/f', 'now');
  expect(status()).toEqual({
    boundVolumeSnapshotContentName: content,
    creationTime: expect.stringMatching(/^2026-01-01T00:00:0\dZ$/) as unknown,
    readyToUse: true,
    restoreSize: '1Gi',
  });
  const { metadata: of, spec, status: kept } = storage.get(volumeSnapshotContents, content)!;
  expect(of.finalizers).toEqual([snapshotFinalizers.content]);
  expect(of.annotations).toBeUndefined();
  expect(spec).toMatchObject({
    driver: diskDriverName,
    deletionPolicy: 'Delete',
    source: { volumeHandle: 'data' },
    sourceVolumeMode: 'Filesystem',
    volumeSnapshotClassName: 'fast',
    volumeSnapshotRef: { kind: 'VolumeSnapshot', name: 'snap', namespace: 'default', uid: metadata.uid },
  });
  expect(kept).toMatchObject({ readyToUse: true, restoreSize: 1024 ** 3 });
  expect(storage.disks.snapshot(kept!.snapshotHandle!)!.files.read('/f')).toBe('then');
  expect(storage.events('snap')).toEqual([
    'Normal CreatingSnapshot: Waiting for a snapshot default/snap to be created by the CSI driver.',
    'Normal SnapshotCreated: Snapshot default/snap was successfully created by the CSI driver.',
    'Normal SnapshotReady: Snapshot default/snap is ready to use.',
  ]);
  expect(storage.get(volumeSnapshots, 'snap')!.metadata.finalizers).toEqual([
    snapshotFinalizers.asSource,
    snapshotFinalizers.bound,
  ]);
  const left = storage.get(persistentVolumeClaims, 'data')!.metadata.finalizers;
  expect(left).not.toContain(snapshotFinalizers.claim);
});

test.each<[string, () => void, VolumeSnapshot['spec']['source'], string | null, string]>([
  [
    'a class that is not there',
    () => storage.boundClaim('data'),
    ofData,
    'slow',
    'GetSnapshotClassFailed: Failed to get snapshot class with error volumesnapshotclass.snapshot.storage.k8s.io "slow" not found',
  ],
  [
    'no class and no default',
    () => storage.boundClaim('data'),
    ofData,
    null,
    'SetDefaultSnapshotClassFailed: Failed to set default snapshot class with error cannot find default snapshot class',
  ],
  [
    'two defaults',
    () => {
      storage.boundClaim('data');
      addClass('a', 'Delete', true);
      addClass('b', 'Delete', true);
    },
    ofData,
    null,
    'SetDefaultSnapshotClassFailed: Failed to set default snapshot class with error 2 default snapshot classes were found',
  ],
  [
    'a claim that is not there',
    () => {},
    ofData,
    'fast',
    'SnapshotContentCreationFailed: Failed to create snapshot content with error snapshot controller failed to update snap on API server: cannot get claim from snapshot',
  ],
  [
    'a claim that is not there, and no class',
    () => {},
    ofData,
    null,
    'SetDefaultSnapshotClassFailed: Failed to set default snapshot class with error failed to retrieve PVC data from the lister: "persistentvolumeclaim \\"data\\" not found"',
  ],
  [
    'a claim without a volume',
    () => storage.claim('data'),
    ofData,
    'fast',
    'SnapshotContentCreationFailed: Failed to create snapshot content with error failed to get input parameters to create snapshot snap: "the PVC data is not yet bound to a PV, will not attempt to take a snapshot"',
  ],
  [
    'a volume of no CSI driver',
    () => storage.boundClaim('data', { hostPath: { path: '/data' } }),
    ofData,
    'fast',
    'SnapshotContentCreationFailed: Failed to create snapshot content with error cannot find CSI PersistentVolumeSource for volume pv-data',
  ],
  [
    'a content that is not there',
    () => {},
    { volumeSnapshotContentName: 'kept' },
    'fast',
    'SnapshotContentMissing: VolumeSnapshotContent is missing',
  ],
])('%s', (_name, prepare, source, className, event) => {
  install();
  addClass();
  prepare();
  snapshot(source, className);
  storage.pass(10);
  const message = event.slice(event.indexOf(': ') + 2);
  expect(status()).toMatchObject({ readyToUse: false, error: { message } });
  expect(storage.events('snap')).toEqual([`Warning ${event}`]);
});

test('what was missing may come later', () => {
  install();
  storage.boundClaim('data');
  snapshot(ofData);
  storage.pass(3);
  addClass();
  storage.pass(15);
  expect(status()).toMatchObject({ readyToUse: true });
  expect(status()!.error).toBeUndefined();
});

test('the default class of the claim’s driver is filled in', () => {
  install();
  addClass('fast', 'Delete', true);
  storage.boundClaim('data');
  snapshot(ofData, null);
  storage.pass(6);
  expect(storage.get(volumeSnapshots, 'snap')!.spec.volumeSnapshotClassName).toBe('fast');
  expect(status()!.readyToUse).toBe(true);
});

test.each<[DeletionPolicy, boolean]>([
  ['Delete', false],
  ['Retain', true],
])('policy %s leaves the data: %s', (policy, isKept) => {
  install();
  addClass('fast', policy);
  storage.boundClaim('data');
  const { metadata } = snapshot(ofData);
  storage.pass(6);
  storage.client.delete(volumeSnapshots, 'default', 'snap');
  storage.pass(3);
  expect(storage.get(volumeSnapshots, 'snap')).toBeUndefined();
  expect(storage.get(volumeSnapshotContents, `snapcontent-${metadata.uid}`) !== undefined).toBe(isKept);
  expect(storage.disks.snapshot(`snap-${metadata.uid}`) !== undefined).toBe(isKept);
});

/** What an administrator writes of a snapshot that the cloud has. */
function addContent(name: string, snapshotHandle: string, forSnapshot = 'snap'): void {
  storage.client.create(volumeSnapshotContents, {
    metadata: { name },
    spec: {
      driver: diskDriverName,
      deletionPolicy: 'Retain',
      source: { snapshotHandle },
      volumeSnapshotRef: { name: forSnapshot, namespace: 'default' },
    },
  });
}

test('a content that was there before the snapshot is bound to it, and ready', () => {
  install();
  storage.disks.create('old', 2 * 1024 ** 3, '');
  storage.disks.createSnapshot('kept-2025', 'old');
  addContent('kept', 'kept-2025');
  const { metadata } = snapshot({ volumeSnapshotContentName: 'kept' }, null);
  storage.pass(4);
  expect(status()).toMatchObject({
    boundVolumeSnapshotContentName: 'kept',
    readyToUse: true,
    restoreSize: '2Gi',
  });
  expect(storage.get(volumeSnapshotContents, 'kept')!.spec.volumeSnapshotRef.uid).toBe(metadata.uid);
  snapshot({ volumeSnapshotContentName: 'kept' }, null, 'other');
  storage.pass(2);
  expect(storage.events('other')).toEqual([
    'Warning SnapshotContentMisbound: VolumeSnapshotContent [kept] is bound to a different snapshot',
  ]);
});

test('a content of a snapshot that the cloud has not', () => {
  install();
  addContent('kept', 'nowhere');
  storage.pass(2);
  expect(storage.get(volumeSnapshotContents, 'kept')!.status).toMatchObject({
    readyToUse: false,
    error: { message: expect.stringContaining('no such snapshot: nowhere') as unknown },
  });
});

/** A claim that asks for the data of a snapshot, as the binder annotates it. */
function restore(name: string, storageSize = '1Gi', from = 'snap') {
  const dataSource = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: from };
  return storage.claim(
    name,
    { dataSource, resources: { requests: { storage: storageSize } } },
    { [bindingAnnotations.provisioner]: diskDriverName },
  );
}

test('a claim of a snapshot has its data, and its own from then on', () => {
  install();
  addClass();
  storage.boundClaim('data');
  storage.disks.get('data')!.files.write('/f', 'then');
  snapshot(ofData);
  storage.pass(6);
  const { metadata } = restore('copy', '2Gi');
  storage.pass(5);
  const volume = storage.get(persistentVolumes, `pvc-${metadata.uid}`)!;
  expect(volume.spec.capacity).toEqual({ storage: '2Gi' });
  const { files } = storage.disks.get(volume.spec.csi!.volumeHandle)!;
  expect(files.read('/f')).toBe('then');
  files.write('/f', 'copy');
  expect(storage.disks.get('data')!.files.read('/f')).toBe('then');
});

test.each<[string, () => void, string]>([
  [
    'is not there',
    () => {},
    'error getting snapshot snap from api server: volumesnapshots.snapshot.storage.k8s.io "snap" not found',
  ],
  ['has no content', () => snapshot(ofData), 'snapshot snap not bound'],
  [
    'is not ready',
    () => {
      storage.boundClaim('data');
      snapshot(ofData);
      storage.pass(0.5);
      isControllerRunning = false;
    },
    'snapshot snap is not Ready',
  ],
  [
    'is larger than the claim',
    () => {
      storage.boundClaim('data');
      storage.disks.resize('data', 5 * 1024 ** 3);
      snapshot(ofData);
      storage.pass(6);
    },
    'requested volume size 1073741824 is less than the size 5368709120 for the source snapshot snap',
  ],
])('a claim of a snapshot that %s', (_name, prepare, why) => {
  install();
  addClass();
  prepare();
  restore('copy');
  storage.pass(4);
  expect(storage.events('copy')).toContain(
    `Warning ProvisioningFailed: failed to provision volume with StorageClass "cloud-disk": error getting handle for DataSource Type VolumeSnapshot by Name snap: ${why}`,
  );
});

test('a snapshot of a device becomes a file system only where an administrator lets it', () => {
  install();
  storage.disks.create('old', 1024 ** 3, '');
  storage.disks.createSnapshot('kept-2025', 'old');
  addContent('kept', 'kept-2025');
  const body = { spec: { sourceVolumeMode: 'Block' } };
  storage.client.patch(volumeSnapshotContents, '', 'kept', { type: 'merge', body });
  snapshot({ volumeSnapshotContentName: 'kept' }, null);
  storage.pass(4);
  const { metadata } = restore('copy');
  storage.pass(4);
  expect(storage.events('copy')).toContain(
    'Warning ProvisioningFailed: failed to provision volume with StorageClass "cloud-disk": error getting handle for DataSource Type VolumeSnapshot by Name snap: requested volume default/copy modifies the mode of the source volume but does not have permission to do so. snapshot.storage.kubernetes.io/allow-volume-mode-change annotation is not present on snapshotcontent kept',
  );
  const annotations = { 'snapshot.storage.kubernetes.io/allow-volume-mode-change': 'true' };
  storage.client.patch(volumeSnapshotContents, '', 'kept', {
    type: 'merge',
    body: { metadata: { annotations } },
  });
  storage.pass(30);
  expect(storage.get(persistentVolumes, `pvc-${metadata.uid}`)).toBeDefined();
});

test('a snapshot stays while a claim waits for it', () => {
  install();
  addClass();
  storage.boundClaim('data');
  snapshot(ofData);
  storage.pass(6);
  restore('copy');
  storage.client.delete(volumeSnapshots, 'default', 'snap');
  storage.pass(2);
  expect(storage.events('snap').at(-1)).toBe(
    'Warning SnapshotDeletePending: Snapshot is being used to restore a PVC',
  );
  const waiting = storage.get(persistentVolumeClaims, 'copy')!;
  storage.client.updateStatus(persistentVolumeClaims, { ...waiting, status: { phase: 'Bound' } });
  storage.pass(5);
  expect(storage.get(volumeSnapshots, 'snap')).toBeUndefined();
});

test('nothing happens while no pod runs the controller', () => {
  install();
  addClass();
  storage.boundClaim('data');
  isControllerRunning = false;
  snapshot(ofData);
  storage.pass(20);
  expect(status()).toBeUndefined();
  isControllerRunning = true;
  storage.pass(10);
  expect(status()!.readyToUse).toBe(true);
});

test('the definitions can go, and come back', () => {
  install();
  addClass();
  storage.boundClaim('data');
  for (const { metadata } of definitions) storage.client.delete(customResourceDefinitions, '', metadata.name);
  storage.pass(20);
  install();
  addClass();
  snapshot(ofData);
  storage.pass(10);
  expect(status()!.readyToUse).toBe(true);
});

test.each<[object, string]>([
  [
    { source: {} },
    'spec.source: Invalid value: "object": exactly one of volumeSnapshotContentName and persistentVolumeClaimName must be set',
  ],
  [
    { source: ofData, volumeSnapshotClassName: '' },
    'spec.volumeSnapshotClassName: Invalid value: "string": volumeSnapshotClassName must not be the empty string when set',
  ],
])('%j is refused', (spec, message) => {
  install();
  const create = () =>
    storage.client.create(volumeSnapshots, {
      metadata: { name: 'snap', namespace: 'default' },
      spec: spec as VolumeSnapshot['spec'],
    });
  expect(create).toThrow(StatusError);
  expect(create).toThrow(message);
});
