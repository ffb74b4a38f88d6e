import { expect, test } from 'vitest';
import type { Node, Pod, Toleration } from '#generated/types/core.v1.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { TestCluster, startMs } from '../testCluster.ts';
import { taintEvictionController } from './taintEvictionController.ts';

const taint = { key: 'testTaint', value: 'test', effect: 'NoExecute' as const };
const toleration = (seconds?: number): Toleration => ({
  key: 'testTaint',
  operator: 'Equal',
  value: 'test',
  effect: 'NoExecute',
  ...(seconds !== undefined && { tolerationSeconds: seconds }),
});

function clusterWith(tolerations: readonly Toleration[], taints: Node['spec']['taints'] = []): TestCluster {
  const cluster = new TestCluster([taintEvictionController]);
  cluster.client.create<Node>(nodes, { metadata: { name: 'a' }, spec: { taints } });
  const pod = cluster.client.create<Pod>(pods, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { nodeName: 'a', tolerations, containers: [{ name: 'web', image: 'nginx' }] },
  });
  cluster.setPhase(pod, 'Running');
  cluster.run();
  return cluster;
}

const setTaints = (cluster: TestCluster, taints: object[]) =>
  cluster.patch(nodes, 'a', { spec: { taints: taints.length > 0 ? taints : null } });

/** Seconds after the start at which the pod was deleted, 30 s before its timestamp; null while it lives. */
function deletedAt(cluster: TestCluster): number | null {
  const { deletionTimestamp } = cluster.get(pods, 'web').metadata;
  return deletionTimestamp === undefined ? null : (Date.parse(deletionTimestamp) - startMs) / 1000 - 30;
}

// Upstream: taint_eviction_test.go TestCreatePod
test.each<[string, readonly Toleration[], number | null]>([
  ['without a toleration goes at once', [], 0],
  ['goes when its toleration is over', [toleration(10)], 10],
  ['with a toleration for good stays', [toleration()], null],
  ['of two tolerations the shorter holds', [toleration(100), toleration(5)], 5],
  ['with a toleration of another value goes at once', [{ ...toleration(), value: 'other' }], 0],
])('a pod on a tainted node %s', (_what, tolerations, expected) => {
  const cluster = clusterWith(tolerations, [taint]);
  cluster.run(200_000);
  expect(deletedAt(cluster)).toBe(expected);
});

test('a taint that comes later evicts, one that does not execute never', () => {
  const cluster = clusterWith([]);
  setTaints(cluster, [{ ...taint, effect: 'NoSchedule' }]);
  cluster.run(8000);
  expect(deletedAt(cluster)).toBeNull();
  setTaints(cluster, [taint]);
  cluster.run();
  expect(deletedAt(cluster)).toBe(10);
});

test('a taint that goes in time evicts nobody', () => {
  const cluster = clusterWith([toleration(60)], [taint]);
  cluster.run(30_000);
  setTaints(cluster, []);
  cluster.run(600_000);
  expect(deletedAt(cluster)).toBeNull();
  expect(cluster.events('web')).toEqual([
    'Normal TaintManagerEviction Cancelling deletion of Pod default/web',
  ]);
});

test('a second taint does not start the clock anew', () => {
  const cluster = clusterWith(
    [toleration(60), { key: 'other', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 }],
    [taint],
  );
  cluster.run(30_000);
  setTaints(cluster, [taint, { key: 'other', effect: 'NoExecute' }]);
  cluster.run(600_000);
  expect(deletedAt(cluster)).toBe(60);
});
