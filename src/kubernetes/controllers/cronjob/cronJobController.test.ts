import { expect, test } from 'vitest';
import type { CronJob, Job } from '#generated/types/batch.v1.ts';
import { cronJobs } from '#kubernetes/api/batch/cronJob.ts';
import { jobs } from '#kubernetes/api/batch/job.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import { garbageCollectorController } from '../garbagecollector/garbageCollectorController.ts';
import { TestCluster } from '../testCluster.ts';
import { cronJobController } from './cronJobController.ts';

const minute = 60_000;
const startMinute = Date.UTC(2026, 0, 1) / minute;

function clusterWith(spec: Partial<CronJob['spec']> = {}): TestCluster {
  const cluster = new TestCluster([cronJobController, garbageCollectorController]);
  cluster.client.create<CronJob>(cronJobs, {
    metadata: { name: 'tick', namespace: 'default' },
    spec: {
      schedule: '* * * * *',
      jobTemplate: {
        metadata: { labels: { app: 'tick' }, annotations: { a: 'b' } },
        spec: {
          template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] } },
        },
      },
      ...spec,
    },
  });
  return cluster;
}

/** The minutes since the beginning that the jobs' names tell, in order. */
const minutes = (cluster: TestCluster) =>
  cluster
    .list(jobs)
    .map(({ metadata }) => Number(metadata.name.replace('tick-', '')) - startMinute)
    .sort((a, b) => a - b);

function finish(cluster: TestCluster, name: string, type: 'Complete' | 'Failed' = 'Complete'): void {
  const job = cluster.get(jobs, name);
  const now = formatTime(cluster.simulation.nowMs);
  const done = [
    { type: type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget', status: 'True' },
    { type, status: 'True' },
  ];
  const conditions = done.map((condition) => ({ ...condition, lastProbeTime: now, lastTransitionTime: now }));
  const status = {
    ...job.status,
    startTime: job.status.startTime ?? job.metadata.creationTimestamp,
    ...(type === 'Complete' && { completionTime: now, succeeded: 1 }),
    conditions,
  };
  cluster.client.updateStatus<Job>(jobs, { ...job, status });
  cluster.run(1000);
}

const statusOf = (cluster: TestCluster) => cluster.get(cronJobs, 'tick').status;
const nameOf = (at: number) => `tick-${startMinute + at}`;

test('a job is made every minute, named after it', () => {
  const cluster = clusterWith();
  cluster.run(3 * minute + 1000);
  expect(minutes(cluster)).toEqual([1, 2, 3]);
  const job = cluster.get(jobs, nameOf(2));
  expect(job.metadata).toMatchObject({
    labels: { app: 'tick' },
    annotations: { a: 'b', 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-01-01T00:02:00Z' },
    ownerReferences: [{ kind: 'CronJob', name: 'tick', controller: true, blockOwnerDeletion: true }],
  });
  expect(statusOf(cluster)).toMatchObject({
    lastScheduleTime: '2026-01-01T00:03:00Z',
    active: [1, 2, 3].map((at) => ({ kind: 'Job', name: nameOf(at), apiVersion: 'batch/v1' })),
  });
  expect(cluster.events('tick')).toEqual(
    [1, 2, 3].map((at) => `Normal SuccessfulCreate Created job ${nameOf(at)}`),
  );
});

test('what ended is told, and only so many are kept', () => {
  const cluster = clusterWith({ successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 0 });
  cluster.run(minute + 1000);
  finish(cluster, nameOf(1));
  expect(statusOf(cluster).active).toBeUndefined();
  expect(statusOf(cluster).lastSuccessfulTime).toBe('2026-01-01T00:01:01Z');
  cluster.run(minute);
  finish(cluster, nameOf(2));
  expect(minutes(cluster)).toEqual([2]);
  cluster.run(minute);
  finish(cluster, nameOf(3), 'Failed');
  expect(minutes(cluster)).toEqual([2]);
  expect(cluster.events('tick').filter((line) => !line.includes('SuccessfulCreate'))).toEqual([
    `Normal SawCompletedJob Saw completed job: ${nameOf(1)}, condition: Complete`,
    `Normal SawCompletedJob Saw completed job: ${nameOf(2)}, condition: Complete`,
    `Normal SuccessfulDelete Deleted job ${nameOf(1)}`,
    `Normal SawCompletedJob Saw completed job: ${nameOf(3)}, condition: Failed`,
    `Normal SuccessfulDelete Deleted job ${nameOf(3)}`,
  ]);
});

test.each([
  ['Allow', [1, 2, 3], 3],
  ['Forbid', [1], 1],
  ['Replace', [3], 1],
] as const)('with the policy %s jobs that do not end are %j', (concurrencyPolicy, expected, active) => {
  const cluster = clusterWith({ concurrencyPolicy });
  cluster.run(3 * minute + 1000);
  expect(minutes(cluster)).toEqual(expected);
  expect(statusOf(cluster).active).toHaveLength(active);
  const told = cluster
    .events('tick')
    .some((line) => line.includes('JobAlreadyActive Not starting job because prior execution is running'));
  expect(told).toBe(concurrencyPolicy === 'Forbid');
});

test('a suspended one starts nothing, and goes on with the last start that it missed', () => {
  const cluster = clusterWith({ suspend: true });
  cluster.run(5 * minute + 1000);
  expect(minutes(cluster)).toEqual([]);
  cluster.patch(cronJobs, 'tick', { spec: { suspend: false } });
  cluster.run(1000);
  expect(minutes(cluster)).toEqual([5]);
});

test('more than a hundred missed starts are told of, and one is made up for', () => {
  const cluster = clusterWith({ suspend: true });
  cluster.run(200 * minute + 1000);
  cluster.patch(cronJobs, 'tick', { spec: { suspend: false } });
  cluster.run(1000);
  expect(minutes(cluster)).toEqual([200]);
  expect(cluster.events('tick')).toContain(
    'Warning TooManyMissedTimes too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew',
  );
});

test('a start whose deadline is over is left out', () => {
  const cluster = clusterWith({ schedule: '0 * * * *', suspend: true, startingDeadlineSeconds: 60 });
  cluster.run(65 * minute);
  cluster.patch(cronJobs, 'tick', { spec: { suspend: false } });
  cluster.run(1000);
  expect(minutes(cluster)).toEqual([]);
  cluster.run(56 * minute);
  expect(minutes(cluster)).toEqual([120]);
});

test('a job that was taken away is missed', () => {
  const cluster = clusterWith({ schedule: '1 * * * *' });
  cluster.run(minute + 1000);
  cluster.client.delete(jobs, 'default', nameOf(1), { propagationPolicy: 'Background' });
  cluster.run(1000);
  expect(statusOf(cluster).active).toBeUndefined();
  expect(cluster.events('tick')).toContain(`Normal MissingJob Active job went missing: ${nameOf(1)}`);
});

test('by the clock of its zone', () => {
  const cluster = clusterWith({ schedule: '30 9 * * *', timeZone: 'Asia/Kolkata' });
  cluster.run(4 * 60 * minute + 1000);
  expect(minutes(cluster)).toEqual([240]);
  expect(cluster.list(jobs)[0]!.metadata.annotations).toMatchObject({
    'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-01-01T09:30:00+05:30',
  });
});

test('a date that never comes is told of', () => {
  const cluster = clusterWith({ schedule: '0 0 30 2 *' });
  cluster.run(minute);
  expect(cluster.events('tick')).toEqual([
    'Warning InvalidSchedule invalid schedule: 0 0 30 2 * : time difference between two schedules is less than 1 second',
  ]);
});
