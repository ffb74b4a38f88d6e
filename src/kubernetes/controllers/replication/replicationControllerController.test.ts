import { expect, test } from 'vitest';
import type { ReplicationController } from '#generated/types/core.v1.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { replicationControllers } from '#kubernetes/api/core/replicationController.ts';
import { isPodActive } from '#kubernetes/api/podStatus.ts';
import { controllerOf } from '../controllerRef.ts';
import { replicaSetController } from '../replicaset/replicaSetController.ts';
import { TestCluster } from '../testCluster.ts';
import { replicationControllerController } from './replicationControllerController.ts';

const labels = { app: 'web' };

function clusterWith(replicas: number): TestCluster {
  const cluster = new TestCluster([replicaSetController, replicationControllerController]);
  cluster.client.create<ReplicationController>(replicationControllers, {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas,
      template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    },
  });
  cluster.settle();
  return cluster;
}

const active = (cluster: TestCluster) => cluster.list(pods).filter(isPodActive);

test('as many pods as are asked for are kept', () => {
  const cluster = clusterWith(3);
  expect(active(cluster).map((pod) => controllerOf(pod))).toMatchObject(
    Array.from({ length: 3 }, () => ({ kind: 'ReplicationController', name: 'web' })),
  );
  expect(cluster.get(replicationControllers, 'web').status).toEqual({
    replicas: 3,
    fullyLabeledReplicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    observedGeneration: 1,
  });
  cluster.client.delete(pods, 'default', active(cluster)[0]!.metadata.name);
  cluster.settle();
  expect(active(cluster)).toHaveLength(3);
  cluster.patch(replicationControllers, 'web', { spec: { replicas: 1 } });
  cluster.settle();
  expect(active(cluster)).toHaveLength(1);
  expect(cluster.events('web').filter((line) => line.includes('SuccessfulDelete'))).toHaveLength(2);
});

test('a pod that stops to match is released and replaced', () => {
  const cluster = clusterWith(1);
  const [pod] = active(cluster);
  cluster.patch(pods, pod!.metadata.name, { metadata: { labels: { app: 'other' } } });
  cluster.settle();
  expect(controllerOf(cluster.get(pods, pod!.metadata.name))).toBeUndefined();
  expect(cluster.list(pods, 'app=web')).toHaveLength(1);
});
