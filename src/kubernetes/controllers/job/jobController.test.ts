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
