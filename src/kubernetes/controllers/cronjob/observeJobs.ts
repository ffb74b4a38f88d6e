// Upstream: pkg/controller/cronjob/cronjob_controllerv2.go syncCronJob's first half, cleanupFinishedJobs
import type { Job } from '#generated/types/batch.v1.ts';
import { jobs } from '#kubernetes/api/batch/job.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { type CronJobSync, deleteJob, dropActive, finishedCondition, isActive } from './cronJobSync.ts';

/** Takes note of jobs that ended, of such as nobody started, and of such as are gone. */
export function observeJobs(sync: CronJobSync): void {
  const { room, cronJob } = sync;
  for (const job of sync.jobs) {
    const { name, uid } = job.metadata;
    const ended = finishedCondition(job);
    if (ended === undefined) {
      if (isActive(sync, uid)) continue;
      const message = `Saw a job that the controller did not create or forgot: ${name}`;
      room.recorder.event(cronJob, 'Warning', 'UnexpectedJob', message);
      continue;
    }
    if (isActive(sync, uid)) {
      dropActive(sync, uid);
      const message = `Saw completed job: ${name}, condition: ${ended}`;
      room.recorder.event(cronJob, 'Normal', 'SawCompletedJob', message);
    }
    noteSuccess(sync, job, ended);
  }
  const known = new Set(sync.jobs.map(({ metadata }) => metadata.uid));
  for (const { uid = '', name = '', namespace = '' } of sync.status.active ?? []) {
    if (known.has(uid) || isThere(sync, namespace, name)) continue;
    room.recorder.event(cronJob, 'Normal', 'MissingJob', `Active job went missing: ${name}`);
    dropActive(sync, uid);
  }
}

function noteSuccess(sync: CronJobSync, { status }: Job, ended: string): void {
  const { completionTime } = status;
  const { lastSuccessfulTime } = sync.status;
  if (ended !== 'Complete' || completionTime === undefined) return;
  // Times of one form are in the order of their texts.
  if (lastSuccessfulTime !== undefined && lastSuccessfulTime >= completionTime) return;
  sync.status = { ...sync.status, lastSuccessfulTime: completionTime };
}

/** The cache may be late: the server knows whether a job is really gone. */
function isThere({ room }: CronJobSync, namespace: string, name: string): boolean {
  try {
    room.client.get(jobs, namespace, name);
    return true;
  } catch (error) {
    if (isStatus(error, 'NotFound')) return false;
    throw error;
  }
}

/** Deletes the oldest ended jobs beyond the history limits. */
export function cleanUpJobs(sync: CronJobSync): void {
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = sync.cronJob.spec;
  keepNewest(sync, 'Complete', successfulJobsHistoryLimit);
  keepNewest(sync, 'Failed', failedJobsHistoryLimit);
}

function keepNewest(sync: CronJobSync, condition: string, limit: number | undefined): void {
  if (limit === undefined) return;
  const startOf = ({ metadata, status }: Job) => status.startTime ?? metadata.creationTimestamp;
  const ended = sync.jobs
    .filter((job) => job.metadata.deletionTimestamp === undefined && finishedCondition(job) === condition)
    .toSorted((a, b) => {
      if (startOf(a) !== startOf(b)) return startOf(a) < startOf(b) ? -1 : 1;
      return a.metadata.name < b.metadata.name ? -1 : 1;
    });
  for (const { metadata } of ended.slice(0, Math.max(0, ended.length - limit))) {
    deleteJob(sync, metadata.name, metadata.uid);
  }
}
