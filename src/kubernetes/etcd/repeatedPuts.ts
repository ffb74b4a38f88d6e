import type { Cause } from '#sim/cause.ts';
import type { Directory } from './directory.ts';
import type { Repetition, Round } from './repetition.ts';
import { Version } from './version.ts';

/** What one put of many wrote, told from what the key held before and from when it was. */
export interface Repeated<V> {
  value(before: V, atMs: number, revision: number): V;
  cause(round: Cause | null, name: string, atMs: number, revision: number): Cause;
  note(atMs: number): unknown;
  /** Makes a version independent of the one before it, which is about to be forgotten. */
  settle(version: Version<V>): void;
}

/**
 * Keys of one directory that are put again together, each with a value that follows from the one before and from when.
 * A version of theirs is made when somebody asks for it, with the revision that its put had; nobody can tell it from
 * one that was stored at once. See docs/decisions/009-repeated-writes.md.
 */
export class RepeatedPuts<V> implements Repetition<V> {
  readonly directory: Directory<V>;
  readonly names: readonly string[];
  /** When the last round was to be seen by who watches, in ms of the clock. */
  seenMs: number;
  /** Set by the store: nothing is put through it any more. */
  isOver = false;
  readonly #repeated: Repeated<V>;
  readonly #places: ReadonlyMap<string, number>;
  /** The newest version of each member that was asked for. */
  readonly #newest: Version<V>[];
  #rounds: Round<V>[] = [];

  constructor(directory: Directory<V>, members: readonly Version<V>[], repeated: Repeated<V>, nowMs: number) {
    this.directory = directory;
    this.names = members.map(({ name }) => name);
    this.seenMs = nowMs;
    this.#repeated = repeated;
    this.#newest = [...members];
    this.#places = new Map(members.map(({ name }, place) => [name, place]));
  }

  round(firstRevision: number, atMs: number, cause: Cause | null): Round<V> {
    const modRevision = firstRevision + this.names.length - 1;
    const round: Round<V> = { repetition: this, atMs, firstRevision, modRevision, cause };
    this.#rounds.push(round);
    return round;
  }

  /** The newest version of a member. */
  newest(name: string): Version<V> {
    const place = this.#places.get(name)!;
    const known = this.#newest[place]!;
    let at = this.#rounds.length;
    while (at > 0 && this.#rounds[at - 1]!.firstRevision + place > known.modRevision) at--;
    let version = known;
    for (; at < this.#rounds.length; at++) version = this.#after(version, this.#rounds[at]!, place);
    this.#newest[place] = version;
    return version;
  }

  /** The versions that a round made, in order. */
  *versionsOf({ firstRevision }: Round<V>): Generator<Version<V>, void, undefined> {
    for (const [place, name] of this.names.entries()) {
      let version: Version<V> | undefined = this.newest(name);
      while (version !== undefined && version.modRevision > firstRevision + place) version = version.older;
      if (version !== undefined) yield version;
    }
  }

  /** Lets go of what a read at `revision` or later cannot see. */
  compact(revision: number): void {
    let gone = 0;
    while (gone + 1 < this.#rounds.length && this.#rounds[gone + 1]!.modRevision <= revision) gone++;
    this.#rounds = this.#rounds.slice(gone);
    for (const newest of this.#newest) {
      let version: Version<V> | undefined = newest;
      while (version !== undefined && version.modRevision > revision) version = version.older;
      if (version?.older === undefined) continue;
      this.#repeated.settle(version);
      version.older = undefined;
    }
  }

  #after(older: Version<V>, { atMs, firstRevision, cause }: Round<V>, place: number): Version<V> {
    const { directory } = this;
    const { name } = older;
    const revision = firstRevision + place;
    const version = new Version(directory, name, {
      value: this.#repeated.value(older.value!, atMs, revision),
      revision,
      lease: 0,
      cause: this.#repeated.cause(cause, name, atMs, revision),
      older,
    });
    version.note = this.#repeated.note(atMs);
    return version;
  }
}
