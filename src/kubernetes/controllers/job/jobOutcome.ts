// Upstream: pkg/controller/job/job_controller.go, what decides that a job ends
import type { Job } from '#generated/types/batch.v1.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import { hasFailed } from './jobPod.ts';
import { type JobSync, conditionOf } from './jobSync.ts';
import { judgeFailure } from './podFailurePolicy.ts';
import { metSuccessRule } from './successPolicy.ts';

/** How a job ends: the interim condition that says so, and why. */
export interface Outcome {
  readonly type: 'SuccessCriteriaMet' | 'FailureTarget';
  readonly reason: string;
  readonly message: string;
}

export const completionsReached: Outcome = {
  type: 'SuccessCriteriaMet',
  reason: 'CompletionsReached',
  message: 'Reached expected number of succeeded pods',
};

/** The outcome that was decided before, or that the failures or the deadline decide now. */
export function outcomeOf(sync: JobSync): Outcome | null {
  const { job, pods, failed, room } = sync;
  for (const type of ['SuccessCriteriaMet', 'FailureTarget'] as const) {
    const decided = conditionOf(job.status, type);
    if (decided !== undefined) {
      return { type, reason: decided.reason ?? '', message: decided.message ?? '' };
    }
  }
  const verdict = pods
    .filter((pod) => hasFailed(pod, job))
    .map((pod) => judgeFailure(job, pod))
    .find((found) => found?.action === 'FailJob');
  if (verdict) return failure('PodFailurePolicy', verdict.message);
  if (failed > (job.spec.backoffLimit ?? 0) || restartsExceedLimit(job, pods)) {
    return failure('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  }
  const leftMs = deadlineLeftMs(job, room.simulation.nowMs);
  if (leftMs !== null && leftMs <= 0) {
    return failure('DeadlineExceeded', 'Job was active longer than specified deadline');
  }
  return failedByIndexes(sync) ?? succeededByPolicy(sync);
}

/** Too many indexes given up, or none left that is not done. */
function failedByIndexes({ job, failedIndexes, doneIndexes }: JobSync): Outcome | null {
  const { maxFailedIndexes = Infinity, completions = 0 } = job.spec;
  if (failedIndexes.size > maxFailedIndexes) {
    const message = 'Job has exceeded the specified maximal number of failed indexes';
    return failure('MaxFailedIndexesExceeded', message);
  }
  const isOver = failedIndexes.size > 0 && failedIndexes.size + doneIndexes.size >= completions;
  return isOver ? failure('FailedIndexes', 'Job has failed indexes') : null;
}

function succeededByPolicy({ job, doneIndexes }: JobSync): Outcome | null {
  const rule = metSuccessRule(job, doneIndexes);
  if (rule < 0) return null;
  return { type: 'SuccessCriteriaMet', reason: 'SuccessPolicy', message: `Matched rules at index ${rule}` };
}

function failure(reason: string, message: string): Outcome {
  return { type: 'FailureTarget', reason, message };
}

/** Ms until the job's deadline, null when it has none or does not run. */
export function deadlineLeftMs({ spec, status }: Job, nowMs: number): number | null {
  const { activeDeadlineSeconds, suspend } = spec;
  if (activeDeadlineSeconds === undefined || status.startTime === undefined || suspend) return null;
  return Date.parse(status.startTime) + activeDeadlineSeconds * 1000 - nowMs;
}

/** Containers that are restarted in their pod count against the same limit. */
function restartsExceedLimit({ spec }: Job, pods: readonly Pod[]): boolean {
  if (spec.template.spec?.restartPolicy !== 'OnFailure') return false;
  let restarts = 0;
  for (const { status } of pods) {
    if (status.phase !== 'Running' && status.phase !== 'Pending') continue;
    const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
    for (const { restartCount } of statuses) restarts += restartCount;
  }
  const limit = spec.backoffLimit ?? 0;
  return limit === 0 ? restarts > 0 : restarts >= limit;
}
