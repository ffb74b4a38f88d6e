import type { Job, JobCondition, JobStatus } from '#generated/types/batch.v1.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import type { ControllerContext } from '../controller.ts';
import type { Expectations } from '../expectations.ts';
import type { FailureBackoff } from './failureBackoff.ts';

/** What the job controller works with. */
export interface Room extends ControllerContext {
  readonly jobCache: Informer<Job>;
  readonly podCache: Informer<Pod>;
  readonly expectations: Expectations;
  readonly backoff: FailureBackoff;
}

/** Pods that ended, and whose end the status does not count yet. */
export interface Finished {
  readonly succeeded: readonly Pod[];
  readonly failed: readonly Pod[];
  /** Those whose failure the job's policy does not count, or that are of no index of an indexed job. */
  readonly ignored: readonly Pod[];
}

/** One sync of one job: what it found, and the status it is about to write. */
export interface JobSync {
  readonly room: Room;
  readonly key: string;
  /** As it was read; replaced by what is written on the way. */
  job: Job;
  readonly pods: readonly Pod[];
  /** Pods that run or may still run. */
  readonly active: readonly Pod[];
  readonly finished: Finished;
  /** With those that ended since the last sync. */
  readonly succeeded: number;
  readonly failed: number;
  /** Of indexed jobs: which are done. */
  readonly doneIndexes: ReadonlySet<number>;
  /** Of jobs whose indexes fail each for itself: which are given up, and the failed pods that wait for successors. */
  readonly failedIndexes: ReadonlySet<number>;
  readonly replaceable: ReadonlyMap<number, Pod>;
}

export function conditionOf(status: JobStatus, type: string): JobCondition | undefined {
  return status.conditions?.find((condition) => condition.type === type && condition.status === 'True');
}

export function newCondition(
  type: string,
  { reason, message }: { readonly reason?: string; readonly message?: string },
  nowMs: number,
  status: 'True' | 'False' = 'True',
): JobCondition {
  const now = formatTime(nowMs);
  return {
    type,
    status,
    lastProbeTime: now,
    lastTransitionTime: now,
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
  };
}
