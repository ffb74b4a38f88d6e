import type { AnyKind } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { conflict, notFound } from '#kubernetes/apimachinery/statusError.ts';
import type { Directory } from '#kubernetes/etcd/directory.ts';
import { type Etcd, prefixEnd } from '#kubernetes/etcd/etcd.ts';
import type { KeyValue, Packed } from '#kubernetes/etcd/version.ts';
import type { Cause } from '#sim/cause.ts';

/** Why a write that read an older version fails. Upstream: apiserver/pkg/registry/generic/registry/store.go */
export const modifiedSince =
  'the object has been modified; please apply your changes to the latest version and try again';

/** Objects, with the revision they were read at. */
export interface Page {
  readonly items: KubeObject[];
  readonly resourceVersion: string;
}

/** How an object is kept, where that is not for good and as it is. */
export interface Keeping {
  /** The lease that it is put under; 0 for none. */
  readonly lease?: number;
  /** The form in which it takes less room; undefined for an object that has none. */
  readonly pack?: ((object: KubeObject, cause: Cause) => Packed<KubeObject> | undefined) | undefined;
}

/** Objects in etcd: their keys, and their revisions in their metadata. */
export class Storage {
  readonly etcd: Etcd<KubeObject>;
  readonly #directories = new WeakMap<AnyKind, Map<string, Directory<KubeObject>>>();

  constructor(etcd: Etcd<KubeObject>) {
    this.etcd = etcd;
  }

  /** The object, or undefined. */
  get(kind: AnyKind, namespace: string, name: string): KubeObject | undefined {
    return this.record(kind, namespace, name)?.value;
  }

  /** The object; throws NotFound. */
  read(kind: AnyKind, namespace: string, name: string): KubeObject {
    const found = this.get(kind, namespace, name);
    if (found === undefined) throw notFound(kind.group, kind.plural, name);
    return found;
  }

  /** The stored version with its causes, for audit questions. */
  record(kind: AnyKind, namespace: string, name: string): KeyValue<KubeObject> | undefined {
    return this.etcd.read(this.#directory(kind, namespace), name);
  }

  /**
   * Stores `object` over `old` (undefined for a new one) and returns it with its revision. `owners` (an
   * Ownership) says whose its fields are, or who wrote them; where it is left out they stay whose they were.
   */
  put(
    kind: AnyKind,
    object: KubeObject,
    old: KubeObject | undefined,
    { lease, pack }: Keeping = {},
    owners?: object,
  ): KubeObject {
    const { etcd } = this;
    const { namespace = '', name } = object.metadata;
    const directory = this.#directory(kind, namespace);
    const resourceVersion = String(etcd.revision + 1);
    const stored: KubeObject = { ...object, metadata: { ...object.metadata, resourceVersion } };
    const modRevision = old === undefined ? 0 : Number(old.metadata.resourceVersion);
    const packed = etcd.cause === null ? undefined : pack?.(stored, etcd.cause);
    if (!etcd.put(directory, name, modRevision, stored, { lease, packed, note: owners }))
      throw conflict(kind.group, kind.plural, name, modifiedSince);
    etcd.cause?.wrote(directory.prefix, name);
    return stored;
  }

  /** The record of a stored version, also of one that is deleted since; undefined where etcd no longer has it. */
  versionOf(kind: AnyKind, { metadata }: KubeObject): KeyValue<KubeObject> | undefined {
    const { namespace = '', name, resourceVersion } = metadata;
    return this.etcd.versionAt(this.#directory(kind, namespace), name, Number(resourceVersion));
  }

  /** Removes the object for good. */
  remove(kind: AnyKind, object: KubeObject): void {
    const { namespace = '', name } = object.metadata;
    const directory = this.#directory(kind, namespace);
    this.etcd.cause?.wrote(directory.prefix, name);
    this.etcd.delete(directory, name);
  }

  #directory(kind: AnyKind, namespace: string): Directory<KubeObject> {
    let scopes = this.#directories.get(kind);
    if (scopes === undefined) {
      scopes = new Map();
      this.#directories.set(kind, scopes);
    }
    let directory = scopes.get(namespace);
    if (directory === undefined) {
      directory = this.etcd.directory(storagePrefix(kind, namespace));
      scopes.set(namespace, directory);
    }
    return directory;
  }

  /** Objects of a kind in key order, in all namespaces when `namespace` is empty. */
  list(kind: AnyKind, namespace: string): Page {
    const prefix = storagePrefix(kind, namespace);
    const { kvs, revision } = this.etcd.range({ from: prefix, end: prefixEnd(prefix) });
    return { items: kvs.map((kv) => kv.value!), resourceVersion: String(revision) };
  }
}

/** Under which a kind's objects are kept: `pods`, or `example.com/widgets` for a custom resource. */
export function storedResource(kind: AnyKind): string {
  return kind.custom ? `${kind.group}/${kind.plural}` : kind.plural;
}

/** The inverse of `storedResource` for a key. Groups of custom resources have a dot, built-in resources have none. */
export function resourceOfKey(key: string): string {
  const [, , first = '', second = ''] = key.split('/', 4);
  return first.includes('.') ? `${first}/${second}` : first;
}

/** `/registry/pods/default/`; of all namespaces when that is empty. */
export function storagePrefix(kind: AnyKind, namespace: string): string {
  const scope = kind.namespaced && namespace !== '' ? `${namespace}/` : '';
  return `/registry/${storedResource(kind)}/${scope}`;
}
