import { expect, test } from 'vitest';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { csiStorageCapacities } from '#kubernetes/api/storage/csiStorageCapacity.ts';
import { makeNode } from '../testObjects.ts';
import { onNodes, podWith, TestVolumes } from '../testVolumes.ts';

const selectedNode = 'volume.kubernetes.io/selected-node';

/** Two nodes in two zones, and classes of both modes. */
function setUp(): TestVolumes {
  const world = new TestVolumes();
  world.addNode(makeNode('node-1', { labels: { zone: 'a' } }));
  world.addNode(makeNode('node-2', { labels: { zone: 'b' } }));
  world.addClass('late', 'WaitForFirstConsumer');
  world.addClass('now', 'Immediate');
  return world;
}

// Facts from upstream's TestVolumeBinding and TestFindPodVolumes*.
test.each<[what: string, arrange: (world: TestVolumes) => void, outcome: string]>([
  ['a claim that is not there', () => {}, 'persistentvolumeclaim "data" not found'],
  [
    'a claim that somebody should have bound',
    (world) => world.addClaim('data', { storageClassName: 'now' }),
    'pod has unbound immediate PersistentVolumeClaims',
  ],
  [
    'a claim that names a volume and is not bound yet',
    (world) => world.addClaim('data', { volumeName: 'pv' }),
    'pod has unbound immediate PersistentVolumeClaims',
  ],
  [
    'a volume that no node reaches',
    (world) => world.addBound('data', onNodes('zone', 'c')),
    '2 node(s) had volume node affinity conflict',
  ],
  ['a volume in the zone of one node', (world) => world.addBound('data', onNodes('zone', 'b')), 'node-2'],
  [
    'a claim whose volume is gone',
    (world) => {
      world.addBound('data');
      world.client.patch(persistentVolumes, '', 'pv-data', {
        type: 'merge',
        body: { metadata: { finalizers: null } },
      });
      world.client.delete(persistentVolumes, '', 'pv-data');
    },
    'persistentvolume "pv-data" not found',
  ],
  [
    'a class whose volumes are made by hand and that has none',
    (world) => {
      world.addClass('manual', 'WaitForFirstConsumer', { provisioner: 'kubernetes.io/no-provisioner' });
      world.addClaim('data', { storageClassName: 'manual' });
    },
    "2 node(s) didn't find available persistent volumes to bind",
  ],
  [
    'a claim for which another node was chosen',
    (world) => {
      world.addClaim('data');
      world.client.patch(persistentVolumeClaims, 'default', 'data', {
        type: 'merge',
        body: { metadata: { annotations: { [selectedNode]: 'node-9' } } },
      });
    },
    "2 node(s) didn't find available persistent volumes to bind",
  ],
  [
    'a class that is for another zone',
    (world) => {
      const allowedTopologies = [{ matchLabelExpressions: [{ key: 'zone', values: ['c'] }] }];
      world.addClass('far', 'WaitForFirstConsumer', { allowedTopologies });
      world.addClaim('data', { storageClassName: 'far' });
    },
    "2 node(s) didn't find available persistent volumes to bind",
  ],
  [
    'a driver without room',
    (world) => {
      world.addDriver(true);
      world.addClaim('data');
    },
    '2 node(s) did not have enough free storage',
  ],
])('%s', (_what, arrange, outcome) => {
  const world = setUp();
  arrange(world);
  world.addPod(podWith('web', 'data'));
  world.run();
  expect(world.outcome('web')).toBe(outcome);
});

test('a node is chosen for a claim that waits, and the pod bound when the claim is', () => {
  const world = setUp();
  world.addClaim('data');
  world.addPod(podWith('web', 'data'));
  world.run();
  const selected = world.claim('data').metadata.annotations?.[selectedNode];
  expect(selected).toMatch(/^node-[12]$/);
  world.run(5_000);
  expect(world.nodeOf('web')).toBe('');
  world.addVolume('pv');
  world.bind('data', 'pv');
  world.run(2_000);
  expect(world.nodeOf('web')).toBe(selected);
});

test('a volume that is there is reserved for the claim, on the node that reaches it', () => {
  const world = setUp();
  world.addVolume('pv', onNodes('zone', 'b'));
  world.addClaim('data');
  world.addPod(podWith('web', 'data'));
  world.run();
  const { uid } = world.claim('data').metadata;
  expect(world.client.get(persistentVolumes, '', 'pv').spec.claimRef).toMatchObject({ name: 'data', uid });
  world.bind('data', 'pv');
  world.run(2_000);
  expect(world.nodeOf('web')).toBe('node-2');
});

test('two pods do not reserve one volume', () => {
  const world = setUp();
  world.addClass('manual', 'WaitForFirstConsumer', { provisioner: 'kubernetes.io/no-provisioner' });
  world.addVolume('pv', { storageClassName: 'manual' });
  for (const name of ['a', 'b']) {
    world.addClaim(name, { storageClassName: 'manual' });
    world.addPod(podWith(`pod-${name}`, name));
  }
  world.run();
  expect(world.outcome('pod-b')).toBe("2 node(s) didn't find available persistent volumes to bind");
});

test('a driver that gives up the node lets the scheduler choose again', () => {
  const world = setUp();
  world.addClaim('data');
  world.addPod(podWith('web', 'data'));
  world.run();
  world.client.patch(persistentVolumeClaims, 'default', 'data', {
    type: 'merge',
    body: { metadata: { annotations: { [selectedNode]: null } } },
  });
  world.run(1_500);
  expect(world.events('web')).toContain(
    'Warning FailedScheduling running PreBind plugin "VolumeBinding": binding volumes: provisioning failed for PVC "data"',
  );
  world.run(5_000);
  expect(world.claim('data').metadata.annotations?.[selectedNode]).toMatch(/^node-[12]$/);
});

test('nothing waits for volumes longer than ten minutes', () => {
  const world = setUp();
  world.addClaim('data');
  world.addPod(podWith('web', 'data'));
  world.run(605_000);
  expect(world.events('web')[0]).toBe(
    'Warning FailedScheduling running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded',
  );
});

test.each<[what: string, help: (world: TestVolumes) => void]>([
  ['its claim comes', (world) => world.addBound('data')],
])('a pod that waits is tried again when %s', (_what, help) => {
  const world = setUp();
  world.addPod(podWith('web', 'data'));
  world.run();
  expect(world.nodeOf('web')).toBe('');
  help(world);
  world.run(3_000);
  expect(world.nodeOf('web')).not.toBe('');
});

test('room that a driver tells of is where the pod goes', () => {
  const world = setUp();
  world.addDriver(true);
  world.addClaim('data');
  world.addPod(podWith('web', 'data'));
  world.run();
  world.client.create(csiStorageCapacities, {
    metadata: { name: 'b', namespace: 'default' },
    storageClassName: 'late',
    nodeTopology: { matchLabels: { zone: 'b' } },
    capacity: '10Gi',
  });
  world.run(3_000);
  expect(world.claim('data').metadata.annotations?.[selectedNode]).toBe('node-2');
});
