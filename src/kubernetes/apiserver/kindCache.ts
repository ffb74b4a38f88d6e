import type { Kind } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { prefixEnd } from '#kubernetes/etcd/etcd.ts';
import { type Storage, storagePrefix } from './storage.ts';

/**
 * All objects of one kind by namespace, kept current by etcd's events: what admission asks at every write, without
 * a list. It is current within the transaction that changed it.
 */
export class KindCache<T extends KubeObject = KubeObject> {
  readonly #byNamespace = new Map<string, Map<string, T>>();
  /** The lists that were asked for since their namespace last changed: one identity as long as nothing did. */
  readonly #lists = new Map<string, readonly T[]>();

  constructor({ etcd }: Storage, kind: Kind<T>) {
    const prefix = storagePrefix(kind, '');
    for (const { key, value } of etcd.range({ from: prefix, end: prefixEnd(prefix) }).kvs) {
      this.#put(key, value as T);
    }
    etcd.watch(
      etcd.revision,
      (event) => {
        const { key, value, previous } = event;
        if (value !== undefined) this.#put(key, value as T);
        else if (previous?.value !== undefined) this.#forget(key, previous.value as T);
      },
      [prefix],
    );
  }

  /** The objects of a namespace in order of their keys; '' for kinds without namespaces. */
  in(namespace: string): readonly T[] {
    let list = this.#lists.get(namespace);
    if (list === undefined) {
      const entries = [...(this.#byNamespace.get(namespace) ?? [])];
      list = entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
      this.#lists.set(namespace, list);
    }
    return list;
  }

  #put(key: string, object: T): void {
    const namespace = object.metadata.namespace ?? '';
    let objects = this.#byNamespace.get(namespace);
    if (objects === undefined) {
      objects = new Map();
      this.#byNamespace.set(namespace, objects);
    }
    objects.set(key, object);
    this.#lists.delete(namespace);
  }

  #forget(key: string, object: T): void {
    const namespace = object.metadata.namespace ?? '';
    const objects = this.#byNamespace.get(namespace);
    objects?.delete(key);
    if (objects?.size === 0) this.#byNamespace.delete(namespace);
    this.#lists.delete(namespace);
  }
}

/** All objects of a kind without namespaces, for who asks at every write: it allocates nothing. */
export function followed<T extends KubeObject>(kind: Kind<T>): (storage: Storage) => readonly T[] {
  const known = new WeakMap<Storage, KindCache<T>>();
  return (storage) => {
    let cache = known.get(storage);
    if (cache === undefined) {
      cache = cacheOf(storage, kind);
      known.set(storage, cache);
    }
    return cache.in('');
  };
}

const caches = new WeakMap<
  Storage,
  { readonly byKind: WeakMap<Kind, KindCache>; readonly byPrefix: Map<string, KindCache> }
>();

/** The one cache of a kind over a storage, made when it is first asked for. */
export function cacheOf<T extends KubeObject>(storage: Storage, kind: Kind<T>): KindCache<T> {
  let known = caches.get(storage);
  if (known === undefined) {
    known = { byKind: new WeakMap(), byPrefix: new Map() };
    caches.set(storage, known);
  }
  let cache = known.byKind.get(kind);
  if (cache === undefined) {
    const prefix = storagePrefix(kind, '');
    cache = known.byPrefix.get(prefix) ?? (new KindCache(storage, kind) as unknown as KindCache);
    known.byPrefix.set(prefix, cache);
    known.byKind.set(kind, cache);
  }
  return cache as unknown as KindCache<T>;
}
