// Upstream: plugin/pkg/admission/priority/admission.go
import type { Pod, PodSpec } from '#generated/types/core.v1.ts';
import { type PriorityClass, priorityClasses } from '#kubernetes/api/scheduling/priorityClass.ts';
import type { AdmissionPlugin, AdmissionRequest, ServerContext } from '../context.ts';
import { cacheOf } from '../kindCache.ts';
import { forbiddenBy, forbiddenUnnamed } from './forbidden.ts';

/** What a pod without a class gets where no class is the default. Upstream: DefaultPriorityWhenNoDefaultClassExists */
const noClass: Pick<PriorityClass, 'value' | 'preemptionPolicy'> = {
  value: 0,
  preemptionPolicy: 'PreemptLowerPriority',
};

interface Remembered {
  readonly source: object;
  readonly spec: PodSpec;
}

/** By the spec as it came: the pods of one template share what admission made of it (D4). */
const admitted = new WeakMap<PodSpec, Remembered>();

/** Turns the name of a PriorityClass into the number that scheduler and kubelets go by. */
export const priority: AdmissionPlugin = {
  name: 'Priority',
  handles: ({ operation, kind, subresource }) =>
    operation !== 'DELETE' &&
    (kind.plural === 'priorityclasses' || (kind.plural === 'pods' && subresource === '')),
  admit(object, request, context) {
    if (request.kind.plural !== 'pods') return object;
    const pod = object as Pod;
    if (request.operation === 'UPDATE') return keepPriority(pod, request.old as Pod);
    const source = classOf(pod, request, context);
    const known = admitted.get(pod.spec);
    if (known?.source === source) return known.spec === pod.spec ? pod : { ...pod, spec: known.spec };
    const spec = withPriority(pod, source, request);
    admitted.set(pod.spec, { source, spec });
    return { ...pod, spec };
  },
  validate(object, request, context) {
    if (request.kind.plural !== 'priorityclasses' || !(object as PriorityClass | undefined)?.globalDefault)
      return;
    const present = defaultClass(context);
    if (present === undefined || present.metadata.name === request.name) return;
    const { name } = present.metadata;
    throw forbiddenBy(
      request,
      `PriorityClass ${name} is already marked as default. Only one default can exist`,
    );
  },
};

type Source = Pick<PriorityClass, 'value' | 'preemptionPolicy'> & Partial<PriorityClass>;

function classOf(pod: Pod, request: AdmissionRequest, context: ServerContext): Source {
  const name = pod.spec.priorityClassName;
  if (!name) return defaultClass(context) ?? noClass;
  const found = context.storage.get(priorityClasses, '', name) as PriorityClass | undefined;
  if (found === undefined)
    throw forbiddenUnnamed(pod, request, `no PriorityClass with name ${name} was found`);
  return found;
}

/** The default with the lowest value: two can only exist when they were made at the same time. */
function defaultClass({ storage }: ServerContext): PriorityClass | undefined {
  let least: PriorityClass | undefined;
  for (const candidate of cacheOf(storage, priorityClasses).in('')) {
    const isLess = least === undefined || (candidate.value ?? 0) < (least.value ?? 0);
    if (candidate.globalDefault && isLess) least = candidate;
  }
  return least;
}

function withPriority(pod: Pod, source: Source, request: AdmissionRequest): PodSpec {
  const { spec } = pod;
  const { value = 0, preemptionPolicy } = source;
  const computed = (text: string) =>
    `must not be provided in pod spec; priority admission controller computed ${text} from the given PriorityClass name`;
  if (spec.priority !== undefined && spec.priority !== value) {
    const why = `the integer value of priority (${spec.priority}) ${computed(String(value))}`;
    throw forbiddenUnnamed(pod, request, why);
  }
  if (spec.preemptionPolicy && preemptionPolicy && spec.preemptionPolicy !== preemptionPolicy) {
    const why = `the string value of PreemptionPolicy (${spec.preemptionPolicy}) ${computed(preemptionPolicy)}`;
    throw forbiddenUnnamed(pod, request, why);
  }
  const name = source.metadata?.name;
  return {
    ...spec,
    ...(name !== undefined && { priorityClassName: name }),
    priority: value,
    ...(preemptionPolicy && { preemptionPolicy }),
  };
}

/** Who replaces a pod and says nothing of its priority keeps it. */
function keepPriority(pod: Pod, { spec: old }: Pod): Pod {
  const { spec } = pod;
  const keepsPriority = spec.priority === undefined && old.priority !== undefined;
  const keepsPolicy = spec.preemptionPolicy === undefined && old.preemptionPolicy !== undefined;
  if (!keepsPriority && !keepsPolicy) return pod;
  return {
    ...pod,
    spec: {
      ...spec,
      ...(keepsPriority && { priority: old.priority }),
      ...(keepsPolicy && { preemptionPolicy: old.preemptionPolicy }),
    },
  };
}
