// Upstream: apiserver/pkg/util/flowcontrol/fairqueuing/queueset

/** How requests of a priority level wait; none do where it rejects what it has no seat for. */
export interface Queuing {
  /** Requests of one flow that may wait at once: its hand of queues times their length. */
  readonly waitingMax: number;
}

/**
 * The requests of one priority level, as work in virtual time: each takes a seat for as long as it runs, the level has so
 * many seats, and flows with work in hand share them evenly. What is still to be done is all that is kept of a flow, so
 * one that has caught up costs nothing.
 */
export class FairQueues {
  readonly #seats: number;
  readonly #queuing: Queuing | null;
  /** Seat milliseconds that each flow has still in hand. */
  readonly #work = new Map<string, number>();
  #atMs = 0;

  constructor(seats: number, queuing: Queuing | null) {
    this.#seats = seats;
    this.#queuing = queuing;
  }

  /** Takes a request of `costMs` in: how many ms it waits for its seat, null when there is no room for it to wait. */
  take(flow: string, costMs: number, nowMs: number): number | null {
    this.#drain(nowMs);
    const before = this.#work.get(flow) ?? 0;
    const flows = this.#work.has(flow) ? this.#work.size : this.#work.size + 1;
    const seats = this.#seats / flows;
    const behind = Math.max(0, before + costMs - seats * costMs);
    if (behind > 0 && (this.#queuing === null || behind / costMs > this.#queuing.waitingMax)) return null;
    this.#work.set(flow, before + costMs);
    return Math.ceil(behind / seats);
  }

  /** Does the work that was done since: what a flow leaves of its share, the others get. */
  #drain(nowMs: number): void {
    let capacity = this.#seats * Math.max(0, nowMs - this.#atMs);
    this.#atMs = Math.max(this.#atMs, nowMs);
    while (capacity > 0 && this.#work.size > 0) {
      const share = capacity / this.#work.size;
      const done = [...this.#work].filter(([, work]) => work <= share);
      for (const [flow, work] of done) {
        this.#work.delete(flow);
        capacity -= work;
      }
      if (done.length > 0) continue;
      for (const [flow, work] of this.#work) this.#work.set(flow, work - share);
      return;
    }
  }
}
