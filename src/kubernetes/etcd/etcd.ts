import { assert } from '#sim/assert.ts';
import type { Cause } from '#sim/cause.ts';
import type { Simulation } from '#sim/simulation.ts';
import { Directory } from './directory.ts';
import type { Repetition, Round } from './repetition.ts';
import { type EtcdEvent, type KeyValue, type Packed, Version, versionAt } from './version.ts';

/** The key's modRevision must equal this; 0 says that the key must not exist. */
export interface Compare {
  readonly key: string;
  readonly modRevision: number;
}

export type Operation<V> =
  | { readonly type: 'put'; readonly key: string; readonly value: V; readonly lease?: number }
  | { readonly type: 'delete'; readonly key: string };

export interface Range {
  readonly from: string;
  /** Not included. */
  readonly end: string;
  readonly limit?: number;
  /** A past revision; the present one when absent. */
  readonly revision?: number;
}

/** `etcdserver: mvcc: required revision has been compacted`. */
export class Compacted extends Error {
  override name = 'Compacted';
  readonly compactRevision: number;
  constructor(compactRevision: number) {
    super('etcdserver: mvcc: required revision has been compacted');
    this.compactRevision = compactRevision;
  }
}

/** The end of the range of all keys that begin with `prefix`. */
export function prefixEnd(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}

/** What a range holds of one directory: names from `from` (included) up to `end` (not included; all when undefined). */
interface Section<V> {
  readonly directory: Directory<V>;
  readonly from: string;
  readonly end: string | undefined;
}

interface Watcher<V> {
  readonly prefixes: readonly string[];
  onEvent(event: EtcdEvent<V>): void;
  readonly onRepetition: RepetitionWatcher<V> | undefined;
}

/** Called when a repetition begins, when it is over, and with each of its rounds. */
export type RepetitionWatcher<V> = (repetition: Repetition<V>, round: Round<V> | null) => void;

function isRound<V>(entry: Version<V> | Round<V>): entry is Round<V> {
  return 'repetition' in entry;
}

function wants<V>({ prefixes }: Watcher<V>, directory: Directory<V>): boolean {
  return prefixes.some((prefix) => directory.prefix.startsWith(prefix));
}

/** Writes that one event of a compaction lets go of. */
const forgottenPerEvent = 10_000;
/** Keys that one event removes when a lease expires, so that no event is long however many keys it held. */
const expiredPerEvent = 128;

/**
 * One revision sequence over a sorted map of versions: transactions with compares, reads at a past revision,
 * watches from a past revision, leases, compaction. It knows no Kubernetes; values are shared, never copied,
 * and must never change (D4). A key is filed in the directory that its last slash ends; keys come in order inside
 * a directory, and directories in order of their prefixes. Upstream: etcd/server/storage/mvcc
 */
export class Etcd<V> {
  readonly #simulation: Simulation;
  readonly #directories = new Map<string, Directory<V>>();
  /** All directories, sorted by prefix. */
  readonly #sorted: Directory<V>[] = [];
  readonly #watchers = new Set<Watcher<V>>();
  /** Who watches a directory; computed when something is written in it. */
  readonly #watchersOf = new Map<Directory<V>, readonly Watcher<V>[]>();
  /** The names that were put under each lease; one that was put again since is under another. */
  readonly #leases = new Map<number, Map<Directory<V>, string[]>>();
  /** A round of puts stands in it once for all of them. */
  #log: (Version<V> | Round<V>)[] = [];
  readonly #repetitions = new Set<Repetition<V>>();
  #revision = 1;
  #compactRevision = 0;
  /** Called before what a read at `revision` cannot see is forgotten. */
  onCompact: ((revision: number) => void) | undefined;
  #leaseCount = 0;
  #hash = 0x811c9dc5;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  /** The cause that a write would get now. */
  get cause(): Cause | null {
    return this.#simulation.cause;
  }

  get revision(): number {
    return this.#revision;
  }

  get compactRevision(): number {
    return this.#compactRevision;
  }

  /** A running digest of (revision, key, kind of write) since the beginning: equal replays, equal digests. */
  get hash(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0');
  }

  /** The directory of the keys that begin with `prefix`, which ends in a slash. */
  directory(prefix: string): Directory<V> {
    let directory = this.#directories.get(prefix);
    if (directory === undefined) {
      directory = new Directory(prefix);
      this.#directories.set(prefix, directory);
      this.#sorted.splice(this.#firstAfter(prefix), 0, directory);
    }
    return directory;
  }

  get(key: string): KeyValue<V> | undefined {
    const { directory, name } = this.#split(key);
    return this.read(directory, name);
  }

  /** The newest version of `name` in `directory`, unless it is deleted. */
  read(directory: Directory<V>, name: string): KeyValue<V> | undefined {
    const newest = directory.get(name);
    return newest?.isDeleted === false ? newest : undefined;
  }

  /** The version of a name that a read at `revision` sees, a deletion too; undefined where it is not known. */
  versionAt(directory: Directory<V>, name: string, revision: number): KeyValue<V> | undefined {
    const newest = directory.get(name);
    return newest === undefined ? undefined : versionAt(newest, revision);
  }

  /** Keys in order with their values, how many the range holds in all, and the revision that was read. */
  range(range: Range): { kvs: KeyValue<V>[]; count: number; revision: number } {
    const revision = range.revision ?? this.#revision;
    if (revision < this.#compactRevision) throw new Compacted(this.#compactRevision);
    const limit = range.limit ?? Infinity;
    const kvs: KeyValue<V>[] = [];
    let count = 0;
    for (const { directory, from, end } of this.#between(range.from, range.end)) {
      if (revision === this.#revision && directory.isWhole) {
        // Every name is there: what is past the limit need not be looked at to be counted.
        count += directory.count(from, end);
        if (kvs.length === limit) continue;
        for (const newest of directory.between(from, end)) if (kvs.push(newest) === limit) break;
        continue;
      }
      for (const newest of directory.between(from, end)) {
        const found = versionAt(newest, revision);
        if (found === undefined || found.isDeleted) continue;
        if (count++ < limit) kvs.push(found);
      }
    }
    return { kvs, count, revision };
  }

  /** Runs the operations at one new revision when all compares hold, else changes nothing. */
  transact(
    compares: readonly Compare[],
    operations: readonly Operation<V>[],
  ): { succeeded: boolean; revision: number } {
    const holds = compares.every(({ key, modRevision }) => (this.get(key)?.modRevision ?? 0) === modRevision);
    if (!holds || operations.length === 0) return { succeeded: holds, revision: this.#revision };
    const revision = ++this.#revision;
    for (const operation of operations) {
      const { directory, name } = this.#split(operation.key);
      if (operation.type === 'delete') this.#delete(directory, name, revision);
      else this.#put(directory, name, operation.value, revision, operation.lease ?? 0);
    }
    return { succeeded: true, revision };
  }

  /**
   * The transaction of one compare and one put: false, and nothing is changed, when the key's modRevision is not
   * `modRevision` (0: there is none). The revision is the one after the present. A `packed` value is what is kept,
   * and a `note` beside it.
   */
  put(
    directory: Directory<V>,
    name: string,
    modRevision: number,
    value: V,
    options: {
      readonly lease?: number | undefined;
      readonly packed?: Packed<V> | undefined;
      readonly note?: unknown;
    } = {},
  ): boolean {
    if ((this.read(directory, name)?.modRevision ?? 0) !== modRevision) return false;
    const version = this.#put(directory, name, value, ++this.#revision, options.lease ?? 0);
    if (options.packed !== undefined) version.pack(options.packed);
    version.note = options.note;
    return true;
  }

  /** Deletes one key, if it is there, at a new revision. */
  delete(directory: Directory<V>, name: string): void {
    if (this.read(directory, name) !== undefined) this.#delete(directory, name, ++this.#revision);
  }

  /**
   * Calls `onEvent` for every write after `afterRevision` whose directory begins with one of `prefixes`, past ones at
   * once and later ones as they commit; other writes cost nothing. Throws Compacted when the past ones are no longer
   * known. Returns what ends the watch. With `onRepetition`, later puts of repetitions are told by that alone.
   */
  watch(
    afterRevision: number,
    onEvent: (event: EtcdEvent<V>) => void,
    prefixes: readonly string[] = [''],
    onRepetition?: RepetitionWatcher<V>,
  ): () => void {
    const watcher: Watcher<V> = { onEvent, prefixes, onRepetition };
    for (const event of this.since(afterRevision)) if (wants(watcher, event.directory)) onEvent(event);
    this.#watchers.add(watcher);
    this.#watchersOf.clear();
    return () => {
      this.#watchers.delete(watcher);
      this.#watchersOf.clear();
    };
  }

  /**
   * The writes after `afterRevision`, in order, the first `limit` of them; puts of repetitions only of directories
   * whose prefix begins with `repeatedIn`, of none when that is null. Throws Compacted.
   */
  since(afterRevision: number, limit = Infinity, repeatedIn: string | null = ''): readonly EtcdEvent<V>[] {
    if (afterRevision < this.#compactRevision) throw new Compacted(this.#compactRevision);
    const events: EtcdEvent<V>[] = [];
    for (
      let at = this.#firstInLogAfter(afterRevision);
      at < this.#log.length && events.length < limit;
      at++
    ) {
      const entry = this.#log[at]!;
      if (!isRound(entry)) events.push(entry);
      else if (repeatedIn !== null && entry.repetition.directory.prefix.startsWith(repeatedIn)) {
        for (const version of entry.repetition.versionsOf(entry))
          if (version.modRevision > afterRevision) events.push(version);
      }
    }
    return events;
  }

  /** From now on `putAgain` puts all of its names, which are there, and not more than once. */
  repeat(repetition: Repetition<V>): void {
    const { directory, names } = repetition;
    for (const name of names) this.#endRepetitionOf(directory, name);
    directory.repeat(repetition);
    this.#repetitions.add(repetition);
    this.#tell(repetition, null);
  }

  /** Puts every member once more, each at a revision of its own. Watchers see it at `seenMs`. */
  putAgain(repetition: Repetition<V>, seenMs: number): void {
    assert(!repetition.isOver, 'a repetition that is over puts nothing');
    const { cause, nowMs } = this.#simulation;
    const round = repetition.round(this.#revision + 1, nowMs, cause);
    this.#revision = round.modRevision;
    repetition.seenMs = seenMs;
    this.#mix('put', repetition.directory.digest, repetition.names[0]!, this.#revision);
    this.#log.push(round);
    this.#tell(repetition, round);
  }

  /** What is put again and again at present. */
  get repetitions(): Iterable<Repetition<V>> {
    return this.#repetitions;
  }

  /** Ends a repetition: its members are keys like any other again. It ends by itself when one of them is written. */
  endRepetition(repetition: Repetition<V>): void {
    if (repetition.isOver) return;
    repetition.isOver = true;
    this.#repetitions.delete(repetition);
    repetition.directory.settle(repetition);
    this.#tell(repetition, null);
  }

  #endRepetitionOf(directory: Directory<V>, name: string): void {
    const repetition = directory.repetitionOf(name);
    if (repetition !== undefined) this.endRepetition(repetition);
  }

  #tell(repetition: Repetition<V>, round: Round<V> | null): void {
    for (const { onRepetition, onEvent } of this.#watching(repetition.directory)) {
      if (onRepetition !== undefined) onRepetition(repetition, round);
      else if (round !== null) for (const version of repetition.versionsOf(round)) onEvent(version);
    }
  }

  /** A lease: the keys put under it are deleted after `ttlMs`. */
  grant(ttlMs: number): number {
    const id = ++this.#leaseCount;
    this.#leases.set(id, new Map());
    this.#simulation.after(ttlMs, () => this.#expire(id), null);
    return id;
  }

  /** Forgets all versions that a read at `revision` or later cannot see. */
  compact(revision: number): void {
    assert(revision <= this.#revision, `compaction at ${revision} is in the future of ${this.#revision}`);
    if (revision <= this.#compactRevision) return;
    this.onCompact?.(revision);
    const kept = this.#firstInLogAfter(revision);
    const forgotten = this.#log.slice(0, kept);
    this.#log = this.#log.slice(kept);
    this.#compactRevision = revision;
    for (const repetition of this.#repetitions) repetition.compact(revision);
    this.#forget(forgotten, 0);
  }

  /** Lets go of what these writes replaced, some in each event of this instant: nobody can read it any more. */
  #forget(writes: readonly (Version<V> | Round<V>)[], from: number): void {
    const end = Math.min(from + forgottenPerEvent, writes.length);
    const ended = new Set<Repetition<V>>();
    for (let i = from; i < end; i++) {
      const version = writes[i]!;
      if (isRound(version)) {
        if (version.repetition.isOver) ended.add(version.repetition);
        continue;
      }
      version.older = undefined;
      const { directory, name } = version;
      if (version.isDeleted && directory.get(name) === version) directory.delete(name);
    }
    for (const repetition of ended) repetition.compact(this.#compactRevision);
    if (end < writes.length) this.#simulation.after(0, () => this.#forget(writes, end), null);
  }

  #put(directory: Directory<V>, name: string, value: V, revision: number, lease: number): Version<V> {
    const version = this.#write(directory, name, value, revision, lease);
    if (lease !== 0) {
      const leased = this.#leases.get(lease);
      const names = leased?.get(directory);
      if (names === undefined) leased?.set(directory, [version.name]);
      else names.push(version.name);
    }
    return version;
  }

  #delete(directory: Directory<V>, name: string, revision: number): void {
    if (this.read(directory, name) !== undefined) this.#write(directory, name, undefined, revision, 0);
  }

  #write(
    directory: Directory<V>,
    name: string,
    value: V | undefined,
    revision: number,
    lease: number,
  ): Version<V> {
    this.#endRepetitionOf(directory, name);
    const older = directory.get(name);
    const { cause } = this.#simulation;
    const version = new Version(directory, older?.name ?? name, { value, revision, lease, cause, older });
    directory.set(version);
    this.#mix(value === undefined ? 'delete' : 'put', directory.digest, name, revision);
    this.#log.push(version);
    for (const { onEvent } of this.#watching(directory)) onEvent(version);
    return version;
  }

  #watching(directory: Directory<V>): readonly Watcher<V>[] {
    let watching = this.#watchersOf.get(directory);
    if (watching === undefined) {
      watching = [...this.#watchers].filter((watcher) => wants(watcher, directory));
      this.#watchersOf.set(directory, watching);
    }
    return watching;
  }

  /** Deletes what is still under a lease, a few keys in each event of this instant. */
  #expire(lease: number): void {
    const due: { directory: Directory<V>; name: string }[] = [];
    for (const [directory, names] of this.#leases.get(lease) ?? [])
      for (const name of names) due.push({ directory, name });
    this.#leases.delete(lease);
    const next = (at: number) => {
      const expired = due
        .slice(at, at + expiredPerEvent)
        .filter(({ directory, name }) => directory.get(name)?.lease === lease);
      if (expired.length > 0) {
        const revision = ++this.#revision;
        for (const { directory, name } of expired) this.#delete(directory, name, revision);
      }
      if (at + expiredPerEvent < due.length)
        this.#simulation.after(0, () => next(at + expiredPerEvent), null);
    };
    next(0);
  }

  #split(key: string): { directory: Directory<V>; name: string } {
    const start = key.lastIndexOf('/') + 1;
    return { directory: this.directory(key.slice(0, start)), name: key.slice(start) };
  }

  /** The directories of a range, each with the names of it that the range holds. */
  *#between(from: string, end: string): Generator<Section<V>, void, undefined> {
    for (let i = this.#firstAfter(from) - 1; i < this.#sorted.length; i++) {
      const directory = this.#sorted[i];
      if (directory === undefined) continue;
      const { prefix } = directory;
      if (prefix >= end) return;
      if (from > prefix && !from.startsWith(prefix)) continue;
      yield {
        directory,
        from: from > prefix ? from.slice(prefix.length) : '',
        end: end.startsWith(prefix) ? end.slice(prefix.length) : undefined,
      };
    }
  }

  /** The index of the first directory whose prefix is after `text`. */
  #firstAfter(text: string): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sorted[middle]!.prefix <= text) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #firstInLogAfter(revision: number): number {
    let low = 0;
    let high = this.#log.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#log[middle]!.modRevision <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #mix(type: string, directory: number, name: string, revision: number): void {
    let h = Math.imul(this.#hash ^ revision ^ type.charCodeAt(0), 0x01000193);
    h = Math.imul(h ^ directory, 0x01000193);
    for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
    this.#hash = h;
  }
}
