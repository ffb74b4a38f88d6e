/** One point of the small charts. Times in ms since the epoch of the virtual clock, rates in requests per second. */
export interface Sample {
  readonly atMs: number;
  readonly requests: number;
  readonly errors: number;
  readonly podsReady: number;
  readonly podsFailing: number;
}

const samplesMax = 600;
/** Virtual time between two samples. */
const samplePeriodMs = 1000;

/** The recent past of the cluster's totals, one sample per second of virtual time. */
export class Series {
  #samples: Sample[] = [];

  get samples(): readonly Sample[] {
    return this.#samples;
  }

  add(sample: Sample): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && sample.atMs < last.atMs) this.#samples = [];
    else if (last !== undefined && sample.atMs - last.atMs < samplePeriodMs) return;
    this.#samples.push(sample);
    if (this.#samples.length > samplesMax * 1.5) this.#samples = this.#samples.slice(-samplesMax);
  }

  clear(): void {
    this.#samples = [];
  }
}
