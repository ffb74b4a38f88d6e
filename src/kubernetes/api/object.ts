import type { ObjectMeta } from '#generated/types/meta.v1.ts';

/** Any API object, as it is stored: immutable, with its server-set metadata (D4). */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** An object before the server has seen it: no uid, no revision, status and type may be missing. */
export type New<T extends KubeObject> = Omit<T, 'apiVersion' | 'kind' | 'metadata' | 'status'> & {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: Partial<ObjectMeta>;
  readonly status?: T extends { readonly status: infer S } ? S : never;
};

/** `namespace/name`, or `name` for cluster-scoped objects: the key of caches and work queues. */
export function keyOf(object: { readonly metadata: Partial<ObjectMeta> }): string {
  const { namespace, name = '' } = object.metadata;
  return namespace ? sharedKey(namespace, name) : name;
}

/**
 * The latest keys, each in the place that its last letters give. Many caches hold the same object: so they hold one
 * text for its key, which is flat and need not be made again. It only saves room and time.
 */
const recentKeys: (string | undefined)[] = Array.from({ length: 1 << 14 });

function sharedKey(namespace: string, name: string): string {
  const { length } = name;
  let place = length;
  for (let i = Math.max(0, length - 6); i < length; i++) place = (place * 31 + name.charCodeAt(i)) | 0;
  place &= recentKeys.length - 1;
  const recent = recentKeys[place];
  if (
    recent !== undefined &&
    recent.length === namespace.length + 1 + length &&
    recent.endsWith(name) &&
    recent.startsWith(namespace)
  )
    return recent;
  const key = [namespace, name].join('/');
  recentKeys[place] = key;
  return key;
}

/** The inverse of `keyOf`. */
export function splitKey(key: string): { namespace: string; name: string } {
  const slash = key.indexOf('/');
  return slash < 0
    ? { namespace: '', name: key }
    : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
