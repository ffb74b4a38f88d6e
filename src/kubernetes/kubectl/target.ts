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

/** Items of a list carry no type of their own. */
export function typed(resource: Resource, object: KubeObject): KubeObject {
  if (object.kind) return object;
  const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
  return { ...object, apiVersion, kind: resource.kind };
}

/** A target that is a live object. */
export function targetOf(resource: Resource, object: KubeObject, source = ''): Target {
  const { name, namespace } = object.metadata;
  return { resource, namespace: resource.namespaced ? (namespace ?? '') : '', name, source, object };
}
