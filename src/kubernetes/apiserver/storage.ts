import type { AnyKind } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { StatusError, conflict, notFound } from '#kubernetes/apimachinery/statusError.ts';
import { Compacted, type Etcd, type KeyValue, prefixEnd } from '#kubernetes/etcd/etcd.ts';

/** Why a write that read an older version fails. Upstream: apiserver/pkg/registry/generic/registry/store.go */
export const modifiedSince =
  'the object has been modified; please apply your changes to the latest version and try again';

/** One page of a list. */
export interface Page {
  readonly items: KubeObject[];
  readonly resourceVersion: string;
  readonly continueToken: string;
  readonly remaining: number;
}

/** Objects in etcd: their keys, their revisions in their metadata, and lists in pages. */
export class Storage {
  readonly etcd: Etcd<KubeObject>;

  constructor(etcd: Etcd<KubeObject>) {
    this.etcd = etcd;
  }

  /** The object, or undefined. */
  get(kind: AnyKind, namespace: string, name: string): KubeObject | undefined {
    return this.etcd.get(storageKey(kind, namespace, name))?.value;
  }

  /** The object; throws NotFound. */
  read(kind: AnyKind, namespace: string, name: string): KubeObject {
    const found = this.get(kind, namespace, name);
    if (found === undefined) throw notFound(kind.group, kind.plural, name);
    return found;
  }

  /** The stored version with its causes, for audit questions. */
  record(kind: AnyKind, namespace: string, name: string): KeyValue<KubeObject> | undefined {
    return this.etcd.get(storageKey(kind, namespace, name));
  }

  /** Stores `object` over `old` (undefined for a new one) and returns it with its revision. */
  put(kind: AnyKind, object: KubeObject, old: KubeObject | undefined, lease = 0): KubeObject {
    const { namespace, name } = object.metadata;
    const key = storageKey(kind, namespace ?? '', name);
    let stored: KubeObject = object;
    const value = (revision: number) => {
      stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
      return stored;
    };
    const modRevision = old === undefined ? 0 : Number(old.metadata.resourceVersion);
    const { succeeded } = this.etcd.transact([{ key, modRevision }], [{ type: 'put', key, value, lease }]);
    if (!succeeded) throw conflict(kind.group, kind.plural, name, modifiedSince);
    nameCause(this.etcd.get(key));
    return stored;
  }

  /** Removes the object for good. */
  remove(kind: AnyKind, object: KubeObject): void {
    const key = storageKey(kind, object.metadata.namespace ?? '', object.metadata.name);
    nameCause(this.etcd.get(key), this.etcd.cause);
    this.etcd.transact([], [{ type: 'delete', key }]);
  }

  /** Objects of a kind in key order, in all namespaces when `namespace` is empty. */
  list(
    kind: AnyKind,
    namespace: string,
    options: { limit?: number; continueToken?: string; revision?: number } = {},
  ): Page {
    const prefix = storageKey(kind, namespace, '');
    const start = options.continueToken ? readContinue(options.continueToken) : null;
    const revision = start?.revision ?? options.revision;
    try {
      const range = this.etcd.range({
        from: start === null ? prefix : `${prefix}${start.after}\u0000`,
        end: prefixEnd(prefix),
        ...(options.limit ? { limit: options.limit } : {}),
        ...(revision === undefined ? {} : { revision }),
      });
      const remaining = range.count - range.kvs.length;
      const last = range.kvs.at(-1);
      const resourceVersion = String(revision ?? range.revision);
      return {
        items: range.kvs.map((kv) => kv.value!),
        resourceVersion,
        continueToken: remaining > 0 && last ? `${resourceVersion}:${last.key.slice(prefix.length)}` : '',
        remaining,
      };
    } catch (error) {
      if (!(error instanceof Compacted)) throw error;
      const why = options.continueToken
        ? 'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.'
        : 'The resourceVersion for the provided list is too old.';
      throw new StatusError('Expired', why);
    }
  }
}

/** Gives the write's cause its subject: the key itself, shared. */
function nameCause(record: KeyValue<KubeObject> | undefined, cause = record?.cause): void {
  if (record !== undefined && cause?.subject === '') cause.subject = record.key;
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

/** `/registry/pods/default/web`; a prefix that ends in a slash when `name` is empty. */
export function storageKey(kind: AnyKind, namespace: string, name: string): string {
  const scope = kind.namespaced && namespace !== '' ? `${namespace}/` : '';
  return `/registry/${storedResource(kind)}/${scope}${name}`;
}

function readContinue(token: string): { revision: number; after: string } {
  const [, revision, after] = /^(\d+):(.+)$/.exec(token) ?? [];
  if (revision === undefined || after === undefined) {
    throw new StatusError('BadRequest', `continue key is not valid: ${token}`);
  }
  return { revision: Number(revision), after };
}
