import type { Simulation } from './simulation.ts';

/** A promise that only the simulation settles; the one thing a program may await (D2). */
export class Deferred<T> {
  readonly promise: Promise<T>;
  readonly #simulation: Simulation;
  #resolve!: (value: T) => void;
  #reject!: (error: unknown) => void;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  resolve(value: T): void {
    this.#simulation.noteResumed();
    this.#resolve(value);
  }

  reject(error: unknown): void {
    this.#simulation.noteResumed();
    this.#reject(error);
  }
}

/** Resolves after `delayMs` of virtual time, as an event of its own. */
export function sleep(simulation: Simulation, delayMs: number): Promise<void> {
  const deferred = new Deferred<void>(simulation);
  simulation.after(delayMs, () => deferred.resolve());
  return deferred.promise;
}

/** A host's macrotask: whatever programs can do at this instant is done when it resolves. */
export type Hop = () => Promise<void>;

/** Runs the simulation, hopping where programs ask for it, until it is idle or has used up its events. */
export async function runWithHops(
  simulation: Simulation,
  hop: Hop,
  limits: { untilMs: number; events?: number },
): Promise<'idle' | 'limit'> {
  const lastEvent = simulation.eventCount + (limits.events ?? Infinity);
  for (;;) {
    const pause = simulation.run({ untilMs: limits.untilMs, events: lastEvent - simulation.eventCount });
    if (pause !== 'hop') return pause;
    await hop();
  }
}
