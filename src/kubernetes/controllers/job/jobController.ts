// Upstream: pkg/controller/job/job_controller.go
import type { Job, JobStatus } from '#generated/types/batch.v1.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import { isJobFinished, jobs } from '#kubernetes/api/batch/job.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import { isPodActive } from '#kubernetes/api/podStatus.ts';
import { selectorOf } from '#kubernetes/apimachinery/labels.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import { type Again, WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller } from '../controller.ts';
import { claimObjects, controlledBy, controllerOf, indexByController } from '../controllerRef.ts';
import { Expectations } from '../expectations.ts';
import { isIndexed } from './completionIndexes.ts';
import { FailureBackoff } from './failureBackoff.ts';
import { failedIndexesOf, hasIndependentIndexes, replaceablePods } from './independentIndexes.ts';
import { type Outcome, completionsReached, deadlineLeftMs, outcomeOf } from './jobOutcome.ts';
import { finishMs, isTracked } from './jobPod.ts';
import { doneIndexes, liveCounts, newlyFinished, writeProgress } from './jobStatus.ts';
import { type JobSync, type Room, conditionOf, newCondition } from './jobSync.ts';
import { type Managed, deleteActivePods, manageJob, removeTracking } from './manageJob.ts';

/** Upstream: --concurrent-job-syncs */
const workers = 5;
/** Changes of pods are gathered for so long. Upstream: SyncJobBatchPeriod. */
const batchPeriodMs = 1000;

/** Runs pods until as many have succeeded as a Job asks for. */
export const jobController: Controller = {
  name: 'job-controller',
  start(context) {
    const { simulation, client, informers } = context;
    const room: Room = {
      ...context,
      jobCache: informers.of(jobs),
      podCache: informers.of(pods),
      expectations: new Expectations(simulation),
      backoff: new FailureBackoff(),
    };
    const reconcile = (key: string) => syncJob(room, key);
    const queue = new WorkQueue({ simulation, client, workers, reconcile });
    const orphans = new WorkQueue({
      simulation,
      client,
      workers,
      reconcile: (key) => syncOrphan(room, key),
    });
    indexByController(room.podCache);
    room.jobCache.onChange((now, before) => {
      if (now === undefined) for (const pod of controlledBy(room.podCache, before!)) orphans.add(keyOf(pod));
      const isSame = now?.metadata.generation === before?.metadata.generation && before !== undefined;
      if (isSame && now !== undefined) queue.addAfter(keyOf(now), batchPeriodMs);
      else queue.add(keyOf(now ?? before!));
    });
    room.podCache.onChange((now, before) => observePod(room, now, before, queue, orphans));
    return () => {
      queue.stop();
      orphans.stop();
    };
  },
};

function ownerOf({ jobCache }: Room, pod: Pod): Job | undefined {
  const reference = controllerOf(pod);
  if (reference?.kind !== 'Job') return undefined;
  const owner = jobCache.get(`${pod.metadata.namespace}/${reference.name}`);
  return owner?.metadata.uid === reference.uid ? owner : undefined;
}

function observePod(
  room: Room,
  now: Pod | undefined,
  before: Pod | undefined,
  queue: WorkQueue,
  orphans: WorkQueue,
): void {
  const pod = now ?? before!;
  const owner = ownerOf(room, pod);
  if (owner === undefined) {
    if (now !== undefined && isTracked(now)) orphans.add(keyOf(now));
    return;
  }
  const key = keyOf(owner);
  const isGoing = now === undefined || now.metadata.deletionTimestamp !== undefined;
  if (isGoing) room.expectations.sawDeleted(key, pod.metadata.uid);
  else room.expectations.sawCreated(key, pod.metadata.uid);
  queue.addAfter(key, batchPeriodMs);
}

/** A pod whose job is gone is held by nobody. */
function syncOrphan(room: Room, key: string): void {
  const pod = room.podCache.get(key);
  if (pod === undefined || !isTracked(pod) || ownerOf(room, pod) !== undefined) return;
  try {
    removeTracking(room.client, pod);
  } catch (error) {
    if (!isStatus(error, 'NotFound')) throw error;
  }
}

function syncJob(room: Room, key: string): Again | void {
  const { jobCache, expectations, backoff, simulation } = room;
  const job = jobCache.get(key);
  if (job === undefined) {
    expectations.forget(key);
    backoff.forget(key);
    return undefined;
  }
  if (isManagedElsewhere(job)) return undefined;
  if (isJobFinished(job)) {
    backoff.forget(key);
    return untrackLeftovers(room, job);
  }
  const mayManage = expectations.areMet(key);
  const sync = readJob(room, key, job);
  const { finished } = sync;
  if (!hasIndependentIndexes(job))
    backoff.note(key, finished.succeeded.map(finishMs), finished.failed.map(finishMs));
  let outcome = outcomeOf(sync);
  let managed: Managed = { active: sync.active.length, deleted: 0, failure: null, waitMs: 0 };
  let status = job.status;
  if (status.startTime === undefined && !job.spec.suspend) {
    status = { ...status, startTime: formatTime(simulation.nowMs) };
  }
  if (outcome !== null) managed = deleteActivePods(sync);
  else if (mayManage && job.metadata.deletionTimestamp === undefined) {
    managed = manageJob(sync);
    outcome = successOf(sync, managed.active);
    if (outcome === null) status = withSuspension(sync, status);
  }
  const { active: _active, ...rest } = status;
  writeProgress(sync, { ...rest, ...liveCounts(sync, managed) }, mayManage ? outcome : null);
  if (managed.failure !== null) throw managed.failure;
  return nextLook(sync.job, managed.waitMs, simulation.nowMs);
}

/** Jobs that name another controller are that one's. Upstream: managedByExternalController */
function isManagedElsewhere({ spec }: Job): boolean {
  return spec.managedBy !== undefined && spec.managedBy !== 'kubernetes.io/job-controller';
}

function readJob(room: Room, key: string, job: Job): JobSync {
  const { client, podCache } = room;
  const selector = selectorOf(job.spec.selector);
  const claimed = claimObjects({
    client,
    informer: podCache,
    kind: pods,
    owner: job,
    ownerKind: jobs,
    selector,
  });
  const { status } = job;
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  const finished = newlyFinished(job, claimed);
  const done = isIndexed(job) ? doneIndexes(job, claimed) : new Set<number>();
  const isEachForItself = hasIndependentIndexes(job);
  const given = isEachForItself ? failedIndexesOf(job, claimed) : new Set<number>();
  const mayReplace = isEachForItself && !job.spec.suspend && job.metadata.deletionTimestamp === undefined;
  const count = (status.succeeded ?? 0) + succeeded.length + finished.succeeded.length;
  return {
    room,
    key,
    job,
    pods: claimed,
    active: claimed.filter(isPodActive),
    finished,
    succeeded: isIndexed(job) ? done.size : count,
    failed: (status.failed ?? 0) + failed.length + finished.failed.length,
    doneIndexes: done,
    failedIndexes: given,
    replaceable: mayReplace
      ? replaceablePods(job, claimed, (index) => done.has(index) || given.has(index))
      : new Map(),
  };
}

/** A job that counts completions ends with the last, any other when all have ended after the first success. */
function successOf({ job, succeeded }: JobSync, active: number): Outcome | null {
  const { completions } = job.spec;
  const isReached = completions === undefined ? succeeded > 0 && active === 0 : succeeded >= completions;
  return isReached ? completionsReached : null;
}

/** Says that the job is suspended or goes on; its clock starts anew when it does. */
function withSuspension({ room, job }: JobSync, status: JobStatus): JobStatus {
  const isSuspended = conditionOf(status, 'Suspended') !== undefined;
  const isWanted = job.spec.suspend === true;
  if (isSuspended === isWanted) return status;
  const { nowMs } = room.simulation;
  const [reason, message] = isWanted ? ['JobSuspended', 'Job suspended'] : ['JobResumed', 'Job resumed'];
  room.recorder.event(job, 'Normal', isWanted ? 'Suspended' : 'Resumed', message);
  const next = newCondition('Suspended', { reason, message }, nowMs, isWanted ? 'True' : 'False');
  const others = (status.conditions ?? []).filter(({ type }) => type !== 'Suspended');
  const conditions = [...others, next];
  return { ...status, ...(!isWanted && { startTime: formatTime(nowMs) }), conditions };
}

/** Pods that ended after their job did are let go. */
function untrackLeftovers(room: Room, job: Job): void {
  for (const pod of controlledBy(room.podCache, job)) {
    if (isTracked(pod)) removeTracking(room.client, pod);
  }
}

function nextLook(job: Job, waitMs: number, nowMs: number): Again | void {
  if (isJobFinished(job)) return undefined;
  const waits = [waitMs, deadlineLeftMs(job, nowMs) ?? 0].filter((ms) => ms > 0);
  return waits.length === 0 ? undefined : { afterMs: Math.min(...waits) };
}
