// Upstream: pkg/controller/job/backoff_utils.go

/** Upstream: DefaultJobPodFailureBackOff and MaxJobPodFailureBackOff. */
const backoffBaseMs = 10_000;
const backoffMaxMs = 10 * 60_000;

/** The wait after so many failures in a row, one at least. */
export function waitAfterFailuresMs(failures: number): number {
  return Math.min(backoffBaseMs * 2 ** Math.min(failures - 1, 20), backoffMaxMs);
}

interface Failures {
  readonly sinceSuccess: number;
  readonly lastMs: number;
}

/** How long each job waits before it replaces a pod that failed: 10 s, doubled with every failure in a row. */
export class FailureBackoff {
  readonly #failures = new Map<string, Failures>();

  /** Takes note of pods that ended, by the times of their ends. A success in between starts anew. */
  note(job: string, succeededMs: readonly number[], failedMs: readonly number[]): void {
    if (succeededMs.length + failedMs.length === 0) return;
    const lastSuccessMs = Math.max(-Infinity, ...succeededMs);
    const known = this.#failures.get(job) ?? { sinceSuccess: 0, lastMs: -Infinity };
    const kept = lastSuccessMs >= known.lastMs && succeededMs.length > 0 ? 0 : known.sinceSuccess;
    const later = failedMs.filter((ms) => ms > lastSuccessMs);
    const lastMs = Math.max(known.lastMs, ...later);
    this.#failures.set(job, { sinceSuccess: kept + later.length, lastMs });
  }

  /** Ms until the job may create its next pod. */
  remainingMs(job: string, nowMs: number): number {
    const { sinceSuccess, lastMs } = this.#failures.get(job) ?? { sinceSuccess: 0, lastMs: 0 };
    if (sinceSuccess === 0) return 0;
    return Math.max(0, lastMs + waitAfterFailuresMs(sinceSuccess) - nowMs);
  }

  forget(job: string): void {
    this.#failures.delete(job);
  }
}
