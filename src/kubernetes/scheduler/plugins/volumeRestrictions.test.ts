import { expect, test } from 'vitest';
import type { Volume } from '#generated/types/core.v1.ts';
import { makeNode, makePod } from '../testObjects.ts';
import { podWith, TestVolumes } from '../testVolumes.ts';

const taken = '1 node(s) had no available disk';

function setUp(): TestVolumes {
  const world = new TestVolumes();
  world.addNode(makeNode('node-1'));
  world.addClass('late', 'WaitForFirstConsumer');
  return world;
}

// Facts from upstream's TestGCEDiskConflicts, TestAWSDiskConflicts, TestRBDDiskConflicts, TestISCSIDiskConflicts.
test.each<[what: string, present: Omit<Volume, 'name'>, wanted: Omit<Volume, 'name'>, outcome: string]>([
  ['one disk', { gcePersistentDisk: { pdName: 'a' } }, { gcePersistentDisk: { pdName: 'a' } }, taken],
  ['two disks', { gcePersistentDisk: { pdName: 'a' } }, { gcePersistentDisk: { pdName: 'b' } }, 'node-1'],
  [
    'one disk that both only read',
    { gcePersistentDisk: { pdName: 'a', readOnly: true } },
    { gcePersistentDisk: { pdName: 'a', readOnly: true } },
    'node-1',
  ],
  [
    'one EBS volume, though both only read',
    { awsElasticBlockStore: { volumeID: 'a', readOnly: true } },
    { awsElasticBlockStore: { volumeID: 'a', readOnly: true } },
    taken,
  ],
  [
    'one iSCSI disk',
    { iscsi: { targetPortal: 'p', iqn: 'iqn.2016-12.server:storage.a', lun: 0 } },
    { iscsi: { targetPortal: 'p', iqn: 'iqn.2016-12.server:storage.a', lun: 0 } },
    taken,
  ],
  [
    'one image of a Ceph cluster',
    { rbd: { monitors: ['x', 'y'], image: 'i', pool: 'p' } },
    { rbd: { monitors: ['y'], image: 'i', pool: 'p' } },
    taken,
  ],
])('%s', (_what, present, wanted, outcome) => {
  const world = setUp();
  world.addPod(makePod({ name: 'first', volumes: [{ name: 'v', ...present }] }));
  world.run();
  world.addPod(makePod({ name: 'web', volumes: [{ name: 'v', ...wanted }] }));
  world.run();
  expect(world.outcome('web')).toBe(outcome);
});

test('a claim for one pod is for one pod, until that is gone', () => {
  const world = setUp();
  world.addBound('data', { accessModes: ['ReadWriteOncePod'] });
  world.addPod(podWith('first', 'data'));
  world.run();
  expect(world.outcome('first')).toBe('node-1');
  world.addPod(podWith('web', 'data'));
  world.run();
  expect(world.outcome('web')).toBe(
    '1 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode',
  );
  world.deletePod('first');
  world.run(3_000);
  expect(world.outcome('web')).toBe('node-1');
});
