import type { Cause } from './cause.ts';

/** Something that will happen. The object is its own handle: `cancel` takes it back. */
export interface Timer {
  readonly atMs: number;
  /** Order of scheduling: equal times run in this order. */
  readonly sequence: number;
  readonly cause: Cause | null;
  /** Null once it ran or was cancelled. */
  run: (() => void) | null;
}

/**
 * Timers by (time, order of scheduling): a binary heap for the future, and a plain queue for what is due
 * at the present instant. Whatever waits in the heap for an instant was scheduled before that instant
 * began, so at equal times the heap goes first.
 */
export class EventQueue {
  readonly #heap: Timer[] = [];
  #due: Timer[] = [];
  #dueAt = 0;
  #cancelled = 0;

  /** Timers that wait, cancelled ones not counted. */
  get size(): number {
    return this.#heap.length + this.#due.length - this.#dueAt - this.#cancelled;
  }

  /** Adds a timer; `present` says that it is due at the instant that is running now. */
  add(timer: Timer, present: boolean): void {
    if (present) this.#due.push(timer);
    else this.#push(timer);
  }

  /** Takes a timer back, in constant time. It is a no-op for one that ran or was cancelled before. */
  cancel(timer: Timer): void {
    if (timer.run === null) return;
    timer.run = null;
    this.#cancelled++;
    if (this.#cancelled > 64 && this.#cancelled > this.#heap.length >> 1) this.#sweep();
  }

  /** The next timer that will run, left where it is. */
  peek(): Timer | null {
    while (this.#heap.length > 0 && this.#heap[0]!.run === null) {
      this.#pop();
      this.#cancelled--;
    }
    while (this.#dueAt < this.#due.length && this.#due[this.#dueAt]!.run === null) {
      this.#dueAt++;
      this.#cancelled--;
    }
    const first = this.#heap[0] ?? null;
    const due = this.#due[this.#dueAt] ?? null;
    if (due === null) return first;
    return first !== null && first.atMs <= due.atMs ? first : due;
  }

  /** Removes and returns the next timer. */
  take(): Timer | null {
    const next = this.peek();
    if (next === null) return null;
    if (next === this.#heap[0]) this.#pop();
    else if (++this.#dueAt > 1024 && this.#dueAt * 2 > this.#due.length) {
      this.#due = this.#due.slice(this.#dueAt);
      this.#dueAt = 0;
    }
    return next;
  }

  #sweep(): void {
    const live = this.#heap.filter((timer) => timer.run !== null);
    this.#cancelled -= this.#heap.length - live.length;
    this.#heap.length = 0;
    for (const timer of live) this.#push(timer);
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above]!;
      if (!isBefore(timer, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    const length = heap.length;
    if (length === 0) return;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= length) break;
      if (child + 1 < length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence);
}
