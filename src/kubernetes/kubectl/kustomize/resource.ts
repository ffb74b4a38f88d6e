// Upstream: sigs.k8s.io/kustomize/api/resource/resource.go, kyaml/resid
import type { KubeObject } from '#kubernetes/api/object.ts';
import { builtInKinds } from '#kubernetes/api/registry.ts';

/** One object on its way through the layers. */
export interface Resource {
  readonly object: KubeObject;
  /** All names that it has had, the first one first. */
  readonly names: readonly string[];
  /** True for generated objects whose name shall say what is in them. */
  readonly needsHash: boolean;
}

/** What changes an object's fields. */
export type Change = (object: KubeObject) => KubeObject;

export function changed(resource: Resource, change: Change): Resource {
  const object = change(resource.object);
  return object === resource.object ? resource : { ...resource, object };
}

export function renamed(resource: Resource, name: string): Resource {
  const { object, names } = resource;
  if (name === object.metadata.name) return resource;
  return {
    ...resource,
    names: [...names, name],
    object: { ...object, metadata: { ...object.metadata, name } },
  };
}

/** True where the resource has or had that name. */
export function wasCalled({ names }: Resource, name: string): boolean {
  return names.includes(name);
}

/** Group and version; a version alone is of the core group. */
export function groupVersionOf({ apiVersion }: KubeObject): readonly [group: string, version: string] {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
}

/** Kinds that nobody knows are taken to live in namespaces. */
export function isNamespaced({ apiVersion, kind }: KubeObject): boolean {
  return builtInKinds.findKind(apiVersion, kind)?.namespaced ?? true;
}

/** `Deployment.v1.apps/web.[noNs]`, as error sentences name a resource. */
export function idOf(object: KubeObject, name = object.metadata.name): string {
  const [group, version] = groupVersionOf(object);
  return `${object.kind}.${version}.${group || '[noGrp]'}/${name}.${object.metadata.namespace || '[noNs]'}`;
}

type Path = readonly string[];

/**
 * The object with `change` applied to what is at a path; `*` stands for every element of a list. What is not there is
 * made where `creates`, else left.
 */
export function changeAt<T>(value: T, path: Path, change: (value: unknown) => unknown, creates = false): T {
  const [step, ...rest] = path;
  if (step === undefined) return change(value) as T;
  if (step === '*') {
    if (!Array.isArray(value)) return value;
    const list = value.map((entry: unknown) => changeAt(entry, rest, change, creates));
    return (list.some((entry, index) => entry !== (value as unknown[])[index]) ? list : value) as T;
  }
  const fields = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof fields !== 'object' || Array.isArray(fields)) return value;
  if (fields[step] === undefined && !creates) return value;
  const after = changeAt(fields[step], rest, change, creates);
  return after === fields[step] ? value : ({ ...fields, [step]: after } as T);
}
