import type { Repetition } from './repetition.ts';
import type { Version } from './version.ts';

/** Versions per run; runs split at this size, so an insert moves at most so many. */
const runLengthMax = 512;

/**
 * The newest versions of all keys that begin with one prefix, which ends in a slash, and hold no slash after it. They
 * are sorted by name in short runs: insert, remove and seek cost a search plus one short move, and a key costs no
 * memory but its name.
 */
export class Directory<V> {
  readonly prefix: string;
  /** A number that tells prefixes apart, for the store's running digest. */
  readonly digest: number;
  readonly #runs: Version<V>[][] = [[]];
  /** Whose newest versions are made when somebody asks; null where there are none. */
  #repeated: Map<string, Repetition<V>> | null = null;
  /** The last search: a write looks for one name several times. */
  #sought: string | null = null;
  #run = 0;
  #place = 0;

  constructor(prefix: string) {
    this.prefix = prefix;
    let digest = 0;
    for (let i = 0; i < prefix.length; i++) digest = (Math.imul(digest, 31) + prefix.charCodeAt(i)) | 0;
    this.digest = digest;
  }

  /** The newest version of a name, which may be a deletion. */
  get(name: string): Version<V> | undefined {
    this.#seek(name);
    const found = this.#runs[this.#run]![this.#place];
    if (found === undefined || found.name !== name) return undefined;
    return this.#repeated === null ? found : this.#current(found);
  }

  /** The repetition that a name is put by. */
  repetitionOf(name: string): Repetition<V> | undefined {
    return this.#repeated?.get(name);
  }

  /** Leaves the newest versions of these names to a repetition, until `settle`. */
  repeat(repetition: Repetition<V>): void {
    this.#repeated ??= new Map();
    for (const name of repetition.names) this.#repeated.set(name, repetition);
  }

  /** Keeps the newest versions of a repetition that is over. */
  settle(repetition: Repetition<V>): void {
    for (const name of repetition.names) {
      this.#repeated?.delete(name);
      this.set(repetition.newest(name));
    }
    if (this.#repeated?.size === 0) this.#repeated = null;
  }

  /** Makes `version` the newest of its name. */
  set(version: Version<V>): void {
    const { name } = version;
    this.#seek(name);
    const run = this.#runs[this.#run]!;
    const place = this.#place;
    if (run[place]?.name === name) run[place] = version;
    else if (place === run.length) run.push(version);
    else run.splice(place, 0, version);
    if (run.length <= runLengthMax) return;
    this.#runs.splice(this.#run + 1, 0, run.splice(run.length >> 1));
    this.#sought = null;
  }

  delete(name: string): void {
    this.#seek(name);
    const run = this.#runs[this.#run]!;
    if (run[this.#place]?.name !== name) return;
    run.splice(this.#place, 1);
    this.#sought = null;
    if (run.length === 0 && this.#runs.length > 1) this.#runs.splice(this.#run, 1);
  }

  /** Newest versions from name `from` (included) up to `end` (not included; all when undefined), in order. */
  *between(from: string, end: string | undefined): Generator<Version<V>, void, undefined> {
    this.#seek(from);
    let place = this.#place;
    for (let at = this.#run; at < this.#runs.length; at++, place = 0) {
      const run = this.#runs[at]!;
      for (; place < run.length; place++) {
        const version = run[place]!;
        if (end !== undefined && version.name >= end) return;
        yield this.#repeated === null ? version : this.#current(version);
      }
    }
  }

  #current(version: Version<V>): Version<V> {
    const repetition = this.#repeated?.get(version.name);
    return repetition === undefined ? version : repetition.newest(version.name);
  }

  /** Finds where `name` is, or would be: the last run whose first name is not after it, and the place in that. */
  #seek(name: string): void {
    if (this.#sought === name) return;
    const runs = this.#runs;
    let low = 0;
    let high = runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (runs[middle]![0]!.name <= name) low = middle;
      else high = middle - 1;
    }
    const run = runs[low]!;
    this.#run = low;
    low = 0;
    high = run.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (run[middle]!.name < name) low = middle + 1;
      else high = middle;
    }
    this.#place = low;
    this.#sought = name;
  }
}
