import { expect, test } from 'vitest';
import { nodes } from '#kubernetes/api/core/node.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { volumeAttachments } from '#kubernetes/api/storage/volumeAttachment.ts';
import { csiDrivers } from '#kubernetes/api/storage/csiDriver.ts';
import { TestCluster } from '../testCluster.ts';
import { attachDetachController } from './attachDetachController.ts';

const driver = 'disk.example.com';
const inUse = `kubernetes.io/csi/${driver}^disk-1`;

/** A cluster with two nodes and a claim that is bound to a disk. */
function setUp(modes: readonly ['ReadWriteOnce' | 'ReadWriteMany'] = ['ReadWriteOnce']): TestCluster {
  const cluster = new TestCluster([attachDetachController]);
  const { client } = cluster;
  for (const name of ['node-1', 'node-2']) client.create(nodes, { metadata: { name }, spec: {} });
  client.create(csiDrivers, { metadata: { name: driver }, spec: {} });
  const claim = client.create(persistentVolumeClaims, {
    metadata: { name: 'data', namespace: 'default' },
    spec: { accessModes: modes, resources: { requests: { storage: '1Gi' } }, volumeName: 'pv-1' },
  });
  client.create(persistentVolumes, {
    metadata: { name: 'pv-1' },
    spec: {
      accessModes: modes,
      capacity: { storage: '1Gi' },
      csi: { driver, volumeHandle: 'disk-1' },
      claimRef: { namespace: 'default', name: 'data', uid: claim.metadata.uid },
    },
  });
  return cluster;
}

function run(cluster: TestCluster, name: string, nodeName: string): void {
  cluster.client.create(pods, {
    metadata: { name, namespace: 'default' },
    spec: {
      nodeName,
      containers: [{ name: 'c', image: 'nginx' }],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
    },
  });
  cluster.run();
}

/** Plays the driver: whatever is to be attached is. */
function attachAll(cluster: TestCluster): void {
  for (const attachment of cluster.list(volumeAttachments))
    cluster.client.updateStatus(volumeAttachments, { ...attachment, status: { attached: true } });
  cluster.run();
}

const attachedTo = (cluster: TestCluster) => cluster.list(volumeAttachments).map(({ spec }) => spec.nodeName);

function setNode(
  cluster: TestCluster,
  name: string,
  ready: 'True' | 'Unknown',
  volumesInUse: string[],
): void {
  const node = cluster.get(nodes, name);
  const conditions = [{ type: 'Ready', status: ready }];
  cluster.client.updateStatus(nodes, { ...node, status: { ...node.status, conditions, volumesInUse } });
  cluster.run();
}

test('a volume is attached to the node of the pod that wants it, and the node says so', () => {
  const cluster = setUp();
  run(cluster, 'web', 'node-1');
  expect(attachedTo(cluster)).toEqual(['node-1']);
  expect(cluster.get(nodes, 'node-1').status.volumesAttached).toBeUndefined();
  attachAll(cluster);
  expect(cluster.get(nodes, 'node-1').status.volumesAttached).toEqual([{ name: inUse, devicePath: '' }]);
  expect(cluster.events('web')).toEqual([
    'Normal SuccessfulAttachVolume AttachVolume.Attach succeeded for volume "pv-1" ',
  ]);
});

test('a disk for one node is not attached to a second one', () => {
  const cluster = setUp();
  run(cluster, 'web', 'node-1');
  attachAll(cluster);
  run(cluster, 'other', 'node-2');
  expect(attachedTo(cluster)).toEqual(['node-1']);
  expect(cluster.events('other')).toEqual([
    'Warning FailedAttachVolume Multi-Attach error for volume "pv-1" Volume is already used by pod(s) web',
  ]);
});

test('a volume that many nodes may have is attached to both', () => {
  const cluster = setUp(['ReadWriteMany']);
  run(cluster, 'web', 'node-1');
  run(cluster, 'other', 'node-2');
  expect(attachedTo(cluster).sort()).toEqual(['node-1', 'node-2']);
});

test('what nobody wants is detached once the node has unmounted it', () => {
  const cluster = setUp();
  run(cluster, 'web', 'node-1');
  attachAll(cluster);
  setNode(cluster, 'node-1', 'True', [inUse]);
  cluster.client.delete(pods, 'default', 'web', { gracePeriodSeconds: 0 });
  cluster.run(600_000);
  expect(attachedTo(cluster)).toEqual(['node-1']);
  setNode(cluster, 'node-1', 'True', []);
  expect(attachedTo(cluster)).toEqual([]);
  expect(cluster.get(nodes, 'node-1').status.volumesAttached).toBeUndefined();
});

test.each([
  ['after six minutes', false, 350_000, 20_000],
  ['at once where it is out of service', true, 0, 2_000],
])('a node that does not answer loses its volume %s', (_when, isOut, keptMs, thenMs) => {
  const cluster = setUp();
  run(cluster, 'web', 'node-1');
  attachAll(cluster);
  setNode(cluster, 'node-1', 'Unknown', [inUse]);
  if (isOut)
    cluster.patch(nodes, 'node-1', {
      spec: { taints: [{ key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' }] },
    });
  cluster.client.delete(pods, 'default', 'web', { gracePeriodSeconds: 0 });
  if (keptMs > 0) {
    cluster.run(keptMs);
    expect(attachedTo(cluster)).toEqual(['node-1']);
  }
  cluster.run(thenMs);
  expect(attachedTo(cluster)).toEqual([]);
});
