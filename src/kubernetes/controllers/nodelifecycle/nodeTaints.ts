// Upstream: pkg/controller/util/node/controller_utils.go SwapNodeControllerTaint, node_lifecycle_controller.go
import type { Node, Taint } from '#generated/types/core.v1.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import type { Client } from '#kubernetes/client/client.ts';

export const notReadyKey = 'node.kubernetes.io/not-ready';
export const unreachableKey = 'node.kubernetes.io/unreachable';
const unschedulableKey = 'node.kubernetes.io/unschedulable';

/** Which status of a condition keeps new pods away, under which key. */
const conditionTaints: readonly { readonly type: string; readonly status: string; readonly key: string }[] = [
  { type: 'Ready', status: 'False', key: notReadyKey },
  { type: 'Ready', status: 'Unknown', key: unreachableKey },
  { type: 'MemoryPressure', status: 'True', key: 'node.kubernetes.io/memory-pressure' },
  { type: 'DiskPressure', status: 'True', key: 'node.kubernetes.io/disk-pressure' },
  { type: 'NetworkUnavailable', status: 'True', key: 'node.kubernetes.io/network-unavailable' },
  { type: 'PIDPressure', status: 'True', key: 'node.kubernetes.io/pid-pressure' },
];
const managedKeys = new Set([...conditionTaints.map(({ key }) => key), unschedulableKey]);

export function hasTaint(node: Node, key: string, effect: Taint['effect']): boolean {
  return node.spec.taints?.some((taint) => taint.key === key && taint.effect === effect) ?? false;
}

/** How the NoSchedule taints of a node must change to say what its conditions and its spec say. */
export function noScheduleChange(node: Node): { readonly added: Taint[]; readonly removed: Taint[] } {
  const wanted = conditionTaints
    .filter(({ type, status }) =>
      node.status.conditions?.some((condition) => condition.type === type && condition.status === status),
    )
    .map(({ key }) => key);
  if (node.spec.unschedulable) wanted.push(unschedulableKey);
  const present = (node.spec.taints ?? []).filter(
    ({ key, effect }) => effect === 'NoSchedule' && managedKeys.has(key),
  );
  return {
    added: wanted
      .filter((key) => !present.some((taint) => taint.key === key))
      .map((key) => ({ key, effect: 'NoSchedule' })),
    removed: present.filter(({ key }) => !wanted.includes(key)),
  };
}

/** Adds and removes taints of the node as it is now; a taint that evicts says since when it is there. */
export function swapTaints(
  client: Client,
  name: string,
  added: readonly Taint[],
  removed: readonly Taint[],
  nowMs: number,
): void {
  const node = client.get(nodes, '', name);
  const isSame = (a: Taint, b: Taint) => a.key === b.key && a.effect === b.effect;
  const present = node.spec.taints ?? [];
  const kept = present.filter((taint) => !removed.some((other) => isSame(taint, other)));
  const missing = added.filter((taint) => !kept.some((other) => isSame(taint, other)));
  if (kept.length === present.length && missing.length === 0) return;
  const timed = missing.map((taint) =>
    taint.effect === 'NoExecute' ? { ...taint, timeAdded: formatTime(nowMs) } : taint,
  );
  const taints = [...kept, ...timed];
  const { resourceVersion } = node.metadata;
  const body = { metadata: { resourceVersion }, spec: { taints: taints.length > 0 ? taints : null } };
  client.patch(nodes, '', name, { type: 'merge', body });
}
