/** Seconds that a meter looks back. */
const seconds = 64;

/** CPU time spent, by the second, for as long as anybody may ask: a ring of buckets. */
export class CpuMeter {
  readonly #micros = new Float64Array(seconds);
  readonly #second = new Float64Array(seconds).fill(-1);

  /** Counts CPU time, in millionths of a core-second, at this moment. */
  spend(nowMs: number, micros: number): void {
    const second = Math.floor(nowMs / 1000);
    const at = second % seconds;
    if (this.#second[at] !== second) {
      this.#second[at] = second;
      this.#micros[at] = 0;
    }
    this.#micros[at]! += micros;
  }

  /** What was spent from one whole second up to, not including, another. */
  spentBetween(fromMs: number, toMs: number): number {
    let sum = 0;
    for (let second = Math.floor(fromMs / 1000); second < Math.floor(toMs / 1000); second++) {
      const at = second % seconds;
      if (this.#second[at] === second) sum += this.#micros[at]!;
    }
    return sum;
  }
}
