// Upstream: component-helpers/resource/helpers.go PodRequests, pkg/scheduler/util/pod_resources.go
import type { Container, PodSpec } from '#generated/types/core.v1.ts';
import { milliValue, unitValue } from '#kubernetes/apimachinery/quantity.ts';
import { isSidecar } from './podStatus.ts';

/** Amounts by resource name as whole numbers: millicores for `cpu`, bytes or counts for the rest. */
export type Amounts = Readonly<Record<string, number>>;

type Quantities = { readonly [resource: string]: string | number };

/** What a container that asks for no CPU or memory counts as where nodes are scored. */
const nonZeroCpuMillis = 100;
const nonZeroMemoryBytes = 200 * 1024 * 1024;

/** Quantities as whole numbers. */
export function amountsOf(quantities: Quantities | undefined): Amounts {
  const amounts: Record<string, number> = {};
  for (const name in quantities)
    amounts[name] = name === 'cpu' ? milliValue(quantities[name]) : unitValue(quantities[name]);
  return amounts;
}

function add(to: Record<string, number>, amounts: Amounts): void {
  for (const name in amounts) to[name] = (to[name] ?? 0) + amounts[name]!;
}

function raise(to: Record<string, number>, amounts: Amounts): void {
  for (const name in amounts) to[name] = Math.max(to[name] ?? 0, amounts[name]!);
}

/**
 * What a pod asks for in all: its containers and sidecars together, or its hungriest start, with overhead;
 * requests of the pod itself take the place of what its containers sum to.
 */
function sum(spec: PodSpec, of: (container: Container) => Amounts): Amounts {
  const total: Record<string, number> = {};
  for (const container of spec.containers) add(total, of(container));
  const sidecars: Record<string, number> = {};
  const starting: Record<string, number> = {};
  for (const container of spec.initContainers ?? []) {
    const own = of(container);
    if (isSidecar(container)) {
      add(total, own);
      add(sidecars, own);
      raise(starting, sidecars);
    } else {
      const together = { ...sidecars };
      add(together, own);
      raise(starting, together);
    }
  }
  raise(total, starting);
  Object.assign(total, amountsOf(spec.resources?.requests));
  add(total, amountsOf(spec.overhead));
  return total;
}

/** A pod's requests, and the same with containers that ask for nothing counted for a little. */
export interface PodRequests {
  readonly requests: Amounts;
  readonly nonZeroCpu: number;
  readonly nonZeroMemory: number;
}

interface Remembered {
  readonly spec: PodSpec;
  readonly answer: PodRequests;
}

/** By the list of containers, which all pods of one template share. */
const remembered = new WeakMap<PodSpec['containers'], Remembered>();

/** What the scheduler counts for a pod. Remembered for the pods of one template. */
export function podRequests(spec: PodSpec): PodRequests {
  const known = remembered.get(spec.containers);
  if (
    known !== undefined &&
    known.spec.initContainers === spec.initContainers &&
    known.spec.overhead === spec.overhead &&
    known.spec.resources === spec.resources
  )
    return known.answer;
  const nonZero = sum(spec, ({ resources }) => {
    const asked = amountsOf(resources?.requests);
    return { ...asked, cpu: asked['cpu'] ?? nonZeroCpuMillis, memory: asked['memory'] ?? nonZeroMemoryBytes };
  });
  const answer: PodRequests = {
    requests: sum(spec, ({ resources }) => amountsOf(resources?.requests)),
    nonZeroCpu: nonZero['cpu'] ?? 0,
    nonZeroMemory: nonZero['memory'] ?? 0,
  };
  remembered.set(spec.containers, { spec, answer });
  return answer;
}
