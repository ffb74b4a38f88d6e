// Upstream: ValidatePodResize in pkg/apis/core/validation/validation.go
import type { Container, Pod, ResourceRequirements } from '#generated/types/core.v1.ts';
import { forbidden, invalidValue } from '#kubernetes/apimachinery/fieldErrors.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { qosClass } from './podResources.ts';
import { isSidecar } from './podStatus.ts';
import { withField } from './sharing.ts';

type Quantities = NonNullable<ResourceRequirements['limits']>;

/** `old` with the resources of `next`; `next` itself where containers are other ones, which validation refuses. */
function withResourcesOf(
  next: readonly Container[] | undefined,
  old: readonly Container[] | undefined,
): readonly Container[] | undefined {
  if (next?.length !== old?.length || next?.some(({ name }, index) => name !== old?.[index]?.name))
    return next;
  return old?.map((container, index) => {
    const { resources, resizePolicy } = next![index]!;
    return withField(withField(container, 'resources', resources), 'resizePolicy', resizePolicy);
  });
}

/** A resize changes nothing but resources: the rest of `pod` is taken from `old`. */
export function resizedPod(pod: Pod, old: Pod): Pod {
  const containers = withResourcesOf(pod.spec.containers, old.spec.containers)!;
  const initContainers = withResourcesOf(pod.spec.initContainers, old.spec.initContainers);
  return { ...old, spec: { ...old.spec, containers, ...(initContainers && { initContainers }) } };
}

function isRemoved(next: Quantities = {}, old: Quantities = {}): boolean {
  return Object.keys(old).some((name) => next[name] === undefined);
}

function withoutCpuAndMemory(container: Container): object {
  const { resources = {}, resizePolicy: _, ...rest } = container;
  const strip = ({ cpu: _cpu, memory: _memory, ...others }: Quantities = {}) => others;
  return { ...rest, limits: strip(resources.limits), requests: strip(resources.requests) };
}

function validateContainers(
  list: 'containers' | 'initContainers',
  next: readonly Container[],
  old: readonly Container[],
): FieldError[] {
  return next.flatMap((container, index) => {
    const before = old[index]!;
    const isInit = list === 'initContainers';
    if (isInit && !isSidecar(container)) {
      const why = 'resources for non-sidecar init containers are immutable';
      return deepEqual(container, before) ? [] : [forbidden('spec', why)];
    }
    const errors: FieldError[] = [];
    for (const field of ['requests', 'limits'] as const)
      if (isRemoved(container.resources?.[field], before.resources?.[field])) {
        const path = `spec.${list}[${index}].resources.${field}`;
        errors.push(forbidden(path, `resource ${field} cannot be removed`));
      }
    const of = isInit ? ' for sidecar containers' : '';
    if (!deepEqual(withoutCpuAndMemory(container), withoutCpuAndMemory(before)))
      errors.push(forbidden('spec', `only cpu and memory resources${of} are mutable`));
    return errors;
  });
}

/** What a resize may not change. `pod` is as `resizedPod` makes it. */
export function validatePodResize(pod: Pod, old: Pod): FieldError[] {
  if (old.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined)
    return [forbidden('', 'static pods cannot be resized')];
  if (old.spec.os?.name === 'windows') return [forbidden('', 'windows pods cannot be resized')];
  const errors: FieldError[] = [];
  for (const field of ['containers', 'initContainers'] as const) {
    const [next, before] = [pod.spec[field] ?? [], old.spec[field] ?? []];
    if (next.length !== before.length || next.some(({ name }, index) => name !== before[index]!.name))
      errors.push(forbidden('spec', 'only cpu and memory resources are mutable'));
  }
  if (errors.length > 0) return errors;
  if (qosClass(pod.spec) !== old.status.qosClass) {
    const why = 'Pod QOS Class may not change as a result of resizing';
    errors.push(invalidValue('spec', old.status.qosClass, why));
  }
  return [
    ...errors,
    ...validateContainers('initContainers', pod.spec.initContainers ?? [], old.spec.initContainers ?? []),
    ...validateContainers('containers', pod.spec.containers, old.spec.containers),
  ];
}
