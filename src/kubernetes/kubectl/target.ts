import type { KubeObject } from '#kubernetes/api/object.ts';
import type { Resource } from './restMapper.ts';

/** One object that a command is about. Upstream: resource.Info. */
export interface Target {
  readonly resource: Resource;
  /** `''` for cluster-scoped resources. */
  readonly namespace: string;
  readonly name: string;
  /** The file it was read from, `''` when it was named by arguments. */
  readonly source: string;
  /** What the file says, or the object as the server has it. */
  readonly object: KubeObject;
}

/** A target that is a live object. */
export function targetOf(resource: Resource, object: KubeObject, source = ''): Target {
  const { name, namespace } = object.metadata;
  return { resource, namespace: resource.namespaced ? (namespace ?? '') : '', name, source, object };
}
