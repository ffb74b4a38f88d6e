// Upstream: etcd's etcdutl/snapshot/v3_snapshot.go
import type { Etcd } from './etcd.ts';
import type { KeyValue } from './version.ts';

/** Upstream: the file begins as bbolt's do; another version's cannot be read. */
const magic = 'etcd-snapshot v3.6';
const anyMagic = /^etcd-snapshot v\d+\.\d+/;
/** What bbolt takes for a key with its value, on average. */
const bytesPerKey = 4_096;

/** What a snapshot file says of itself. */
export interface SnapshotStatus {
  /** 8 hexadecimal digits. */
  readonly hash: string;
  readonly revision: number;
  readonly totalKeys: number;
  /** In bytes. */
  readonly totalSize: number;
}

export interface Snapshot<V> extends SnapshotStatus {
  readonly kvs: readonly KeyValue<V>[];
}

/** Why a file is no snapshot, in the tool's words. */
export class SnapshotError extends Error {
  override name = 'SnapshotError';
}

/**
 * The snapshots of one store. A file lists keys with their revisions and ends with its hash, so that one that was cut or
 * changed is found out; the values, which never change, are kept here and not in the file.
 */
export class Snapshots<V> {
  readonly #etcd: Etcd<V>;
  readonly #taken = new Map<string, Snapshot<V>>();

  constructor(etcd: Etcd<V>) {
    this.#etcd = etcd;
  }

  /** Takes a snapshot and returns the file's text. */
  save(): string {
    const { kvs, revision } = this.#etcd.range({ from: '', end: '\uFFFF' });
    const lines = kvs.map(({ key, modRevision }) => `${key} ${modRevision}`);
    const body = [magic, String(revision), ...lines].join('\n');
    const hash = digest(body);
    this.#taken.set(hash, {
      hash,
      revision,
      kvs,
      totalKeys: kvs.length,
      totalSize: sizeOf(kvs.length),
    });
    return `${body}\nhash ${hash}\n`;
  }

  /** Reads a file. Throws SnapshotError for one that is cut, changed or of another version. */
  read(text: string): Snapshot<V> {
    if (!anyMagic.test(text)) throw new SnapshotError('invalid database');
    if (!text.startsWith(`${magic}\n`)) throw new SnapshotError('version mismatch');
    const [, body, hash] = /^([^]*)\nhash ([0-9a-f]{8})\n$/.exec(text) ?? [];
    if (body === undefined || hash === undefined)
      throw new SnapshotError('snapshot missing hash but --skip-hash-check=false');
    const found = digest(body);
    if (found !== hash) throw new SnapshotError(`expected sha256 [${bytes(hash)}], got [${bytes(found)}]`);
    const snapshot = this.#taken.get(hash);
    if (snapshot === undefined) throw new SnapshotError('invalid database');
    return snapshot;
  }
}

/**
 * Makes a store hold what a snapshot does. Revisions go on and never back, as `--bump-revision --mark-compacted` has
 * it: what differs is written anew, what is not in the snapshot is deleted, and nobody can read what was before.
 * `atRevision` is a value as it is at its new revision; `leaseOf` the lease that a key is put under.
 */
export function restore<V>(
  etcd: Etcd<V>,
  { kvs }: Snapshot<V>,
  atRevision: (value: V, revision: number) => V,
  leaseOf: (key: string) => number,
): void {
  const wanted = new Set(kvs.map(({ key }) => key));
  for (const { key } of etcd.range({ from: '', end: '\uFFFF' }).kvs)
    if (!wanted.has(key)) etcd.transact([], [{ type: 'delete', key }]);
  for (const { key, value, modRevision, note } of kvs) {
    const present = etcd.get(key);
    if (present?.modRevision === modRevision) continue;
    const slash = key.lastIndexOf('/') + 1;
    const next = atRevision(value!, etcd.revision + 1);
    const directory = etcd.directory(key.slice(0, slash));
    const lease = leaseOf(key);
    etcd.put(directory, key.slice(slash), present?.modRevision ?? 0, next, { note, lease });
  }
  etcd.compact(etcd.revision);
}

/** What a database of so many keys takes on disk, in bytes. */
export function sizeOf(keys: number): number {
  return (keys + 6) * bytesPerKey;
}

function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

function bytes(hash: string): string {
  return [0, 2, 4, 6].map((at) => Number.parseInt(hash.slice(at, at + 2), 16)).join(' ');
}
