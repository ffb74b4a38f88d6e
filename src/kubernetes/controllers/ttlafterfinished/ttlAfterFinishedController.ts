// Upstream: pkg/controller/ttlafterfinished/ttlafterfinished_controller.go
import { isJobFinished, jobs, type Job } from '#kubernetes/api/batch/job.ts';
import { keyOf, splitKey } from '#kubernetes/api/object.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { type Again, WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller } from '../controller.ts';

/** Upstream: --concurrent-ttl-after-finished-syncs */
const workers = 5;

/** Deletes jobs, with all they made, `ttlSecondsAfterFinished` after their end. */
export const ttlAfterFinishedController: Controller = {
  name: 'ttl-after-finished-controller',
  start({ simulation, client, informers }) {
    const cache = informers.of(jobs);
    const queue = new WorkQueue({ simulation, client, workers, reconcile: syncJob });
    cache.onChange((now) => {
      if (now !== undefined && leftMs(now, simulation.nowMs) !== null) queue.add(keyOf(now));
    });

    function syncJob(key: string): Again | void {
      const cached = cache.get(key);
      const waitMs = cached && leftMs(cached, simulation.nowMs);
      if (waitMs === undefined || waitMs === null) return undefined;
      if (waitMs > 0) return { afterMs: waitMs };
      const { namespace, name } = splitKey(key);
      try {
        const { uid } = cached!.metadata;
        client.delete(jobs, namespace, name, { propagationPolicy: 'Foreground', preconditions: { uid } });
      } catch (error) {
        if (!isStatus(error, 'NotFound')) throw error;
      }
      return undefined;
    }
    return () => queue.stop();
  },
};

/** Ms until the job expires, null when it does not. */
function leftMs(job: Job, nowMs: number): number | null {
  const { ttlSecondsAfterFinished } = job.spec;
  const isDeleted = job.metadata.deletionTimestamp !== undefined;
  if (ttlSecondsAfterFinished === undefined || isDeleted || !isJobFinished(job)) return null;
  const finish = job.status.conditions?.find(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  );
  const finishMs = Date.parse(finish?.lastTransitionTime ?? '');
  return Number.isNaN(finishMs) ? null : Math.max(0, finishMs + ttlSecondsAfterFinished * 1000 - nowMs);
}
