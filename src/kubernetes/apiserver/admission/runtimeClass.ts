// Upstream: plugin/pkg/admission/runtimeclass/admission.go
import type { Pod, PodSpec, Toleration } from '#generated/types/core.v1.ts';
import type { RuntimeClass } from '#generated/types/node.v1.ts';
import { runtimeClasses } from '#kubernetes/api/node/runtimeClass.ts';
import { canonicalQuantity } from '#kubernetes/apimachinery/quantity.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import type { AdmissionPlugin, AdmissionRequest, ServerContext } from '../context.ts';
import { forbiddenBy, forbiddenUnnamed } from './forbidden.ts';

interface Remembered {
  readonly source: RuntimeClass;
  readonly spec: PodSpec;
}

const admitted = new WeakMap<PodSpec, Remembered>();

/** What a runtime costs beside the containers, and which nodes have it, goes into the pods that name its class. */
export const runtimeClass: AdmissionPlugin = {
  name: 'RuntimeClass',
  handles: ({ operation, kind, subresource }) =>
    operation === 'CREATE' && kind.plural === 'pods' && subresource === '',
  admit(object, request, context) {
    const pod = object as Pod;
    if (!pod.spec.runtimeClassName) return object;
    const source = classOf(pod, context);
    if (source === undefined) {
      const why = `pod rejected: RuntimeClass "${pod.spec.runtimeClassName}" not found`;
      throw forbiddenUnnamed(pod, request, why);
    }
    const known = admitted.get(pod.spec);
    if (known?.source === source) return { ...pod, spec: known.spec };
    const spec = withScheduling(withOverhead(pod, source, request), source, pod, request);
    admitted.set(pod.spec, { source, spec });
    return spec === pod.spec ? pod : { ...pod, spec };
  },
  validate(object, request, context) {
    const pod = object as Pod;
    const { overhead, runtimeClassName } = pod.spec;
    if (Object.keys(overhead ?? {}).length === 0) return;
    const source = runtimeClassName ? classOf(pod, context) : undefined;
    if (source?.overhead !== undefined) return;
    const why = 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead';
    throw forbiddenBy(request, why);
  },
};

function classOf({ spec }: Pod, { storage }: ServerContext): RuntimeClass | undefined {
  return storage.get(runtimeClasses, '', spec.runtimeClassName!) as RuntimeClass | undefined;
}

type Quantities = Readonly<Record<string, string | number>>;

function canonical(amounts: Quantities): Quantities {
  return Object.fromEntries(
    Object.entries(amounts).map(([name, amount]) => [name, canonicalQuantity(amount)]),
  );
}

function withOverhead(pod: Pod, { overhead }: RuntimeClass, request: AdmissionRequest): PodSpec {
  const { spec } = pod;
  const podFixed = overhead?.podFixed;
  if (podFixed === undefined) return spec;
  if (spec.overhead === undefined) return { ...spec, overhead: podFixed };
  if (deepEqual(canonical(spec.overhead), canonical(podFixed))) return spec;
  const why = `pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead`;
  throw forbiddenUnnamed(pod, request, why);
}

function withScheduling(
  spec: PodSpec,
  { scheduling }: RuntimeClass,
  pod: Pod,
  request: AdmissionRequest,
): PodSpec {
  if (scheduling === undefined) return spec;
  for (const [key, value] of Object.entries(scheduling.nodeSelector ?? {})) {
    const own = spec.nodeSelector?.[key];
    if (own === undefined || own === value) continue;
    const why = `pod rejected: conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`;
    throw forbiddenUnnamed(pod, request, why);
  }
  const present = spec.tolerations ?? [];
  const isNew = (toleration: Toleration) => !present.some((own) => deepEqual(own, toleration));
  const tolerations = [...present, ...(scheduling.tolerations ?? []).filter(isNew)];
  return {
    ...spec,
    ...(scheduling.nodeSelector && { nodeSelector: { ...spec.nodeSelector, ...scheduling.nodeSelector } }),
    ...(tolerations.length > 0 && { tolerations }),
  };
}
