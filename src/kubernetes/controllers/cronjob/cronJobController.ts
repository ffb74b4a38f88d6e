// Upstream: pkg/controller/cronjob/cronjob_controllerv2.go
import { cronJobs } from '#kubernetes/api/batch/cronJob.ts';
import { jobs } from '#kubernetes/api/batch/job.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { type Again, WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller } from '../controller.ts';
import { controlledBy, controllerOf, indexByController } from '../controllerRef.ts';
import type { CronJobSync, Room } from './cronJobSync.ts';
import { cleanUpJobs, observeJobs } from './observeJobs.ts';
import { startDueJob } from './startJob.ts';

/** Upstream: --concurrent-cron-job-syncs */
const workers = 5;

/** Starts Jobs by the clock. */
export const cronJobController: Controller = {
  name: 'cronjob-controller',
  start(context) {
    const { simulation, client, informers } = context;
    const room: Room = {
      ...context,
      cronJobCache: informers.of(cronJobs),
      jobCache: informers.of(jobs),
    };
    indexByController(room.jobCache);
    const reconcile = (key: string) => syncCronJob(room, key);
    const queue = new WorkQueue({ simulation, client, workers, reconcile });
    room.cronJobCache.onChange((now, before) => queue.add(keyOf(now ?? before!)));
    room.jobCache.onChange((now, before) => {
      const job = now ?? before!;
      const reference = controllerOf(job);
      if (reference?.kind === 'CronJob') queue.add(`${job.metadata.namespace ?? ''}/${reference.name}`);
    });
    return () => queue.stop();
  },
};

function syncCronJob(room: Room, key: string): Again | void {
  const cronJob = room.cronJobCache.get(key);
  if (cronJob === undefined) return undefined;
  const own = [...controlledBy(room.jobCache, cronJob)];
  const sync: CronJobSync = { room, cronJob, jobs: own, status: cronJob.status };
  observeJobs(sync);
  const isIdle = cronJob.metadata.deletionTimestamp !== undefined || cronJob.spec.suspend === true;
  const waitMs = isIdle ? null : startDueJob(sync);
  cleanUpJobs(sync);
  if (!deepEqual(sync.status, cronJob.status))
    room.client.updateStatus(cronJobs, { ...cronJob, status: sync.status });
  return waitMs === null ? undefined : { afterMs: Math.max(0, waitMs) };
}
