// Upstream: pkg/controller/job/job_controller.go manageJob, deleteActivePods
import type { Pod } from '#generated/types/core.v1.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import type { New } from '#kubernetes/api/object.ts';
import { isPodTerminal } from '#kubernetes/api/podStatus.ts';
import type { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import {
  attemptAll,
  createPod,
  deletePod,
  isNamespaceTerminating,
  podsPerSyncMax,
  slowStartBatch,
} from '../podControl.ts';
import { leastMissed } from '../podRanking.ts';
import { indexOf, isIndexed, pendingIndexes } from './completionIndexes.ts';
import { failureAnnotations, hasIndependentIndexes, indexWaitMs } from './independentIndexes.ts';
import { jobPodOf, replacesOnlyFailed, trackingFinalizer } from './jobPod.ts';
import type { JobSync } from './jobSync.ts';

/** What a step did: how many pods are active after it and were deleted, and when the next one is due. */
export interface Managed {
  readonly active: number;
  readonly deleted: number;
  readonly failure: StatusError | null;
  readonly waitMs: number;
}

/** Creates or deletes pods so that as many are active as the job wants now. */
export function manageJob(sync: JobSync): Managed {
  const { job, active } = sync;
  if (job.spec.suspend) return deleteSome(sync, active.length);
  const stray = strayPods(sync);
  if (stray.length > 0) return deleteJobPods(sync, stray.slice(0, podsPerSyncMax), true);
  const wanted = wantedActive(sync);
  const surplus = active.length - wanted;
  if (surplus > 0) return deleteSome(sync, Math.min(surplus, podsPerSyncMax));
  const terminating = replacesOnlyFailed(job) ? countTerminating(sync.pods) : 0;
  const missing = wanted - active.length - terminating;
  return missing > 0
    ? createSome(sync, missing)
    : { active: active.length, failure: null, deleted: 0, waitMs: 0 };
}

export function countTerminating(all: readonly Pod[]): number {
  return all.filter((pod) => pod.metadata.deletionTimestamp !== undefined && !isPodTerminal(pod)).length;
}

/** Pods of an indexed job whose index is no more wanted, or that another one works on already. */
function strayPods({ job, active }: JobSync): Pod[] {
  if (!isIndexed(job)) return [];
  const taken = new Set<number>();
  return active.filter((pod) => {
    const index = indexOf(pod, job.spec.completions ?? 0);
    if (index === undefined || taken.has(index)) return true;
    taken.add(index);
    return false;
  });
}

function wantedActive({ job, active, succeeded }: JobSync): number {
  const { completions, parallelism = 0 } = job.spec;
  // Without a number of completions the first success is the signal to let the others finish.
  if (completions === undefined) return succeeded > 0 ? Math.min(active.length, parallelism) : parallelism;
  return Math.max(0, Math.min(parallelism, completions - succeeded));
}

function createSome(sync: JobSync, missing: number): Managed {
  const { room, key, job, active } = sync;
  const isEachForItself = hasIndependentIndexes(job);
  const waitMs = isEachForItself ? 0 : room.backoff.remainingMs(key, room.simulation.nowMs);
  if (waitMs > 0) return { active: active.length, failure: null, deleted: 0, waitMs };
  const count = Math.min(missing, podsPerSyncMax);
  const pending = isIndexed(job) ? indexesToAdd(sync, count) : undefined;
  const indexes = pending && isEachForItself ? dueIndexes(sync, pending) : pending;
  if (typeof indexes === 'number')
    return { active: active.length, failure: null, deleted: 0, waitMs: indexes };
  const same = indexes === undefined ? jobPodOf(job, undefined) : null;
  let next = 0;
  const { successes, failure } = slowStartBatch(indexes?.length ?? count, () => {
    const created = createPod(room, same ?? podOfIndex(sync, indexes![next++]!), job);
    room.expectations.expectCreated(key, created.metadata.uid);
  });
  const isHopeless = isNamespaceTerminating(failure);
  return { active: active.length + successes, failure: isHopeless ? null : failure, deleted: 0, waitMs: 0 };
}

function indexesToAdd({ job, active, doneIndexes, failedIndexes }: JobSync, count: number): number[] {
  const completions = job.spec.completions ?? 0;
  const busy = new Set(doneIndexes);
  for (const index of failedIndexes) busy.add(index);
  for (const pod of active) {
    const index = indexOf(pod, completions);
    if (index !== undefined) busy.add(index);
  }
  return pendingIndexes(completions, busy, count);
}

/** Those of the indexes whose back-off is over; ms until the first is, where none is yet. */
function dueIndexes({ room, replaceable }: JobSync, indexes: readonly number[]): readonly number[] | number {
  const waitOf = (index: number) => indexWaitMs(replaceable.get(index), room.simulation.nowMs);
  const due = indexes.filter((index) => waitOf(index) === 0);
  return due.length > 0 || indexes.length === 0 ? due : Math.min(...indexes.map(waitOf));
}

function podOfIndex({ job, replaceable }: JobSync, index: number): New<Pod> {
  if (!hasIndependentIndexes(job)) return jobPodOf(job, index);
  return jobPodOf(job, index, failureAnnotations(job, replaceable.get(index)));
}

/** Deletes the active pods that are missed least. They no longer count as failures. */
function deleteSome(sync: JobSync, count: number): Managed {
  const doomed = leastMissed(sync.active, count, sync.room.simulation.nowMs);
  return deleteJobPods(sync, doomed, true);
}

/** Deletes all active pods of a job that ends. */
export function deleteActivePods(sync: JobSync): Managed {
  return deleteJobPods(sync, sync.active, false);
}

function deleteJobPods(
  { room, key, job, active }: JobSync,
  doomed: readonly Pod[],
  untrack: boolean,
): Managed {
  let deleted = 0;
  const failure = attemptAll(doomed, (pod) => {
    if (untrack) removeTracking(room.client, pod);
    if (deletePod(room, pod, job)) room.expectations.expectDeleted(key, pod.metadata.uid);
    deleted++;
  });
  return { active: active.length - deleted, deleted, failure, waitMs: 0 };
}

/** Takes the finalizer off, so that the pod may go; throws what the server answers. */
export function removeTracking(client: JobSync['room']['client'], pod: Pod): void {
  const { namespace = '', name, uid } = pod.metadata;
  const finalizers = (pod.metadata.finalizers ?? []).filter((entry) => entry !== trackingFinalizer);
  client.patch(pods, namespace, name, { type: 'merge', body: { metadata: { uid, finalizers } } });
}
