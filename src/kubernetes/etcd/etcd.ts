import { assert } from '#sim/assert.ts';
import type { Cause } from '#sim/cause.ts';
import type { Simulation } from '#sim/simulation.ts';
import { SortedKeys } from './sortedKeys.ts';

/** One version of one key. A deleted key's last version has no value. */
export interface KeyValue<V> {
  readonly key: string;
  readonly value: V | undefined;
  readonly createRevision: number;
  readonly modRevision: number;
  /** Writes since the key was created, 1 for the first. */
  readonly version: number;
  readonly lease: number;
  readonly cause: Cause | null;
  /** The trail of the write that created the key: kept as long as the key lives (D6). */
  readonly created: Cause | null;
}

/** A version with the one before it, as far back as the last compaction. */
interface Version<V> extends KeyValue<V> {
  older: Version<V> | undefined;
}

export interface EtcdEvent<V> {
  readonly type: 'PUT' | 'DELETE';
  readonly current: KeyValue<V>;
  /** What the key held before; undefined when it is new. */
  readonly previous: KeyValue<V> | undefined;
}

/** The key's modRevision must equal this; 0 says that the key must not exist. */
export interface Compare {
  readonly key: string;
  readonly modRevision: number;
}

export type Operation<V> =
  /** `value` is given the revision that the transaction will get. */
  | { readonly type: 'put'; readonly key: string; value(revision: number): V; readonly lease?: number }
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

/**
 * One revision sequence over a sorted map of versions: transactions with compares, reads at a past revision,
 * watches from a past revision, leases, compaction. It knows no Kubernetes; values are shared, never copied,
 * and must never change (D4). Upstream: etcd/server/storage/mvcc
 */
export class Etcd<V> {
  readonly #simulation: Simulation;
  readonly #keys = new SortedKeys();
  /** The newest version of each key. */
  readonly #versions = new Map<string, Version<V>>();
  readonly #watchers = new Set<(event: EtcdEvent<V>) => void>();
  readonly #leases = new Map<number, Set<string>>();
  #log: EtcdEvent<V>[] = [];
  #revision = 1;
  #compactRevision = 0;
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

  get(key: string): KeyValue<V> | undefined {
    const latest = this.#versions.get(key);
    return latest?.value === undefined ? undefined : latest;
  }

  /** Keys in order with their values, how many the range holds in all, and the revision that was read. */
  range(range: Range): { kvs: KeyValue<V>[]; count: number; revision: number } {
    const revision = range.revision ?? this.#revision;
    if (revision < this.#compactRevision) throw new Compacted(this.#compactRevision);
    const limit = range.limit ?? Infinity;
    const kvs: KeyValue<V>[] = [];
    let count = 0;
    for (const key of this.#keys.between(range.from, range.end)) {
      const found = versionAt(this.#versions.get(key)!, revision);
      if (found?.value === undefined) continue;
      if (count++ < limit) kvs.push(found);
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
    for (const operation of operations) this.#write(operation, revision);
    return { succeeded: true, revision };
  }

  /**
   * Calls `onEvent` for every write after `afterRevision`, past ones at once and later ones as they commit.
   * Throws Compacted when the past ones are no longer known. Returns what ends the watch.
   */
  watch(afterRevision: number, onEvent: (event: EtcdEvent<V>) => void): () => void {
    for (const event of this.since(afterRevision)) onEvent(event);
    this.#watchers.add(onEvent);
    return () => this.#watchers.delete(onEvent);
  }

  /** The writes after `afterRevision`, in order. Throws Compacted. */
  since(afterRevision: number): readonly EtcdEvent<V>[] {
    if (afterRevision < this.#compactRevision) throw new Compacted(this.#compactRevision);
    let low = 0;
    let high = this.#log.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#log[middle]!.current.modRevision <= afterRevision) low = middle + 1;
      else high = middle;
    }
    return this.#log.slice(low);
  }

  /** A lease: the keys put under it are deleted after `ttlMs`. */
  grant(ttlMs: number): number {
    const id = ++this.#leaseCount;
    this.#leases.set(id, new Set());
    this.#simulation.after(ttlMs, () => this.#expire(id), null);
    return id;
  }

  /** Forgets all versions that a read at `revision` or later cannot see. */
  compact(revision: number): void {
    assert(revision <= this.#revision, `compaction at ${revision} is in the future of ${this.#revision}`);
    if (revision <= this.#compactRevision) return;
    let kept = 0;
    while (kept < this.#log.length && this.#log[kept]!.current.modRevision <= revision) {
      this.#forget(this.#log[kept]!.current.key, revision);
      kept++;
    }
    this.#log = this.#log.slice(kept);
    this.#compactRevision = revision;
  }

  #forget(key: string, revision: number): void {
    const newest = this.#versions.get(key);
    if (newest === undefined) return;
    const visible = versionAt(newest, revision);
    if (visible !== undefined) visible.older = undefined;
    if (visible === newest && newest.value === undefined) {
      this.#versions.delete(key);
      this.#keys.delete(key);
    }
  }

  #write(operation: Operation<V>, revision: number): void {
    const newest = this.#versions.get(operation.key);
    const previous = newest?.value === undefined ? undefined : newest;
    if (operation.type === 'delete' && previous === undefined) return;
    const key = newest === undefined ? operation.key : newest.key;
    const cause = this.#simulation.cause;
    const lease = operation.type === 'put' ? (operation.lease ?? 0) : 0;
    const current: Version<V> = {
      key,
      value: operation.type === 'put' ? operation.value(revision) : undefined,
      createRevision: previous?.createRevision ?? revision,
      modRevision: revision,
      version: (previous?.version ?? 0) + 1,
      lease,
      cause,
      created: previous === undefined ? cause : previous.created,
      older: newest,
    };
    this.#versions.set(key, current);
    if (newest === undefined) this.#keys.add(key);
    if (previous?.lease) this.#leases.get(previous.lease)?.delete(key);
    if (lease) this.#leases.get(lease)?.add(key);
    this.#mix(operation.type, key, revision);
    const event: EtcdEvent<V> = { type: operation.type === 'put' ? 'PUT' : 'DELETE', current, previous };
    this.#log.push(event);
    for (const watcher of this.#watchers) watcher(event);
  }

  #expire(lease: number): void {
    const keys = this.#leases.get(lease);
    this.#leases.delete(lease);
    if (keys === undefined || keys.size === 0) return;
    this.transact(
      [],
      [...keys].map((key) => ({ type: 'delete', key })),
    );
  }

  #mix(type: string, key: string, revision: number): void {
    let h = Math.imul(this.#hash ^ revision ^ type.charCodeAt(0), 0x01000193);
    for (let i = 0; i < key.length; i++) h = Math.imul(h ^ key.charCodeAt(i), 0x01000193);
    this.#hash = h;
  }
}

/** The version that a read at `revision` sees, from the newest on. */
function versionAt<V>(newest: Version<V>, revision: number): Version<V> | undefined {
  let version: Version<V> | undefined = newest;
  while (version !== undefined && version.modRevision > revision) version = version.older;
  return version;
}
