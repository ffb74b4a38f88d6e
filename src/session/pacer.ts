/** Wall-clock ms of one slice: short enough that a message is answered within a frame. */
export const sliceMs = 8;
/** Events between two looks at the wall clock: few, because an event that runs code for the first time takes 10 ms. */
export const eventsPerLook = 4;
/** Wall-clock time that is made up for at most: after a sleep of the laptop, time does not race. */
const catchUpMsMax = 250;

/** What the pacer drives. */
export interface Paced {
  readonly nowMs: number;
  /** Runs events due by `untilMs`, `events` at most. */
  run(limits: { untilMs: number; events: number }): Promise<'idle' | 'limit'>;
}

/** Turns wall-clock time into virtual time at the session's speed, in slices. */
export class Pacer {
  readonly #clock: () => number;
  #lastMs: number;
  #targetMs: number;

  constructor(clock: () => number, virtualMs: number) {
    this.#clock = clock;
    this.#lastMs = clock();
    this.#targetMs = virtualMs;
  }

  /** Runs one slice. True when there is more to do at once. */
  async slice(session: Paced, speed: number | 'max'): Promise<boolean> {
    const startedMs = this.#clock();
    const elapsedMs = Math.min(startedMs - this.#lastMs, catchUpMsMax);
    this.#lastMs = startedMs;
    if (speed === 'max') this.#targetMs = Infinity;
    else if (speed === 0 || this.#targetMs === Infinity) this.#targetMs = session.nowMs;
    else this.#targetMs += elapsedMs * speed;
    for (;;) {
      const pause = await session.run({ untilMs: this.#targetMs, events: eventsPerLook });
      if (pause === 'idle') return false;
      if (this.#clock() - startedMs >= sliceMs) break;
    }
    // Too slow for this speed: time runs as fast as the machine allows, and no debt piles up.
    if (speed !== 'max' && this.#targetMs - session.nowMs > catchUpMsMax * Math.max(1, speed)) {
      this.#targetMs = session.nowMs;
    }
    return true;
  }
}
