import type { AnyKind } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { ServerContext } from '../context.ts';

/** The kind of the same resource in another version, `autoscaling/v1`; undefined where it is not served. */
export function kindInVersion(
  { plural }: AnyKind,
  apiVersion: string,
  { kinds }: ServerContext,
): AnyKind | undefined {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  return kinds.findResource(group, apiVersion.slice(slash + 1), plural);
}

/** An object of one version of a resource in another one. */
export function convert(object: KubeObject, from: AnyKind, to: AnyKind): KubeObject {
  if (from === to) return object;
  const stored = from.storage ? from.storage.toStored(object) : object;
  return to.storage ? to.storage.fromStored(stored) : stored;
}
