// Upstream: kubernetes-csi/external-attacher/pkg/controller/csi_handler_test.go
import { expect, test } from 'vitest';
import type { VolumeAttachment } from '#generated/types/storage.v1.ts';
import { volumeAttachments } from '#kubernetes/api/storage/volumeAttachment.ts';
import { startAttacher } from './attacher.ts';
import { diskDriverName } from './diskDriver.ts';
import { TestStorage } from './testing/testStorage.ts';

const finalizer = 'external-attacher/disk-csi-podarium-io';

function withAttachment(
  more: Partial<VolumeAttachment['spec']> = {},
  prepare = (_storage: TestStorage) => {},
) {
  const storage = new TestStorage((driver) => startAttacher(driver, diskDriverName));
  storage.boundClaim('data');
  prepare(storage);
  storage.client.create<VolumeAttachment>(volumeAttachments, {
    metadata: { name: 'va' },
    spec: {
      attacher: diskDriverName,
      nodeName: 'node-1',
      source: { persistentVolumeName: 'pv-data' },
      ...more,
    },
  });
  return storage;
}

const attachment = (storage: TestStorage) => storage.get(volumeAttachments, 'va');

test('a disk is plugged in, in the time that takes, and out again', () => {
  const storage = withAttachment();
  storage.pass(1);
  expect(attachment(storage)!.metadata.finalizers).toEqual([finalizer]);
  expect(attachment(storage)!.metadata.annotations).toEqual({ 'csi.alpha.kubernetes.io/node-id': 'node-1' });
  expect(attachment(storage)!.status?.attached).not.toBe(true);
  expect(storage.disks.get('data')!.attachedTo).toBeNull();
  storage.pass(1);
  expect(attachment(storage)!.status).toEqual({ attached: true });
  expect(storage.disks.get('data')!.attachedTo).toBe('node-1');
  storage.client.delete(volumeAttachments, '', 'va');
  storage.pass(0.5);
  expect(storage.disks.get('data')!.attachedTo).toBe('node-1');
  storage.pass(1.5);
  expect(attachment(storage)).toBeUndefined();
  expect(storage.disks.get('data')!.attachedTo).toBeNull();
});

test.each<[string, Partial<VolumeAttachment['spec']>, (storage: TestStorage) => void, string]>([
  [
    'is plugged in elsewhere',
    {},
    ({ disks }) => void (disks.get('data')!.attachedTo = 'node-2'),
    'rpc error: code = FailedPrecondition desc = disk data is attached to node-2',
  ],
  ['is gone', {}, ({ disks }) => disks.delete('data'), 'rpc error: code = NotFound desc = no such disk'],
  [
    'has no volume',
    { source: { persistentVolumeName: 'nowhere' } },
    () => {},
    'rpc error: code = NotFound desc = no such disk',
  ],
])('a disk that %s', (_name, spec, prepare, message) => {
  const storage = withAttachment(spec, prepare);
  storage.pass(3);
  expect(attachment(storage)!.status).toMatchObject({ attached: false, attachError: { message } });
});

test('a disk that comes free is plugged in at last', () => {
  const storage = withAttachment({}, ({ disks }) => void (disks.get('data')!.attachedTo = 'node-2'));
  storage.pass(3);
  storage.disks.get('data')!.attachedTo = null;
  storage.pass(3);
  expect(attachment(storage)!.status).toEqual({ attached: true });
});

test('what is another driver’s is left alone', () => {
  const storage = withAttachment({ attacher: 'other.example.com' });
  storage.pass(5);
  expect(attachment(storage)!.metadata.finalizers).toBeUndefined();
});
