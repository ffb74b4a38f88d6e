// Upstream: client-go/util/workqueue/{queue,delaying_queue,default_rate_limiters}.go
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Cause } from '#sim/cause.ts';
import type { Timer } from '#sim/eventQueue.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { Client } from './client.ts';

/** Upstream: DefaultTypedControllerRateLimiter, 5 ms doubling to 1000 s per key. */
const retryBaseMs = 5;
const retryMaxMs = 1_000_000;

/** A key whose work is not done yet; what `reconcile` returns to be called again. */
export interface Again {
  readonly afterMs: number;
}

/** Brings the world to what the object of that key says, from the caches, whatever happened (level-triggered). */
export type Reconcile = (key: string) => Again | void;

/**
 * Keys waiting for their reconcile: each waits once, however often it is added, and is worked on by one worker
 * at a time. A reconcile that throws a StatusError is tried again, later each time.
 */
export class WorkQueue {
  readonly #simulation: Simulation;
  readonly #client: Client;
  readonly #reconcile: Reconcile;
  /** Keys that wait, each with the cause that asked last. */
  readonly #waiting = new Map<string, Cause | null>();
  readonly #working = new Map<string, { again: boolean; cause: Cause | null }>();
  readonly #delayed = new Map<string, Timer>();
  readonly #failures = new Map<string, number>();
  #idleWorkers: number;
  #scheduled = false;
  #stopped = false;

  constructor(options: { simulation: Simulation; client: Client; workers: number; reconcile: Reconcile }) {
    this.#simulation = options.simulation;
    this.#client = options.client;
    this.#idleWorkers = options.workers;
    this.#reconcile = options.reconcile;
  }

  /** Keys that wait or are being worked on. */
  get size(): number {
    return this.#waiting.size + this.#working.size;
  }

  /** Asks for a reconcile of `key`, under the present cause. */
  add(key: string): void {
    if (this.#stopped) return;
    const { cause } = this.#simulation;
    const working = this.#working.get(key);
    if (working !== undefined) {
      working.again = true;
      working.cause = cause;
      return;
    }
    this.#waiting.set(key, cause);
    this.#schedule();
  }

  /** Asks for it in `delayMs`; an earlier request for the same key stands. */
  addAfter(key: string, delayMs: number): void {
    if (this.#stopped) return;
    const present = this.#delayed.get(key);
    const atMs = this.#simulation.nowMs + delayMs;
    if (present !== undefined && present.run !== null && present.atMs <= atMs) return;
    this.#simulation.cancel(present);
    const timer = this.#simulation.after(delayMs, () => {
      this.#delayed.delete(key);
      this.add(key);
    });
    this.#delayed.set(key, timer);
  }

  stop(): void {
    this.#stopped = true;
    this.#waiting.clear();
    for (const timer of this.#delayed.values()) this.#simulation.cancel(timer);
    this.#delayed.clear();
  }

  #schedule(): void {
    if (this.#scheduled || this.#idleWorkers === 0 || this.#waiting.size === 0) return;
    this.#scheduled = true;
    this.#simulation.after(0, () => this.#next(), null);
  }

  #next(): void {
    this.#scheduled = false;
    if (this.#stopped) return;
    const first = this.#waiting.entries().next().value;
    if (first === undefined) return;
    const [key, cause] = first;
    this.#waiting.delete(key);
    this.#working.set(key, { again: false, cause: null });
    this.#idleWorkers--;
    this.#simulation.withCause(cause, () => this.#work(key));
    this.#schedule();
  }

  /** Runs one reconcile; its worker is busy for the time its calls took. */
  #work(key: string): void {
    this.#client.takeElapsedMs();
    try {
      const again = this.#reconcile(key);
      this.#failures.delete(key);
      if (again) this.addAfter(key, again.afterMs);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      const failures = this.#failures.get(key) ?? 0;
      this.#failures.set(key, failures + 1);
      this.addAfter(key, Math.min(retryBaseMs * 2 ** Math.min(failures, 30), retryMaxMs));
    }
    const elapsedMs = this.#client.takeElapsedMs();
    if (elapsedMs === 0) this.#finish(key);
    else this.#simulation.after(elapsedMs, () => this.#finish(key), null);
  }

  #finish(key: string): void {
    const { again, cause } = this.#working.get(key)!;
    this.#working.delete(key);
    this.#idleWorkers++;
    if (again && !this.#stopped) this.#waiting.set(key, cause);
    this.#schedule();
  }
}
