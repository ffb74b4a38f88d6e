// Upstream: client-go/util/flowcontrol/backoff.go, pkg/kubelet/kubelet.go (initial and maximal periods)
/** Both of a failing pull and of a crashing container: 10 s doubling to 300 s. */
export const backOffInitialMs = 10_000;
export const backOffMaxMs = 300_000;

/** A delay that doubles with each failure, and starts anew after twice its maximum without one. */
export class BackOff {
  delayMs = 0;
  #updatedMs = 0;

  /** True while something that failed at `failedMs` must wait. */
  isWaiting(failedMs: number, nowMs: number): boolean {
    return !this.#hasExpired(failedMs) && nowMs - failedMs < this.delayMs;
  }

  /** Counts a new attempt: the next failure waits twice as long. */
  next(failedMs: number, nowMs: number): void {
    const isFresh = this.delayMs === 0 || this.#hasExpired(failedMs);
    this.delayMs = isFresh ? backOffInitialMs : Math.min(this.delayMs * 2, backOffMaxMs);
    this.#updatedMs = nowMs;
  }

  #hasExpired(atMs: number): boolean {
    return atMs - this.#updatedMs > backOffMaxMs * 2;
  }
}
