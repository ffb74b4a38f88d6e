import { expect, test } from 'vitest';
import type { Node, Pod } from '#generated/types/core.v1.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { TestCluster } from '../testCluster.ts';
import { podGarbageCollectorController } from './podGarbageCollectorController.ts';

function newCluster(): TestCluster {
  const cluster = new TestCluster([podGarbageCollectorController]);
  cluster.client.create<Node>(nodes, { metadata: { name: 'a' }, spec: {} });
  return cluster;
}

function createPod(cluster: TestCluster, name: string, nodeName?: string, more: object = {}): Pod {
  return cluster.client.create<Pod>(pods, {
    metadata: { name, namespace: 'default', ...more },
    spec: { ...(nodeName !== undefined && { nodeName }), containers: [{ name: 'web', image: 'nginx' }] },
  });
}

const names = (cluster: TestCluster) => cluster.list(pods).map(({ metadata }) => metadata.name);

test('pods of a node that is gone are removed after the quarantine', () => {
  const cluster = newCluster();
  createPod(cluster, 'stays', 'a');
  createPod(cluster, 'waits');
  createPod(cluster, 'goes', 'nowhere');
  cluster.run(50_000);
  expect(names(cluster)).toEqual(['goes', 'stays', 'waits']);
  cluster.run(20_000);
  expect(names(cluster)).toEqual(['stays', 'waits']);
});

test('a node that comes back in time keeps its pods', () => {
  const cluster = newCluster();
  createPod(cluster, 'web', 'b');
  cluster.run(30_000);
  cluster.client.create<Node>(nodes, { metadata: { name: 'b' }, spec: {} });
  cluster.run(60_000);
  expect(names(cluster)).toEqual(['web']);
});

test('a pod that a finalizer keeps after its node is gone has failed, and says why', () => {
  const cluster = newCluster();
  createPod(cluster, 'web', 'nowhere', { finalizers: ['example.com/hold'] });
  cluster.run(70_000);
  const { status } = cluster.get(pods, 'web');
  expect(status.phase).toBe('Failed');
  expect(status.conditions).toMatchObject([
    { type: 'DisruptionTarget', reason: 'DeletionByPodGC', message: 'PodGC: node no longer exists' },
  ]);
});

test('pods that terminate on a node out of service are removed', () => {
  const cluster = newCluster();
  createPod(cluster, 'web', 'a');
  cluster.client.delete(pods, 'default', 'web');
  cluster.run(40_000);
  expect(names(cluster)).toEqual(['web']);
  const taints = [{ key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' }];
  cluster.patch(nodes, 'a', { spec: { taints } });
  cluster.run(25_000);
  expect(names(cluster)).toEqual([]);
});
