import type { Cause } from '#sim/cause.ts';
import type { Directory } from './directory.ts';
import type { Version } from './version.ts';

/** One put of every member, in their order, at revisions that follow one another. It stands in the log for all. */
export interface Round<V> {
  readonly repetition: Repetition<V>;
  readonly atMs: number;
  readonly firstRevision: number;
  /** That of its last put. */
  readonly modRevision: number;
  readonly cause: Cause | null;
}

/**
 * Keys of one directory that are put again together. A version of theirs is made when somebody asks for it, with the
 * revision that its put had; nobody can tell it from one that was stored at once.
 */
export interface Repetition<V> {
  readonly directory: Directory<V>;
  readonly names: readonly string[];
  /** When the last round was to be seen by who watches, in ms of the clock. */
  seenMs: number;
  /** Set by the store: nothing is put through it any more. */
  isOver: boolean;
  /** One more round. */
  round(firstRevision: number, atMs: number, cause: Cause | null): Round<V>;
  /** The newest version of a member. */
  newest(name: string): Version<V>;
  /** The versions that a round made, in order. */
  versionsOf(round: Round<V>): Iterable<Version<V>>;
  /** Lets go of what a read at `revision` or later cannot see. */
  compact(revision: number): void;
}
