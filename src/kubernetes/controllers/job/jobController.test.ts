import { expect, test } from 'vitest';
import type { Job } from '#generated/types/batch.v1.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import { jobs } from '#kubernetes/api/batch/job.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { isPodActive } from '#kubernetes/api/podStatus.ts';
import { garbageCollectorController } from '../garbagecollector/garbageCollectorController.ts';
import { TestCluster } from '../testCluster.ts';
import { jobController } from './jobController.ts';

function clusterWith(spec: Partial<Job['spec']> = {}, restartPolicy = 'Never'): TestCluster {
  const cluster = new TestCluster([garbageCollectorController, jobController]);
  cluster.client.create<Job>(jobs, {
    metadata: { name: 'once', namespace: 'default' },
    spec: {
      ...spec,
      template: {
        spec: { restartPolicy: restartPolicy as 'Never', containers: [{ name: 'a', image: 'busybox' }] },
      },
    },
  });
  cluster.run();
  return cluster;
}

const activeOf = (cluster: TestCluster): Pod[] => cluster.list(pods).filter(isPodActive);
const statusOf = (cluster: TestCluster) => cluster.get(jobs, 'once').status;

/** Plays the end of an active pod. */
function end(cluster: TestCluster, phase: 'Succeeded' | 'Failed', count = 1): void {
  for (const pod of activeOf(cluster).slice(0, count)) cluster.setPhase(pod, phase, false);
  cluster.run();
}

function conditionsOf(cluster: TestCluster): string[] {
  return (statusOf(cluster).conditions ?? []).map(
    ({ type, status, reason, message }) => `${type} ${status} ${reason}: ${message}`,
  );
}

test('a job runs its pod, and ends when it has succeeded', () => {
  const cluster = clusterWith();
  const [pod] = activeOf(cluster);
  expect(pod!.metadata.name).toMatch(/^once-[a-z0-9]{5}$/);
  expect(pod!.metadata.finalizers).toEqual(['batch.kubernetes.io/job-tracking']);
  expect(statusOf(cluster)).toEqual({
    active: 1,
    ready: 0,
    terminating: 0,
    startTime: '2026-01-01T00:00:00Z',
    uncountedTerminatedPods: {},
  });
  cluster.setPhase(pod!, 'Running');
  cluster.run();
  expect(statusOf(cluster).ready).toBe(1);
  end(cluster, 'Succeeded');
  expect(statusOf(cluster)).toMatchObject({ succeeded: 1, ready: 0, uncountedTerminatedPods: {} });
  expect(statusOf(cluster).active).toBeUndefined();
  expect(statusOf(cluster).completionTime).toBeDefined();
  expect(conditionsOf(cluster)).toEqual([
    'SuccessCriteriaMet True CompletionsReached: Reached expected number of succeeded pods',
    'Complete True CompletionsReached: Reached expected number of succeeded pods',
  ]);
  expect(cluster.get(pods, pod!.metadata.name).metadata.finalizers ?? []).toEqual([]);
  expect(cluster.events('once')).toEqual([
    `Normal SuccessfulCreate Created pod: ${pod!.metadata.name}`,
    'Normal Completed Job completed',
  ]);
});

test('parallelism bounds what runs at once, completions what runs in all', () => {
  const cluster = clusterWith({ completions: 5, parallelism: 2 });
  expect(activeOf(cluster)).toHaveLength(2);
  end(cluster, 'Succeeded', 2);
  expect(activeOf(cluster)).toHaveLength(2);
  end(cluster, 'Succeeded', 2);
  expect(activeOf(cluster)).toHaveLength(1);
  expect(statusOf(cluster)).toMatchObject({ active: 1, succeeded: 4 });
  end(cluster, 'Succeeded');
  expect(conditionsOf(cluster)).toHaveLength(2);
  expect(cluster.list(pods)).toHaveLength(5);
});

test('a pod that failed is replaced after 10 s, the next after 20 s, and the limit ends it', () => {
  const cluster = clusterWith({ backoffLimit: 2 });
  end(cluster, 'Failed');
  cluster.run(6000);
  expect(activeOf(cluster)).toHaveLength(0);
  cluster.run(4000);
  expect(activeOf(cluster)).toHaveLength(1);
  end(cluster, 'Failed');
  cluster.run(16_000);
  expect(activeOf(cluster)).toHaveLength(0);
  cluster.run(4000);
  expect(activeOf(cluster)).toHaveLength(1);
  end(cluster, 'Failed');
  expect(statusOf(cluster).failed).toBe(3);
  expect(conditionsOf(cluster)).toEqual([
    'FailureTarget True BackoffLimitExceeded: Job has reached the specified backoff limit',
    'Failed True BackoffLimitExceeded: Job has reached the specified backoff limit',
  ]);
  expect(cluster.events('once').at(-1)).toBe(
    'Warning BackoffLimitExceeded Job has reached the specified backoff limit',
  );
});

test('a job beyond its deadline deletes its pods, and fails when they are gone', () => {
  const cluster = clusterWith({ activeDeadlineSeconds: 60 });
  const [pod] = activeOf(cluster);
  cluster.client.subresource(pods, 'default', pod!.metadata.name, 'binding', { target: { name: 'a' } });
  cluster.run(65_000);
  expect(conditionsOf(cluster)).toHaveLength(1);
  expect(statusOf(cluster)).toMatchObject({ terminating: 1, failed: 1 });
  cluster.client.delete(pods, 'default', pod!.metadata.name, { gracePeriodSeconds: 0 });
  cluster.run();
  expect(conditionsOf(cluster)).toEqual([
    'FailureTarget True DeadlineExceeded: Job was active longer than specified deadline',
    'Failed True DeadlineExceeded: Job was active longer than specified deadline',
  ]);
  expect(activeOf(cluster)).toHaveLength(0);
});

test('restarts in place count where the pod restarts its containers', () => {
  const cluster = clusterWith({ backoffLimit: 1 }, 'OnFailure');
  const [pod] = activeOf(cluster);
  cluster.setPhase(pod!, 'Running');
  const containerStatuses = [{ name: 'a', restartCount: 1, ready: true, image: '', imageID: '' }];
  cluster.patch(pods, pod!.metadata.name, { status: { containerStatuses } }, 'status');
  cluster.run(5000);
  expect(conditionsOf(cluster).at(-1)).toMatch(/^Failed True BackoffLimitExceeded/);
});

test('a suspended job has no pods, and starts its clock anew when it goes on', () => {
  const cluster = clusterWith({ suspend: true });
  expect(activeOf(cluster)).toHaveLength(0);
  expect(statusOf(cluster).startTime).toBeUndefined();
  expect(conditionsOf(cluster)).toEqual(['Suspended True JobSuspended: Job suspended']);
  cluster.run(60_000);
  cluster.patch(jobs, 'once', { spec: { suspend: false } });
  cluster.run();
  expect(activeOf(cluster)).toHaveLength(1);
  expect(statusOf(cluster).startTime).toBe('2026-01-01T00:01:02Z');
  expect(conditionsOf(cluster)).toEqual(['Suspended False JobResumed: Job resumed']);
  cluster.patch(jobs, 'once', { spec: { suspend: true } });
  cluster.run();
  expect(activeOf(cluster)).toHaveLength(0);
  expect(statusOf(cluster).failed).toBeUndefined();
  expect(cluster.events('once').filter((line) => /Suspended|Resumed/.test(line))).toEqual([
    'Normal Resumed Job resumed',
    'Normal Suspended Job suspended',
  ]);
});

test('without a number of completions the first success lets the others finish', () => {
  const cluster = clusterWith({ parallelism: 3 });
  expect(activeOf(cluster)).toHaveLength(3);
  end(cluster, 'Succeeded');
  expect(activeOf(cluster)).toHaveLength(2);
  expect(conditionsOf(cluster)).toEqual([]);
  end(cluster, 'Succeeded', 2);
  expect(conditionsOf(cluster).at(-1)).toMatch(/^Complete True/);
  expect(statusOf(cluster).succeeded).toBe(3);
});

test('a pod that is deleted counts as failed, and is replaced', () => {
  const cluster = clusterWith();
  const [pod] = activeOf(cluster);
  cluster.client.delete(pods, 'default', pod!.metadata.name);
  cluster.run(15_000);
  expect(cluster.has(pods, pod!.metadata.name)).toBe(false);
  expect(statusOf(cluster).failed).toBe(1);
  expect(activeOf(cluster)).toHaveLength(1);
});

test('an indexed job works each index off once', () => {
  const cluster = clusterWith({ completions: 4, parallelism: 2, completionMode: 'Indexed' });
  const hostnames = () => activeOf(cluster).map(({ spec }) => spec.hostname ?? '');
  expect(hostnames().sort()).toEqual(['once-0', 'once-1']);
  const [first] = activeOf(cluster);
  expect(first!.metadata.name).toMatch(/^once-0-[a-z0-9]{5}$/);
  expect(first!.metadata.labels).toMatchObject({ 'batch.kubernetes.io/job-completion-index': '0' });
  expect(first!.spec.containers[0]!.env).toMatchObject([{ name: 'JOB_COMPLETION_INDEX' }]);
  end(cluster, 'Succeeded', 2);
  expect(statusOf(cluster)).toMatchObject({ completedIndexes: '0,1', succeeded: 2 });
  expect(hostnames().sort()).toEqual(['once-2', 'once-3']);
  end(cluster, 'Succeeded', 2);
  expect(statusOf(cluster).completedIndexes).toBe('0-3');
  expect(conditionsOf(cluster).at(-1)).toMatch(/^Complete True/);
});

test.each(['Background', 'Foreground'])('a job that is deleted in the %s takes its pods along', (policy) => {
  const cluster = clusterWith({ parallelism: 2 });
  cluster.client.delete(jobs, 'default', 'once', { propagationPolicy: policy });
  cluster.run(5000);
  expect(cluster.has(jobs, 'once')).toBe(false);
  expect(cluster.list(pods)).toEqual([]);
});

const indexOfPod = ({ metadata }: Pod) =>
  Number(metadata.annotations!['batch.kubernetes.io/job-completion-index']);
const activeIndexes = (cluster: TestCluster) =>
  activeOf(cluster)
    .map(indexOfPod)
    .sort((a, b) => a - b);

/** Plays the end of the active pod of one index. */
function endIndex(cluster: TestCluster, index: number, phase: 'Succeeded' | 'Failed'): void {
  cluster.setPhase(
    activeOf(cluster).find((pod) => indexOfPod(pod) === index)!,
    phase,
    false,
  );
  cluster.run();
}

test('with backoffLimitPerIndex an index is given up alone, after a back-off of its own', () => {
  const cluster = clusterWith({
    completions: 3,
    parallelism: 3,
    completionMode: 'Indexed',
    backoffLimitPerIndex: 1,
  });
  endIndex(cluster, 1, 'Failed');
  // The failed pod is held until its successor is there, ten seconds later.
  expect(activeIndexes(cluster)).toEqual([0, 2]);
  expect(statusOf(cluster)).toMatchObject({ failedIndexes: '' });
  expect(statusOf(cluster).failed).toBeUndefined();
  cluster.run(10_000);
  expect(activeIndexes(cluster)).toEqual([0, 1, 2]);
  const second = activeOf(cluster).find((pod) => indexOfPod(pod) === 1)!;
  expect(second.metadata.annotations).toMatchObject({ 'batch.kubernetes.io/job-index-failure-count': '1' });
  cluster.run();
  expect(statusOf(cluster).failed).toBe(1);
  endIndex(cluster, 1, 'Failed');
  expect(statusOf(cluster)).toMatchObject({ failedIndexes: '1', failed: 2 });
  endIndex(cluster, 0, 'Succeeded');
  endIndex(cluster, 2, 'Succeeded');
  expect(statusOf(cluster)).toMatchObject({ completedIndexes: '0,2', failedIndexes: '1', succeeded: 2 });
  expect(conditionsOf(cluster)).toEqual([
    'FailureTarget True FailedIndexes: Job has failed indexes',
    'Failed True FailedIndexes: Job has failed indexes',
  ]);
});

test('more failed indexes than maxFailedIndexes end the job', () => {
  const cluster = clusterWith({
    completions: 4,
    parallelism: 4,
    completionMode: 'Indexed',
    backoffLimitPerIndex: 0,
    maxFailedIndexes: 1,
  });
  endIndex(cluster, 0, 'Failed');
  expect(activeIndexes(cluster)).toEqual([1, 2, 3]);
  endIndex(cluster, 1, 'Failed');
  cluster.run();
  expect(conditionsOf(cluster)[0]).toBe(
    'FailureTarget True MaxFailedIndexesExceeded: Job has exceeded the specified maximal number of failed indexes',
  );
});

/** Plays the failure of an active pod with an exit code. */
function failWith(cluster: TestCluster, exitCode: number): Pod {
  const [pod] = activeOf(cluster);
  const terminated = { exitCode, reason: 'Error', startedAt: null, finishedAt: null };
  const containerStatuses = [
    { name: 'a', state: { terminated }, ready: false, restartCount: 0, image: '', imageID: '' },
  ];
  cluster.patch(pods, pod!.metadata.name, { status: { containerStatuses } }, 'status');
  cluster.setPhase(cluster.get(pods, pod!.metadata.name), 'Failed', false);
  cluster.run();
  return pod!;
}

test('podFailurePolicy ends the job, ignores a failure, or gives up an index', () => {
  const rule = (action: 'FailJob' | 'Ignore' | 'FailIndex', value: number) => ({
    action,
    onExitCodes: { operator: 'In' as const, values: [value] },
  });
  const cluster = clusterWith({
    backoffLimit: 0,
    podFailurePolicy: { rules: [rule('FailJob', 42), rule('Ignore', 7)] },
  });
  const ignored = failWith(cluster, 7);
  expect(cluster.get(pods, ignored.metadata.name).metadata.finalizers ?? []).toEqual([]);
  expect(statusOf(cluster).failed).toBeUndefined();
  expect(activeOf(cluster)).toHaveLength(1);
  const fatal = failWith(cluster, 42);
  const message = `Container a for pod default/${fatal.metadata.name} failed with exit code 42 matching FailJob rule at index 0`;
  expect(conditionsOf(cluster)).toEqual([
    `FailureTarget True PodFailurePolicy: ${message}`,
    `Failed True PodFailurePolicy: ${message}`,
  ]);

  const indexed = clusterWith({
    completions: 2,
    completionMode: 'Indexed',
    backoffLimitPerIndex: 5,
    podFailurePolicy: { rules: [rule('FailIndex', 42)] },
  });
  failWith(indexed, 42);
  expect(indexed.get(jobs, 'once').status.failedIndexes).toBe('0');
  expect(activeIndexes(indexed)).toEqual([1]);
});

test('successPolicy ends the job with its leaders, and what still runs is deleted', () => {
  const cluster = clusterWith({
    completions: 3,
    parallelism: 3,
    completionMode: 'Indexed',
    successPolicy: { rules: [{ succeededIndexes: '0' }] },
  });
  endIndex(cluster, 1, 'Succeeded');
  expect(activeIndexes(cluster)).toEqual([0, 2]);
  endIndex(cluster, 0, 'Succeeded');
  cluster.run();
  expect(activeOf(cluster)).toHaveLength(0);
  expect(conditionsOf(cluster)).toEqual([
    'SuccessCriteriaMet True SuccessPolicy: Matched rules at index 0',
    'Complete True SuccessPolicy: Matched rules at index 0',
  ]);
});

test('an indexed job that is made smaller loses the pods of the indexes beyond', () => {
  const cluster = clusterWith({ completions: 4, parallelism: 4, completionMode: 'Indexed' });
  endIndex(cluster, 3, 'Succeeded');
  expect(statusOf(cluster).succeeded).toBe(1);
  cluster.patch(jobs, 'once', { spec: { completions: 2, parallelism: 2 } });
  cluster.run();
  expect(activeIndexes(cluster)).toEqual([0, 1]);
  expect(statusOf(cluster).succeeded ?? 0).toBe(0);
  cluster.patch(jobs, 'once', { spec: { completions: 3, parallelism: 3 } });
  cluster.run();
  expect(activeIndexes(cluster)).toEqual([0, 1, 2]);
});

test('a job of another controller is left to it', () => {
  const cluster = clusterWith({ managedBy: 'example.com/other' });
  cluster.run(10_000);
  expect(cluster.list(pods)).toHaveLength(0);
  expect(cluster.get(jobs, 'once').status).toEqual({});
});
