// Upstream: kubernetes-csi/external-resizer/pkg/controller/{controller,expand_and_recover}_test.go
import { expect, test } from 'vitest';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { storageClasses } from '#kubernetes/api/storage/storageClass.ts';
import { diskDriverName } from './diskDriver.ts';
import { startResizer } from './resizer.ts';
import { TestStorage } from './testing/testStorage.ts';

const gibibyte = 1024 ** 3;

function grown(driver = diskDriverName, volumeMode: 'Filesystem' | 'Block' = 'Filesystem'): TestStorage {
  const storage = new TestStorage((context) => startResizer(context, diskDriverName));
  storage.client.create(storageClasses, {
    metadata: { name: 'cloud-disk' },
    provisioner: diskDriverName,
    allowVolumeExpansion: true,
  });
  storage.boundClaim('data', { csi: { driver, volumeHandle: 'data' }, volumeMode });
  storage.pass(1);
  const body = { spec: { resources: { requests: { storage: '3Gi' } } } };
  storage.client.patch(persistentVolumeClaims, 'default', 'data', { type: 'merge', body });
  return storage;
}

const statusOf = (storage: TestStorage) => storage.get(persistentVolumeClaims, 'data')!.status;
const sizeOf = (storage: TestStorage) => storage.get(persistentVolumes, 'pv-data')!.spec.capacity;
const conditionsOf = (storage: TestStorage) => statusOf(storage).conditions?.map(({ type }) => type) ?? [];

test('a disk grows, and the file system is left to the node', () => {
  const storage = grown();
  storage.pass(1);
  expect(conditionsOf(storage)).toEqual(['Resizing']);
  expect(statusOf(storage)).toMatchObject({
    allocatedResources: { storage: '3Gi' },
    allocatedResourceStatuses: { storage: 'ControllerResizeInProgress' },
    capacity: { storage: '1Gi' },
  });
  expect(sizeOf(storage)).toEqual({ storage: '1Gi' });
  storage.pass(3);
  expect(conditionsOf(storage)).toEqual(['FileSystemResizePending']);
  expect(statusOf(storage)).toMatchObject({
    allocatedResourceStatuses: { storage: 'NodeResizePending' },
    capacity: { storage: '1Gi' },
  });
  expect(sizeOf(storage)).toEqual({ storage: '3Gi' });
  expect(storage.disks.get('data')!.sizeBytes).toBe(3 * gibibyte);
  expect(storage.events('data')).toEqual([
    'Normal Resizing: External resizer is resizing volume pv-data',
    'Normal FileSystemResizeRequired: Require file system resize of volume on node',
  ]);
});

test('a device has no file system to wait for', () => {
  const storage = grown(diskDriverName, 'Block');
  storage.pass(4);
  expect(conditionsOf(storage)).toEqual([]);
  expect(statusOf(storage)).toMatchObject({ capacity: { storage: '3Gi' } });
  expect(statusOf(storage).allocatedResourceStatuses).toBeUndefined();
  expect(storage.disks.get('data')!.sizeBytes).toBe(3 * gibibyte);
  expect(storage.events('data').at(-1)).toBe('Normal VolumeResizeSuccessful: Resize volume succeeded');
});

test('what is another driver’s stays as it is', () => {
  const storage = grown('other.example.com');
  storage.pass(5);
  expect(conditionsOf(storage)).toEqual([]);
  expect(sizeOf(storage)).toEqual({ storage: '1Gi' });
});
