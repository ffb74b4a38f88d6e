// Upstream: kubectl/pkg/polymorphichelpers/updatepodspecforobject.go
import type { Container, PodSpec } from '#generated/types/core.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { CommandError } from './errors.ts';

interface Templated {
  readonly spec?: {
    readonly template?: { readonly spec?: PodSpec };
    readonly jobTemplate?: { readonly spec?: { readonly template?: { readonly spec?: PodSpec } } };
  };
}

/** The pod spec inside an object, wherever its kind keeps it. Throws for kinds without one. */
export function podSpecOf(object: KubeObject): PodSpec {
  const { spec } = object as KubeObject & Templated;
  const found =
    object.kind === 'Pod'
      ? (spec as unknown as PodSpec | undefined)
      : (spec?.jobTemplate?.spec?.template?.spec ?? spec?.template?.spec);
  if (found) return found;
  throw new CommandError(`the object is not a pod or does not have a pod template: ${object.kind}`);
}

/** The object with its pod spec replaced. */
export function withPodSpec(object: KubeObject, podSpec: PodSpec): KubeObject {
  if (object.kind === 'Pod') return { ...object, spec: podSpec } as KubeObject;
  const { spec } = object as KubeObject & Required<Templated>;
  if (spec.jobTemplate) {
    const { jobTemplate } = spec;
    const template = { ...jobTemplate.spec!.template, spec: podSpec };
    return {
      ...object,
      spec: { ...spec, jobTemplate: { ...jobTemplate, spec: { ...jobTemplate.spec, template } } },
    } as KubeObject;
  }
  return { ...object, spec: { ...spec, template: { ...spec.template, spec: podSpec } } } as KubeObject;
}

/** The object with each container, of the named ones, made anew; init containers count where `withInit` says so. */
export function mapContainers(object: KubeObject, change: (container: Container) => Container): KubeObject {
  const podSpec = podSpecOf(object);
  return withPodSpec(object, {
    ...podSpec,
    ...(podSpec.initContainers && { initContainers: podSpec.initContainers.map(change) }),
    containers: podSpec.containers.map(change),
  });
}

/** True when `name` is chosen by `pattern`, where `*` stands for any text. */
export function matchesName(pattern: string, name: string): boolean {
  const expression = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${expression}$`).test(name);
}
