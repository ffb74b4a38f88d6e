import type { Cause } from '#sim/cause.ts';
import type { Directory } from './directory.ts';

/** One version of one key. A deleted key's last version has no value. */
export interface KeyValue<V> {
  readonly key: string;
  readonly value: V | undefined;
  readonly modRevision: number;
  readonly cause: Cause | null;
  /** The trail of the write that created the key: kept as long as the key lives (D6). */
  readonly created: Cause | null;
  /** What the writer left beside the value. It may be replaced by what says the same. */
  note: unknown;
  /** The version before, as far back as the last compaction. */
  readonly older: KeyValue<V> | undefined;
}

/** A write as watchers see it. */
export interface EtcdEvent<V> extends KeyValue<V> {
  readonly directory: Directory<V>;
  readonly name: string;
  /** What the key held before; undefined when it is new. */
  readonly previous: KeyValue<V> | undefined;
}

/**
 * A first version in the form in which it is kept where that takes less room; whoever reads it gets an equal value,
 * and an equal cause.
 */
export abstract class Packed<V> {
  abstract unpack(version: Version<V>): V;
  /** The cause of the write, of which the version itself keeps only the parent. */
  abstract cause(parent: Cause | null, version: Version<V>): Cause;
}

/**
 * A version with the one before it, as far back as the last compaction. There are hundreds of thousands: it is also
 * the event of its own write, and its key is in two parts, which it shares.
 */
export class Version<V> implements EtcdEvent<V> {
  readonly directory: Directory<V>;
  /** The rest of the key: one text with the name inside the value. */
  readonly name: string;
  readonly modRevision: number;
  readonly lease: number;
  older: Version<V> | undefined;
  #stored: V | Packed<V> | undefined;
  /** Of a packed version, the parent of its cause. */
  #cause: Cause | null;
  readonly #created: Cause | null;
  note: unknown;

  constructor(
    directory: Directory<V>,
    name: string,
    written: {
      readonly value: V | undefined;
      readonly revision: number;
      readonly lease: number;
      readonly cause: Cause | null;
      readonly older: Version<V> | undefined;
    },
  ) {
    const { older } = written;
    this.directory = directory;
    this.name = name;
    this.modRevision = written.revision;
    this.lease = written.lease;
    this.#cause = written.cause;
    this.#created = older === undefined || older.isDeleted ? null : older.created;
    this.older = older;
    this.#stored = written.value;
    this.note = undefined;
  }

  get key(): string {
    return this.directory.prefix + this.name;
  }

  get value(): V | undefined {
    const stored = this.#stored;
    return stored instanceof Packed ? stored.unpack(this) : stored;
  }

  get cause(): Cause | null {
    return this.#stored instanceof Packed ? this.#stored.cause(this.#cause, this) : this.#cause;
  }

  get created(): Cause | null {
    return this.#created ?? this.cause;
  }

  /** Keeps a first version in another form, when all who watch have seen it. */
  pack(packed: Packed<V>): void {
    if (this.#created !== null || this.#cause === null) return;
    this.#stored = packed;
    this.#cause = this.#cause.parent;
  }

  get isDeleted(): boolean {
    return this.#stored === undefined;
  }

  get previous(): Version<V> | undefined {
    return this.older?.isDeleted === false ? this.older : undefined;
  }
}

/** The version that a read at `revision` sees, from the newest on. */
export function versionAt<V>(newest: Version<V>, revision: number): Version<V> | undefined {
  let version: Version<V> | undefined = newest;
  while (version !== undefined && version.modRevision > revision) version = version.older;
  return version;
}
