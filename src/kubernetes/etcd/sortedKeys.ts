/** Keys per run; runs split at this size, so an insert moves at most so many. */
const runLengthMax = 512;

/** A sorted set of strings in short runs: insert, remove and seek cost a search plus one short move. */
export class SortedKeys {
  readonly #runs: string[][] = [[]];

  add(key: string): void {
    const at = this.#runOf(key);
    const run = this.#runs[at]!;
    const place = lowerBound(run, key);
    if (run[place] === key) return;
    if (place === run.length) run.push(key);
    else run.splice(place, 0, key);
    if (run.length > runLengthMax) this.#runs.splice(at + 1, 0, run.splice(run.length >> 1));
  }

  delete(key: string): void {
    const at = this.#runOf(key);
    const run = this.#runs[at]!;
    const place = lowerBound(run, key);
    if (run[place] !== key) return;
    run.splice(place, 1);
    if (run.length === 0 && this.#runs.length > 1) this.#runs.splice(at, 1);
  }

  /** Keys from `from` (included) up to `end` (not included), in order. */
  *between(from: string, end: string): Generator<string, void, undefined> {
    let at = this.#runOf(from);
    let place = lowerBound(this.#runs[at]!, from);
    for (; at < this.#runs.length; at++, place = 0) {
      const run = this.#runs[at]!;
      for (; place < run.length; place++) {
        const key = run[place]!;
        if (key >= end) return;
        yield key;
      }
    }
  }

  /** The last run whose first key is not after `key`. */
  #runOf(key: string): number {
    let low = 0;
    let high = this.#runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#runs[middle]![0]! <= key) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function lowerBound(run: readonly string[], key: string): number {
  let low = 0;
  let high = run.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (run[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
