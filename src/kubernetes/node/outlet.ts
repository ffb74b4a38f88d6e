import type { Simulation } from '#sim/simulation.ts';

/** One answer's stream: what is put before it is opened waits, and everything goes out in later events. */
export class Outlet<T> {
  readonly #simulation: Simulation;
  #waiting: T[] = [];
  #receive: ((batch: readonly unknown[]) => void) | null = null;
  #end: ((error?: Error) => void) | null = null;
  #isScheduled = false;
  #hasEnded = false;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  open(receive: (batch: readonly unknown[]) => void, end: (error?: Error) => void): void {
    this.#receive = receive;
    this.#end = end;
    this.#schedule();
  }

  put(item: T): void {
    this.#waiting.push(item);
    this.#schedule();
  }

  end(): void {
    this.#hasEnded = true;
    this.#schedule();
  }

  close(): void {
    this.#receive = null;
    this.#waiting = [];
  }

  #schedule(): void {
    if (this.#isScheduled || this.#receive === null) return;
    this.#isScheduled = true;
    this.#simulation.after(0, () => {
      this.#isScheduled = false;
      const batch = this.#waiting;
      this.#waiting = [];
      if (batch.length > 0) this.#receive?.(batch);
      if (this.#hasEnded && this.#waiting.length === 0) this.#end?.();
    });
  }
}
