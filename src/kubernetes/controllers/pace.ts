import type { WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Simulation } from '#sim/simulation.ts';

/**
 * Syncs of one key that changes of dependents ask for stand so far apart. Upstream: --kube-api-qps, which holds
 * kube-controller-manager to 20 calls per second; so ten thousand pods that become ready in a second do not
 * cost ten thousand looks at all of them.
 */
const gapMs = 50;
/** Upstream's looks take their time too: it reads, and for the most part copies, every dependent. */
const gapPerDependentMs = 0.02;

/** Asks a queue for syncs: the first at once, the next no sooner than the gap allows. */
export class Pace {
  readonly #simulation: Simulation;
  readonly #queue: WorkQueue;
  /** When each key's last sync was, or will be. */
  readonly #lastMs = new Map<string, number>();
  readonly #gapMs = new Map<string, number>();

  constructor(simulation: Simulation, queue: WorkQueue) {
    this.#simulation = simulation;
    this.#queue = queue;
  }

  ask(key: string): void {
    const { nowMs } = this.#simulation;
    const lastMs = this.#lastMs.get(key) ?? -Infinity;
    if (lastMs > nowMs) return;
    // At the very instant of a sync it may have run already, or be about to: asking again is safe for both.
    const atMs = lastMs === nowMs ? nowMs : Math.max(nowMs, lastMs + (this.#gapMs.get(key) ?? gapMs));
    this.#lastMs.set(key, atMs);
    if (atMs === nowMs) this.#queue.add(key);
    else this.#queue.addAfter(key, atMs - nowMs);
  }

  /** A look at the key finds so many dependents. */
  setSize(key: string, dependents: number): void {
    this.#gapMs.set(key, gapMs + dependents * gapPerDependentMs);
  }

  /** The owner is gone. */
  forget(key: string): void {
    this.#lastMs.delete(key);
    this.#gapMs.delete(key);
  }
}
