// Upstream: pkg/controller/job/job_controller.go trackJobStatusAndRemoveFinalizers, enactJobFinished
import type { Job, JobStatus } from '#generated/types/batch.v1.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import { jobs } from '#kubernetes/api/batch/job.ts';
import { isPodActive, isPodReady } from '#kubernetes/api/podStatus.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import { attemptAll } from '../podControl.ts';
import { formatIndexes, indexOf, isIndexed, parseIndexes } from './completionIndexes.ts';
import { hasIndependentIndexes } from './independentIndexes.ts';
import { hasFailed, isTracked } from './jobPod.ts';
import { type Finished, type JobSync, conditionOf, newCondition } from './jobSync.ts';
import { type Managed, countTerminating, removeTracking } from './manageJob.ts';
import type { Outcome } from './jobOutcome.ts';
import { isCountedFailure } from './podFailurePolicy.ts';

/** The pods whose end is not counted yet, nor on its way to be. */
export function newlyFinished(job: Job, pods: readonly Pod[]): Finished {
  const { succeeded = [], failed = [] } = job.status.uncountedTerminatedPods ?? {};
  const known = new Set([...succeeded, ...failed]);
  const fresh = pods.filter((pod) => isTracked(pod) && !known.has(pod.metadata.uid));
  const ended = fresh.filter((pod) => hasFailed(pod, job));
  const { completions = 0 } = job.spec;
  // A pod of no index of the job is none of its failures.
  const counts = (pod: Pod) =>
    (!isIndexed(job) || indexOf(pod, completions) !== undefined) && isCountedFailure(job, pod);
  return {
    succeeded: fresh.filter(({ status }) => status.phase === 'Succeeded'),
    failed: ended.filter(counts),
    ignored: ended.filter((pod) => !counts(pod)),
  };
}

/** The indexes that are done: those the status knows, and those of pods that have just succeeded. */
export function doneIndexes(job: Job, pods: readonly Pod[]): Set<number> {
  const completions = job.spec.completions ?? 0;
  const done = parseIndexes(job.status.completedIndexes, completions);
  for (const pod of pods) {
    const index = indexOf(pod, completions);
    if (index !== undefined && pod.status.phase === 'Succeeded') done.add(index);
  }
  return done;
}

/** Writes the status, if it says something new. */
function writeStatus(sync: JobSync, status: JobStatus): void {
  if (deepEqual(sync.job.status, status)) return;
  sync.job = sync.room.client.updateStatus(jobs, { ...sync.job, status });
}

/**
 * Counts what ended: first the pods' uids stand in the status, then their finalizers go, then they are numbers.
 * So a pod that vanishes is counted once, and one that is counted may vanish. Last, the end of the job itself.
 */
export function writeProgress(sync: JobSync, status: JobStatus, outcome: Outcome | null): void {
  const { finished } = sync;
  // A pod whose index gets another one is counted when that is there.
  const held = new Set(outcome === null ? sync.replaceable.values() : []);
  const known = sync.job.status.uncountedTerminatedPods ?? {};
  const uidOf = ({ metadata }: Pod) => metadata.uid;
  const succeeded = [...(known.succeeded ?? []), ...finished.succeeded.map(uidOf)];
  const counted = finished.failed.filter((pod) => !held.has(pod));
  const failed = [...(known.failed ?? []), ...counted.map(uidOf)];
  const indexes = isIndexed(sync.job) ? formatIndexes(sync.doneIndexes) : '';
  // Indexes that are no more wanted are forgotten.
  const { completedIndexes: _completed, ...others } = status;
  const base: JobStatus = {
    ...others,
    ...(indexes !== '' && { completedIndexes: indexes }),
    ...(hasIndependentIndexes(sync.job) && { failedIndexes: formatIndexes(sync.failedIndexes) }),
  };
  untrack(sync, new Set(finished.ignored.filter((pod) => !held.has(pod)).map(uidOf)));
  if (succeeded.length + failed.length > 0) {
    const uncounted = {
      ...(succeeded.length > 0 && { succeeded }),
      ...(failed.length > 0 && { failed }),
    };
    writeStatus(sync, { ...withInterim(sync, base, outcome), uncountedTerminatedPods: uncounted });
    untrack(sync, new Set([...succeeded, ...failed]));
  }
  const totals = countUp(sync, base, succeeded.length, failed.length);
  const interim = withInterim(sync, totals, outcome);
  writeStatus(sync, withEnd(sync, interim, outcome));
}

function untrack({ pods, room }: JobSync, uids: ReadonlySet<string>): void {
  const tracked = pods.filter((pod) => uids.has(pod.metadata.uid) && isTracked(pod));
  const failure = attemptAll(tracked, (pod) => {
    try {
      removeTracking(room.client, pod);
    } catch (error) {
      if (!isStatus(error, 'NotFound')) throw error;
    }
  });
  if (failure !== null) throw failure;
}

function countUp(sync: JobSync, status: JobStatus, succeeded: number, failed: number): JobStatus {
  const { succeeded: _s, failed: _f, uncountedTerminatedPods: _u, ...rest } = status;
  const allSucceeded = isIndexed(sync.job)
    ? sync.doneIndexes.size
    : (sync.job.status.succeeded ?? 0) + succeeded;
  const allFailed = (sync.job.status.failed ?? 0) + failed;
  return {
    ...rest,
    ...(allSucceeded > 0 && { succeeded: allSucceeded }),
    ...(allFailed > 0 && { failed: allFailed }),
    uncountedTerminatedPods: {},
  };
}

/** SuccessCriteriaMet or FailureTarget: it is decided how the job ends, though pods may still terminate. */
function withInterim({ room }: JobSync, status: JobStatus, outcome: Outcome | null): JobStatus {
  if (outcome === null || conditionOf(status, outcome.type) !== undefined) return status;
  const added = newCondition(outcome.type, outcome, room.simulation.nowMs);
  return { ...status, conditions: [...(status.conditions ?? []), added] };
}

/** Complete or Failed, once no pod is left that could change anything; the Event tells it once. */
function withEnd({ room, job }: JobSync, status: JobStatus, outcome: Outcome | null): JobStatus {
  if (outcome === null || (status.active ?? 0) > 0 || (status.terminating ?? 0) > 0) return status;
  const { nowMs } = room.simulation;
  const hasSucceeded = outcome.type === 'SuccessCriteriaMet';
  if (hasSucceeded) room.recorder.event(job, 'Normal', 'Completed', 'Job completed');
  else room.recorder.event(job, 'Warning', outcome.reason, outcome.message);
  const end = newCondition(hasSucceeded ? 'Complete' : 'Failed', outcome, nowMs);
  return {
    ...status,
    ...(hasSucceeded && { completionTime: formatTime(nowMs) }),
    conditions: [...(status.conditions ?? []), end],
  };
}

/** The numbers of pods as they are now, with those that were deleted in this sync. */
export function liveCounts(
  { pods }: JobSync,
  { active, deleted }: Managed,
): Pick<JobStatus, 'active' | 'ready' | 'terminating'> {
  const ready = pods.filter((pod) => isPodActive(pod) && isPodReady(pod)).length;
  return {
    ...(active > 0 && { active }),
    ready: Math.min(ready, active),
    terminating: countTerminating(pods) + deleted,
  };
}
