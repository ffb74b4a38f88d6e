// Upstream: component-helpers/resource/helpers.go PodRequests, PodLimits
import type { Container, PodSpec } from '#generated/types/core.v1.ts';
import { addQuantities, compareQuantities } from '#kubernetes/apimachinery/quantity.ts';
import { isSidecar } from './podStatus.ts';
import { remembered } from './sharing.ts';

export type Quantities = Readonly<Record<string, string | number>>;

/** What all of a pod asks for and may use, by resource name, as quantities. */
export interface PodQuantities {
  readonly requests: Quantities;
  readonly limits: Quantities;
}

/** The sum of two lists; a resource that only one names is as it is there. */
export function addLists(a: Quantities, b: Quantities | undefined): Quantities {
  const sum: Record<string, string | number> = { ...a };
  for (const name in b) sum[name] = sum[name] === undefined ? b[name]! : addQuantities(sum[name], b[name]!);
  return sum;
}

function greatestOf(a: Quantities, b: Quantities): Quantities {
  const greatest: Record<string, string | number> = { ...a };
  for (const name in b) {
    const own = greatest[name];
    if (own === undefined || compareQuantities(own, b[name]!) < 0) greatest[name] = b[name]!;
  }
  return greatest;
}

/** Containers and sidecars together, or the hungriest start, whichever is more. */
function total(
  { containers, initContainers = [] }: PodSpec,
  of: (container: Container) => Quantities | undefined,
): Quantities {
  let sum = containers.reduce<Quantities>((all, container) => addLists(all, of(container)), {});
  let sidecars: Quantities = {};
  let starting: Quantities = {};
  for (const container of initContainers) {
    const together = addLists(sidecars, of(container));
    if (isSidecar(container)) {
      sum = addLists(sum, of(container));
      sidecars = together;
    }
    starting = greatestOf(starting, together);
  }
  return greatestOf(sum, starting);
}

/** Both totals of a pod's containers alone. */
export function containerQuantities(spec: PodSpec): PodQuantities {
  return {
    requests: total(spec, ({ resources }) => resources?.requests),
    limits: total(spec, ({ resources }) => resources?.limits),
  };
}

/** Both totals of a pod, with what its class of runtime costs. Remembered per spec. */
export const podQuantities = remembered((spec: PodSpec): PodQuantities => {
  const { resources, overhead = {} } = spec;
  const ofContainers = containerQuantities(spec);
  const requests = { ...ofContainers.requests, ...resources?.requests };
  const limits = { ...ofContainers.limits, ...resources?.limits };
  // What has no limit gets none by its overhead.
  const limited = Object.fromEntries(Object.entries(overhead).filter(([name]) => limits[name] !== undefined));
  return { requests: addLists(requests, overhead), limits: addLists(limits, limited) };
});
