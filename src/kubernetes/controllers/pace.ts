import type { WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Simulation } from '#sim/simulation.ts';

/**
 * Syncs of one key that changes of dependents ask for stand so far apart. Upstream: --kube-api-qps, which holds
 * kube-controller-manager to 20 calls per second; so ten thousand pods that become ready in a second cost
 * twenty looks at all of them, not ten thousand.
 */
const gapMs = 50;

/** Asks a queue for syncs: the first at once, the next no sooner than the gap allows. */
export class Pace {
  readonly #simulation: Simulation;
  readonly #queue: WorkQueue;
  /** When each key's last sync was, or will be. */
  readonly #lastMs = new Map<string, number>();

  constructor(simulation: Simulation, queue: WorkQueue) {
    this.#simulation = simulation;
    this.#queue = queue;
  }

  ask(key: string): void {
    const { nowMs } = this.#simulation;
    const lastMs = this.#lastMs.get(key) ?? -Infinity;
    if (lastMs > nowMs) return;
    // At the very instant of a sync it may have run already, or be about to: asking again is safe for both.
    const atMs = lastMs === nowMs ? nowMs : Math.max(nowMs, lastMs + gapMs);
    this.#lastMs.set(key, atMs);
    if (atMs === nowMs) this.#queue.add(key);
    else this.#queue.addAfter(key, atMs - nowMs);
  }

  /** The owner is gone. */
  forget(key: string): void {
    this.#lastMs.delete(key);
  }
}
