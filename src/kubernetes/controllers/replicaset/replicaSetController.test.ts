import { expect, test } from 'vitest';
import type { ReplicaSet } from '#generated/types/apps.v1.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import { replicaSets } from '#kubernetes/api/apps/replicaSet.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { serviceAccounts } from '#kubernetes/api/core/serviceAccount.ts';
import { isPodActive, isPodReady } from '#kubernetes/api/podStatus.ts';
import { controllerOf } from '../controllerRef.ts';
import { TestCluster } from '../testCluster.ts';
import { replicaSetController } from './replicaSetController.ts';

const labels = { app: 'web' };
const podSpec = { containers: [{ name: 'web', image: 'nginx:1.27' }] };

function clusterWith(replicas: number, more: object = {}): TestCluster {
  const cluster = new TestCluster([replicaSetController]);
  cluster.client.create<ReplicaSet>(replicaSets, {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec },
      ...more,
    },
  });
  return cluster;
}

function createPod(cluster: TestCluster, name: string, more: object = {}): Pod {
  return cluster.client.create<Pod>(pods, {
    metadata: { name, namespace: 'default', labels, ...more },
    spec: podSpec,
  });
}

const activeOf = (cluster: TestCluster) => cluster.list(pods).filter(isPodActive);
const scale = (cluster: TestCluster, replicas: number) =>
  cluster.patch(replicaSets, 'web', { spec: { replicas } });

test('pods are created as the template says, once each', () => {
  const cluster = clusterWith(3);
  cluster.run();
  const created = cluster.list(pods);
  expect(created).toHaveLength(3);
  const [first] = created;
  expect(first!.metadata.name).toMatch(/^web-[a-z0-9]{5}$/);
  expect(first!.metadata.labels).toEqual(labels);
  expect(controllerOf(first!)).toMatchObject({ kind: 'ReplicaSet', name: 'web', blockOwnerDeletion: true });
  expect(first!.spec).toBe(created[1]!.spec);
  expect(cluster.events('web').sort()).toEqual(
    created.map(({ metadata }) => `Normal SuccessfulCreate Created pod: ${metadata.name}`).sort(),
  );
});

test('the status counts what there is', () => {
  const cluster = clusterWith(3);
  cluster.run();
  expect(cluster.get(replicaSets, 'web').status).toEqual({
    replicas: 3,
    fullyLabeledReplicas: 3,
    terminatingReplicas: 0,
    observedGeneration: 1,
  });
  cluster.setPhase(cluster.list(pods)[0]!, 'Running');
  cluster.run();
  expect(cluster.get(replicaSets, 'web').status).toMatchObject({ readyReplicas: 1, availableReplicas: 1 });
});

test('a ready pod is available after minReadySeconds', () => {
  const cluster = clusterWith(1, { minReadySeconds: 10 });
  cluster.run();
  cluster.setPhase(cluster.list(pods)[0]!, 'Running');
  cluster.run(5000);
  expect(cluster.get(replicaSets, 'web').status.availableReplicas).toBeUndefined();
  cluster.run(6000);
  expect(cluster.get(replicaSets, 'web').status.availableReplicas).toBe(1);
});

test('scaling down deletes the surplus, and a quick change creates nothing twice', () => {
  const cluster = clusterWith(4);
  cluster.run();
  scale(cluster, 1);
  cluster.run();
  expect(activeOf(cluster)).toHaveLength(1);
  expect(cluster.events('web').filter((line) => line.includes('SuccessfulDelete'))).toHaveLength(3);
  for (const replicas of [5, 2, 7]) {
    scale(cluster, replicas);
    cluster.run(2);
  }
  cluster.run();
  expect(activeOf(cluster)).toHaveLength(7);
});

test('a pod that ended or was deleted is replaced', () => {
  const cluster = clusterWith(2);
  cluster.run();
  const [first, second] = cluster.list(pods);
  cluster.setPhase(first!, 'Failed');
  cluster.client.delete(pods, 'default', second!.metadata.name);
  cluster.run();
  const names = activeOf(cluster).map(({ metadata }) => metadata.name);
  expect(names).toHaveLength(2);
  expect(names).not.toContain(first!.metadata.name);
  expect(names).not.toContain(second!.metadata.name);
});

test('a matching orphan is adopted, one that stops to match is released', () => {
  const cluster = new TestCluster([replicaSetController]);
  createPod(cluster, 'orphan');
  createPod(cluster, 'other', { labels: { app: 'other' } });
  const controlled = [
    { apiVersion: 'v1', kind: 'ReplicaSet', name: 'else', uid: 'another', controller: true },
  ];
  createPod(cluster, 'taken', { ownerReferences: controlled });
  cluster.client.create<ReplicaSet>(replicaSets, {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec },
    },
  });
  cluster.run();
  const ownerOf = (name: string) => controllerOf(cluster.get(pods, name))?.name;
  expect([ownerOf('orphan'), ownerOf('other'), ownerOf('taken')]).toEqual(['web', undefined, 'else']);
  expect(cluster.list(pods)).toHaveLength(4);
  cluster.patch(pods, 'orphan', { metadata: { labels: { app: 'debug' } } });
  cluster.run();
  expect(ownerOf('orphan')).toBeUndefined();
  expect(cluster.list(pods, 'app=web')).toHaveLength(3);
});

test('a pod that cannot be created costs one try and is told', () => {
  const cluster = clusterWith(0);
  cluster.client.delete(serviceAccounts, 'default', 'default');
  scale(cluster, 5);
  cluster.run(20);
  const message =
    'pods "web-" is forbidden: error looking up service account default/default: serviceaccount "default" not found';
  const { conditions } = cluster.get(replicaSets, 'web').status;
  expect(conditions).toMatchObject([{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate' }]);
  expect(conditions![0]!.message!.replace(/web-\w+/, 'web-')).toBe(message);
  expect(cluster.events('web')[0]).toMatch(/^Warning FailedCreate Error creating: pods "web-/);
  cluster.client.create(serviceAccounts, { metadata: { name: 'default', namespace: 'default' } });
  cluster.run(60_000);
  expect(cluster.list(pods)).toHaveLength(5);
  expect(cluster.get(replicaSets, 'web').status.conditions).toBeUndefined();
});

test('a set that is being deleted is left alone', () => {
  const cluster = clusterWith(1);
  cluster.run();
  cluster.client.delete(replicaSets, 'default', 'web', { propagationPolicy: 'Foreground' });
  cluster.client.delete(pods, 'default', cluster.list(pods)[0]!.metadata.name);
  cluster.run();
  expect(cluster.list(pods)).toHaveLength(0);
});

test('whatever happens to pods, the status counts what is there', () => {
  const cluster = clusterWith(6);
  cluster.run();
  const random = cluster.simulation.random('test');
  const acts: ((pod: Pod) => void)[] = [
    (pod) => cluster.setPhase(pod, 'Running'),
    (pod) => cluster.setPhase(pod, 'Running', false),
    (pod) => cluster.setPhase(pod, 'Failed', false),
    ({ metadata }) => cluster.client.delete(pods, 'default', metadata.name),
    ({ metadata }) => cluster.patch(pods, metadata.name, { metadata: { labels: { app: 'other' } } }),
    ({ metadata }) => cluster.patch(pods, metadata.name, { metadata: { labels } }),
    () => scale(cluster, random.below(10)),
    () => cluster.patch(replicaSets, 'web', { spec: { minReadySeconds: random.below(2) * 5 } }),
  ];
  for (let i = 0; i < 300; i++) {
    const all = cluster.list(pods);
    if (all.length > 0) random.pick(acts)(random.pick(all));
    else scale(cluster, 3);
    cluster.run(random.below(20));
  }
  scale(cluster, 4);
  cluster.run();
  cluster.setPhase(activeOf(cluster)[0]!, 'Running');
  cluster.run(20_000);
  const set = cluster.get(replicaSets, 'web');
  const active = activeOf(cluster).filter((pod) => controllerOf(pod)?.uid === set.metadata.uid);
  const ready = active.filter(isPodReady).length;
  expect(active).toHaveLength(set.spec.replicas!);
  expect(set.status).toMatchObject({ replicas: active.length, fullyLabeledReplicas: active.length });
  expect([set.status.readyReplicas ?? 0, set.status.availableReplicas ?? 0]).toEqual([ready, ready]);
  expect(active.every(({ metadata }) => metadata.labels!['app'] === 'web')).toBe(true);
});
