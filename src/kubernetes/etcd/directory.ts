import type { Repetition } from './repetition.ts';
import type { Version } from './version.ts';

/** Names per run; runs split at this size, so an insert moves at most so many. */
const runLengthMax = 512;

/**
 * The newest versions of all keys that begin with one prefix, which ends in a slash, and hold no slash after it: by
 * name, because most reads are of one, and the names in order besides, in short runs, so that an insert costs a search
 * and one short move.
 */
export class Directory<V> {
  readonly prefix: string;
  /** A number that tells prefixes apart, for the store's running digest. */
  readonly digest: number;
  readonly #newest = new Map<string, Version<V>>();
  readonly #runs: string[][] = [[]];
  /** Names whose newest version is a deletion. */
  #deletions = 0;
  /** Whose newest versions are made when somebody asks; null where there are none. */
  #repeated: Map<string, Repetition<V>> | null = null;
  /** Where the last search ended. */
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
    return this.#repeated?.get(name)?.newest(name) ?? this.#newest.get(name);
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
    const before = this.#newest.get(name);
    this.#newest.set(name, version);
    if (version.isDeleted) this.#deletions++;
    if (before?.isDeleted === true) this.#deletions--;
    if (before !== undefined) return;
    this.#seek(name);
    const run = this.#runs[this.#run]!;
    if (this.#place === run.length) run.push(name);
    else run.splice(this.#place, 0, name);
    if (run.length > runLengthMax) this.#runs.splice(this.#run + 1, 0, run.splice(run.length >> 1));
  }

  delete(name: string): void {
    const before = this.#newest.get(name);
    if (before === undefined) return;
    this.#newest.delete(name);
    if (before.isDeleted) this.#deletions--;
    this.#seek(name);
    const run = this.#runs[this.#run]!;
    run.splice(this.#place, 1);
    if (run.length === 0 && this.#runs.length > 1) this.#runs.splice(this.#run, 1);
  }

  /** True when no newest version is a deletion. */
  get isWhole(): boolean {
    return this.#deletions === 0;
  }

  /** How many names there are from `from` (included) up to `end` (not included; all when undefined). */
  count(from: string, end: string | undefined): number {
    this.#seek(from);
    const firstRun = this.#run;
    let count = -this.#place;
    if (end !== undefined) this.#seek(end);
    const lastRun = end === undefined ? this.#runs.length : this.#run;
    for (let at = firstRun; at < lastRun; at++) count += this.#runs[at]!.length;
    return Math.max(0, end === undefined ? count : count + this.#place);
  }

  /** Newest versions from name `from` (included) up to `end` (not included; all when undefined), in order. */
  *between(from: string, end: string | undefined): Generator<Version<V>, void, undefined> {
    this.#seek(from);
    let place = this.#place;
    for (let at = this.#run; at < this.#runs.length; at++, place = 0) {
      const run = this.#runs[at]!;
      for (; place < run.length; place++) {
        const name = run[place]!;
        if (end !== undefined && name >= end) return;
        yield this.get(name)!;
      }
    }
  }

  /** Finds where `name` is, or would be: the last run whose first name is not after it, and the place in that. */
  #seek(name: string): void {
    const runs = this.#runs;
    let low = 0;
    let high = runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (runs[middle]![0]! <= name) low = middle;
      else high = middle - 1;
    }
    const run = runs[low]!;
    this.#run = low;
    low = 0;
    high = run.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (run[middle]! < name) low = middle + 1;
      else high = middle;
    }
    this.#place = low;
  }
}
