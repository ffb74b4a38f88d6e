import { assert } from './assert.ts';
import { causeOf, type Cause } from './cause.ts';
import { EventQueue, type Timer } from './eventQueue.ts';
import { RandomStream } from './random.ts';

/** Why `run` came back: nothing left before `untilMs`, the events were used up, or a program was resumed. */
export type Pause = 'idle' | 'limit' | 'hop';

/** More events than this at one instant of virtual time is a loop of ours that never ends. */
const eventsPerInstantMax = 5_000_000;

/**
 * Virtual time and the order of everything (D2, D3): one queue of timers, named random streams, and the
 * cause that each event inherits from the one that scheduled it. Times are milliseconds since the Unix
 * epoch, and may have fractions.
 */
export class Simulation {
  /** The cause of what is running now; null between events. Set it only through `withCause`. */
  cause: Cause | null = null;
  readonly seed: string;
  #nowMs: number;
  #sequence = 0;
  #eventCount = 0;
  #instantCount = 0;
  #resumed = false;
  #stopped: unknown = null;
  readonly #queue = new EventQueue();
  #streams = new Map<string, RandomStream>();

  constructor(options: { seed: string; startMs: number }) {
    this.seed = options.seed;
    this.#nowMs = options.startMs;
  }

  /** The virtual clock, in milliseconds since the Unix epoch. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** How many events have run. An input is stamped with it (D5). */
  get eventCount(): number {
    return this.#eventCount;
  }

  /** When the next event is due, or null when nothing waits. */
  get nextMs(): number | null {
    return this.#queue.peek()?.atMs ?? null;
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#queue.size;
  }

  /** The random stream of that name; a draw from one shifts nothing in another. */
  random(name: string): RandomStream {
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      stream = new RandomStream(this.seed, name);
      this.#streams.set(name, stream);
    }
    return stream;
  }

  /** Schedules `run` after `delayMs` (at least 0), under the present cause unless one is given. */
  after(delayMs: number, run: () => void, cause: Cause | null = this.cause): Timer {
    assert(delayMs >= 0, `a delay must not be negative or NaN: ${delayMs}`);
    const atMs = this.#nowMs + delayMs;
    const timer: Timer = { atMs, sequence: this.#sequence++, cause, run };
    this.#queue.add(timer, atMs === this.#nowMs);
    return timer;
  }

  /** Takes a timer back; a no-op when it already ran. */
  cancel(timer: Timer | null | undefined): void {
    if (timer) this.#queue.cancel(timer);
  }

  /**
   * Runs `tick` every `periodMs`, first after `firstMs`. Each tick is a root of its own (D6). Returns what
   * ends it.
   */
  every(periodMs: number, actor: string, tick: () => void, firstMs = periodMs): () => void {
    let timer: Timer | null = null;
    const again = () => {
      timer = this.after(periodMs, again, null);
      this.withCause(causeOf(null, this.#nowMs, actor, 'tick', ''), tick);
    };
    timer = this.after(firstMs, again, null);
    return () => this.cancel(timer);
  }

  /** Runs `act` with `cause` as the reason for whatever it schedules and writes. */
  withCause<T>(cause: Cause | null, act: () => T): T {
    const before = this.cause;
    this.cause = cause;
    try {
      return act();
    } finally {
      this.cause = before;
    }
  }

  /**
   * Runs `act` for someone who only looks on: what it draws by chance comes from streams of its own, so that the
   * simulation goes on as if nobody had asked (D5).
   */
  observe<T>(act: () => T): T {
    const streams = this.#streams;
    this.#streams = new Map();
    try {
      return act();
    } finally {
      this.#streams = streams;
    }
  }

  /** Tells the loop that an event resumed a program, so that it must hop before the next event (D2). */
  noteResumed(): void {
    this.#resumed = true;
  }

  /**
   * Runs events that are due by `untilMs`, `events` of them at most. On 'hop' the host waits one macrotask
   * and calls again; on 'idle' the clock stands at `untilMs` (unless that is Infinity).
   */
  run(limits: { untilMs: number; events?: number }): Pause {
    if (this.#stopped !== null) throw this.#stopped;
    let left = limits.events ?? Infinity;
    for (;;) {
      if (this.#resumed) {
        this.#resumed = false;
        return 'hop';
      }
      const next = this.#queue.peek();
      if (next === null || next.atMs > limits.untilMs) break;
      if (left-- <= 0) return 'limit';
      this.#runNext();
    }
    if (limits.untilMs !== Infinity && limits.untilMs > this.#nowMs) this.#nowMs = limits.untilMs;
    return 'idle';
  }

  #runNext(): void {
    const timer = this.#queue.take()!;
    if (timer.atMs > this.#nowMs) {
      this.#nowMs = timer.atMs;
      this.#instantCount = 0;
    }
    this.#eventCount++;
    this.#instantCount++;
    const run = timer.run!;
    timer.run = null;
    this.cause = timer.cause;
    try {
      assert(this.#instantCount < eventsPerInstantMax, 'an endless loop at one instant of virtual time');
      run();
    } catch (error) {
      this.#stopped = error;
      throw error;
    } finally {
      this.cause = null;
    }
  }
}
