// Upstream: component-helpers/resource/helpers.go PodRequests, PodLimits
import type { Container, Pod } from '#generated/types/core.v1.ts';
import { isSidecar } from '#kubernetes/api/podStatus.ts';
import { addQuantities, compareQuantities } from '#kubernetes/apimachinery/quantity.ts';

type Totals = Readonly<Record<string, string>>;

function add(a: Totals, b: Readonly<Record<string, string | number>>): Totals {
  const sum: Record<string, string> = { ...a };
  for (const [name, amount] of Object.entries(b)) sum[name] = addQuantities(sum[name] ?? 0, amount);
  return sum;
}

function atLeast(a: Totals, b: Totals): Totals {
  const most: Record<string, string> = { ...a };
  for (const [name, amount] of Object.entries(b)) {
    if (most[name] === undefined || compareQuantities(amount, most[name]) > 0) most[name] = amount;
  }
  return most;
}

function total(
  { spec }: Pod,
  of: (container: Container) => Readonly<Record<string, string | number>> | undefined,
): Totals {
  let sum: Totals = {};
  let sidecars: Totals = {};
  let starting: Totals = {};
  for (const container of spec.containers) sum = add(sum, of(container) ?? {});
  for (const container of spec.initContainers ?? []) {
    const own = of(container) ?? {};
    if (isSidecar(container)) {
      sum = add(sum, own);
      sidecars = add(sidecars, own);
      starting = atLeast(starting, sidecars);
    } else starting = atLeast(starting, add(sidecars, own));
  }
  return atLeast(sum, starting);
}

/** What a pod asks for and may use in all: its containers together, or its hungriest start. */
export function podTotals(pod: Pod): { requests: Totals; limits: Totals } {
  const { overhead = {} } = pod.spec;
  const requests = add(
    total(pod, ({ resources }) => resources?.requests),
    overhead,
  );
  const limits = total(pod, ({ resources }) => resources?.limits);
  return { requests, limits };
}
