// Upstream: pkg/controller/job/{indexed_job_utils,backoff_utils}.go, what concerns backoffLimitPerIndex
import type { Job } from '#generated/types/batch.v1.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import { isPodActive } from '#kubernetes/api/podStatus.ts';
import { indexOf, parseIndexes } from './completionIndexes.ts';
import { waitAfterFailuresMs } from './failureBackoff.ts';
import { finishMs, hasFailed, isTracked } from './jobPod.ts';
import { isCountedFailure, judgeFailure } from './podFailurePolicy.ts';

const failureCountAnnotation = 'batch.kubernetes.io/job-index-failure-count';
const ignoredCountAnnotation = 'batch.kubernetes.io/job-index-ignored-failure-count';

/** True where each index has failures of its own. */
export function hasIndependentIndexes({ spec }: Job): boolean {
  return spec.backoffLimitPerIndex !== undefined;
}

function countOf({ metadata }: Pod, annotation: string): number {
  return Number(metadata.annotations?.[annotation] ?? 0);
}

function isIndexFailed(job: Job, pod: Pod): boolean {
  if (!hasFailed(pod, job)) return false;
  if (judgeFailure(job, pod)?.action === 'FailIndex') return true;
  return (
    isCountedFailure(job, pod) && countOf(pod, failureCountAnnotation) >= (job.spec.backoffLimitPerIndex ?? 0)
  );
}

/** The indexes that are given up: those the status knows, and those whose last allowed pod has failed. */
export function failedIndexesOf(job: Job, pods: readonly Pod[]): Set<number> {
  const completions = job.spec.completions ?? 0;
  const failed = parseIndexes(job.status.failedIndexes, completions);
  for (const pod of pods) {
    const index = indexOf(pod, completions);
    if (index !== undefined && isTracked(pod) && isIndexFailed(job, pod)) failed.add(index);
  }
  return failed;
}

/**
 * By index the failed pod that is to be replaced. It is held until its successor is there: how often the index has
 * failed stands on the pods alone.
 */
export function replaceablePods(
  job: Job,
  pods: readonly Pod[],
  settled: (index: number) => boolean,
): Map<number, Pod> {
  const completions = job.spec.completions ?? 0;
  const active = new Set(pods.filter(isPodActive).map((pod) => indexOf(pod, completions)));
  const replaceable = new Map<number, Pod>();
  const failures = (pod: Pod) => countOf(pod, failureCountAnnotation) + countOf(pod, ignoredCountAnnotation);
  for (const pod of pods) {
    const index = indexOf(pod, completions);
    if (index === undefined || settled(index) || active.has(index)) continue;
    if (!isTracked(pod) || !hasFailed(pod, job)) continue;
    const other = replaceable.get(index);
    if (other === undefined || failures(pod) > failures(other)) replaceable.set(index, pod);
  }
  return replaceable;
}

/** What the successor of a pod, or the first of an index, says of the failures before it. */
export function failureAnnotations(job: Job, replaced: Pod | undefined): Readonly<Record<string, string>> {
  if (replaced === undefined) return { [failureCountAnnotation]: '0' };
  const isCounted = isCountedFailure(job, replaced);
  const counted = countOf(replaced, failureCountAnnotation) + (isCounted ? 1 : 0);
  const ignored = countOf(replaced, ignoredCountAnnotation) + (isCounted ? 0 : 1);
  return {
    [failureCountAnnotation]: String(counted),
    ...(ignored > 0 && { [ignoredCountAnnotation]: String(ignored) }),
  };
}

/** Ms until an index whose pod failed may have the next one. */
export function indexWaitMs(replaced: Pod | undefined, nowMs: number): number {
  if (replaced === undefined) return 0;
  const failures = countOf(replaced, failureCountAnnotation) + countOf(replaced, ignoredCountAnnotation) + 1;
  return Math.max(0, finishMs(replaced) + waitAfterFailuresMs(failures) - nowMs);
}
