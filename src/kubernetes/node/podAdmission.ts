// Upstream: pkg/kubelet/lifecycle/predicate.go
import type { Pod } from '#generated/types/core.v1.ts';
import { amountsOf, podRequests } from '#kubernetes/api/podRequests.ts';
import { isExtendedResource } from '#kubernetes/api/resourceNames.ts';

/** Why a kubelet does not take a pod that was put on its node. */
export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

/** Whether the node has room for a pod beside those that it runs; whoever bound it may not have looked. */
export function admitPod(
  pod: Pod,
  others: Iterable<Pod>,
  allocatable: Readonly<Record<string, string>>,
): Rejection | null {
  const capacity = amountsOf(allocatable);
  const wanted = podRequests(pod.spec).requests;
  const used: Record<string, number> = {};
  let count = 0;
  for (const other of others) {
    count++;
    for (const [name, amount] of Object.entries(podRequests(other.spec).requests))
      used[name] = (used[name] ?? 0) + amount;
  }
  const most = Number(allocatable['pods']);
  if (count + 1 > most) return rejection('pods', 1, count, most);
  for (const [name, amount] of Object.entries(wanted)) {
    const sum = used[name] ?? 0;
    // Whoever gave the node an extended resource in its status alone has not told the kubelet.
    if (!(name in capacity) && isExtendedResource(name)) continue;
    const limit = capacity[name] ?? 0;
    if (amount > 0 && amount + sum > limit) return rejection(name, amount, sum, limit);
  }
  return null;
}

function rejection(resource: string, requested: number, used: number, capacity: number): Rejection {
  return {
    reason: `OutOf${resource}`,
    message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
  };
}
