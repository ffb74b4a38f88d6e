import { expect, test } from 'vitest';
import type { Deployment, ReplicaSet } from '#generated/types/apps.v1.ts';
import type { Job } from '#generated/types/batch.v1.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import type { PodDisruptionBudget } from '#generated/types/policy.v1.ts';
import { deployments } from '#kubernetes/api/apps/deployment.ts';
import { replicaSets } from '#kubernetes/api/apps/replicaSet.ts';
import { jobs } from '#kubernetes/api/batch/job.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { podDisruptionBudgets } from '#kubernetes/api/policy/podDisruptionBudget.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import { deploymentController } from '../deployment/deploymentController.ts';
import { jobController } from '../job/jobController.ts';
import { replicaSetController } from '../replicaset/replicaSetController.ts';
import { TestCluster } from '../testCluster.ts';
import { disruptionController } from './disruptionController.ts';

const labels = { app: 'web' };
const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };

function clusterWith(replicas: number, spec: Partial<PodDisruptionBudget['spec']>): TestCluster {
  const cluster = new TestCluster([
    disruptionController,
    deploymentController,
    replicaSetController,
    jobController,
  ]);
  if (replicas > 0) {
    cluster.client.create<Deployment>(deployments, {
      metadata: { name: 'web', namespace: 'default' },
      spec: { replicas, selector: { matchLabels: labels }, template },
    });
  }
  cluster.client.create<PodDisruptionBudget>(podDisruptionBudgets, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { matchLabels: labels }, ...spec },
  });
  cluster.settle();
  return cluster;
}

const statusOf = (cluster: TestCluster) => cluster.get(podDisruptionBudgets, 'web').status;
const podNames = (cluster: TestCluster) => cluster.list(pods, 'app=web').map(({ metadata }) => metadata.name);

function evict(cluster: TestCluster, name: string): StatusError | null {
  try {
    cluster.client.subresource(pods, 'default', name, 'eviction', { metadata: { name } });
    return null;
  } catch (error) {
    return error as StatusError;
  }
}

// Facts from upstream's disruption_test.go: TestIntegerMaxUnavailable, TestReplicaSet, TestNoSelector …
test.each([
  [3, { minAvailable: 1 }, { expectedPods: 3, currentHealthy: 3, desiredHealthy: 1, disruptionsAllowed: 2 }],
  [3, { minAvailable: 3 }, { expectedPods: 3, currentHealthy: 3, desiredHealthy: 3, disruptionsAllowed: 0 }],
  [10, { minAvailable: '28%' }, { expectedPods: 10, desiredHealthy: 3, disruptionsAllowed: 7 }],
  [10, { maxUnavailable: '35%' }, { expectedPods: 10, desiredHealthy: 6, disruptionsAllowed: 4 }],
  [3, { maxUnavailable: 5 }, { expectedPods: 3, desiredHealthy: 0, disruptionsAllowed: 3 }],
  [3, { maxUnavailable: 0 }, { expectedPods: 3, desiredHealthy: 3, disruptionsAllowed: 0 }],
  [2, { maxUnavailable: 1, selector: {} }, { expectedPods: 2, desiredHealthy: 1, disruptionsAllowed: 1 }],
  [0, { minAvailable: 0 }, { expectedPods: 0, desiredHealthy: 0, disruptionsAllowed: 0 }],
])('%i replicas with %j', (replicas, spec, expected) => {
  const { conditions, ...status } = statusOf(clusterWith(replicas, spec));
  expect(status).toMatchObject({ ...expected, observedGeneration: 1 });
  const isAllowed = expected.disruptionsAllowed > 0;
  expect(conditions).toMatchObject([
    {
      type: 'DisruptionAllowed',
      status: isAllowed ? 'True' : 'False',
      reason: isAllowed ? 'SufficientPods' : 'InsufficientPods',
    },
  ]);
});

test('an eviction takes one disruption, and the next is refused until a pod is ready again', () => {
  const cluster = clusterWith(2, { maxUnavailable: 1 });
  const [first, second] = podNames(cluster);
  expect(evict(cluster, first!)).toBeNull();
  const refused = evict(cluster, second!);
  expect(refused?.toStatus()).toMatchObject({
    reason: 'TooManyRequests',
    code: 429,
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    details: {
      causes: [
        {
          reason: 'DisruptionBudget',
          message: 'The disruption budget web needs 1 healthy pods and has 2 currently',
        },
      ],
    },
  });
  cluster.settle();
  expect(statusOf(cluster)).toMatchObject({ disruptionsAllowed: 1, currentHealthy: 2 });
  expect(statusOf(cluster).disruptedPods).toBeUndefined();
  expect(evict(cluster, second!)).toBeNull();
});

test('a budget that was just changed is asked later', () => {
  const cluster = clusterWith(2, { maxUnavailable: 1 });
  cluster.patch(podDisruptionBudgets, 'web', { spec: { maxUnavailable: 2 } });
  expect(evict(cluster, podNames(cluster)[0]!)?.toStatus()).toMatchObject({
    code: 429,
    details: {
      retryAfterSeconds: 10,
      causes: [{ message: 'The disruption budget web is still being processed by the server.' }],
    },
  });
});

test.each([
  ['AlwaysAllow', 1, true],
  ['IfHealthyBudget', 1, false],
  ['IfHealthyBudget', 0, true],
] as const)('unhealthyPodEvictionPolicy %s with %i pods missing', (policy, missing, isEvicted) => {
  const cluster = clusterWith(3, { minAvailable: 2 + missing, unhealthyPodEvictionPolicy: policy });
  const [sick] = cluster.list(pods, 'app=web');
  cluster.setPhase(sick!, 'Running', false);
  cluster.run();
  expect(evict(cluster, sick!.metadata.name) === null).toBe(isEvicted);
});

test('a pod that has not started, or has ended, is not protected', () => {
  const cluster = clusterWith(2, { minAvailable: 2 });
  const [a, b] = cluster.list(pods, 'app=web');
  cluster.setPhase(a!, 'Pending');
  cluster.setPhase(b!, 'Succeeded');
  expect(evict(cluster, a!.metadata.name)).toBeNull();
  expect(evict(cluster, b!.metadata.name)).toBeNull();
});

test('two budgets for one pod are one too many', () => {
  const cluster = clusterWith(1, { maxUnavailable: 1 });
  cluster.client.create<PodDisruptionBudget>(podDisruptionBudgets, {
    metadata: { name: 'other', namespace: 'default' },
    spec: { selector: { matchLabels: labels }, maxUnavailable: 1 },
  });
  expect(evict(cluster, podNames(cluster)[0]!)?.toStatus()).toMatchObject({
    code: 500,
    message:
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
  });
});

// Upstream: TestMultipleControllers, TestReplicationController, TestStatefulSetController
test('a budget over pods of several controllers counts what all of them want', () => {
  const cluster = clusterWith(6, { minAvailable: '28%' });
  cluster.client.create<ReplicaSet>(replicaSets, {
    metadata: { name: 'more', namespace: 'default' },
    spec: {
      replicas: 5,
      selector: { matchLabels: { ...labels, part: 'more' } },
      template: { ...template, metadata: { labels: { ...labels, part: 'more' } } },
    },
  });
  cluster.settle();
  // 28 % of eleven, rounded up.
  expect(statusOf(cluster)).toMatchObject({
    expectedPods: 11,
    currentHealthy: 11,
    desiredHealthy: 4,
    disruptionsAllowed: 7,
  });
  cluster.client.delete(replicaSets, 'default', 'more', { propagationPolicy: 'Orphan' });
  const more = cluster.list(pods, 'part=more');
  for (const { metadata } of more)
    cluster.client.delete(pods, 'default', metadata.name, { gracePeriodSeconds: 0 });
  cluster.settle();
  expect(statusOf(cluster)).toMatchObject({ expectedPods: 6, desiredHealthy: 2 });
});

test('a pod that should have gone and did not counts again after two minutes', () => {
  const cluster = clusterWith(2, { maxUnavailable: 1 });
  const [name = ''] = podNames(cluster);
  cluster.patch(
    podDisruptionBudgets,
    'web',
    { status: { disruptedPods: { [name]: formatTime(cluster.simulation.nowMs) } } },
    'status',
  );
  cluster.run(60_000);
  expect(statusOf(cluster)).toMatchObject({
    disruptionsAllowed: 0,
    disruptedPods: { [name]: expect.any(String) },
  });
  cluster.run(70_000);
  expect(statusOf(cluster).disruptedPods).toBeUndefined();
  expect(statusOf(cluster).disruptionsAllowed).toBe(1);
  expect(cluster.events(name)).toContain(
    `Warning NotDeleted Pod was expected by PDB default/web to be deleted but it wasn't`,
  );
});

test('an evicted pod says why it goes', () => {
  const cluster = clusterWith(1, { maxUnavailable: 1 });
  const [name] = podNames(cluster);
  cluster.patch(pods, name!, { metadata: { finalizers: ['test/hold'] } });
  expect(evict(cluster, name!)).toBeNull();
  expect(cluster.get(pods, name!).status.conditions).toContainEqual(
    expect.objectContaining({ type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI' }),
  );
});

test('pods that nobody manages are told of, and those of what has no scale stop the budget', () => {
  const bare = clusterWith(0, { maxUnavailable: 1 });
  bare.client.create<Pod>(pods, {
    metadata: { name: 'bare', namespace: 'default', labels },
    spec: template.spec,
  });
  bare.settle();
  expect(bare.events('web').some((line) => line.startsWith('Warning UnmanagedPods Pods selected by'))).toBe(
    true,
  );

  const cluster = clusterWith(0, { maxUnavailable: 1 });
  cluster.client.create<Job>(jobs, {
    metadata: { name: 'once', namespace: 'default' },
    spec: { template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } } },
  });
  cluster.settle();
  const message = 'jobs.batch does not implement the scale subresource';
  expect(statusOf(cluster)).toMatchObject({
    disruptionsAllowed: 0,
    conditions: [{ type: 'DisruptionAllowed', status: 'False', reason: 'SyncFailed', message }],
  });
  expect(cluster.events('web')).toContain(
    `Warning CalculateExpectedPodCountFailed Failed to calculate the number of expected pods: ${message}`,
  );
});
