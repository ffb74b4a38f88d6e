// Upstream: pkg/scheduler/framework/events.go nodeSchedulingPropertiesChange, PodSchedulingPropertiesChange
import type { Node, Pod } from '#generated/types/core.v1.ts';
import { podRequests } from '#kubernetes/api/podRequests.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import type { ClusterEvent } from './framework.ts';

/** What of a node changed that may matter to a waiting pod. */
export function nodeChanges(before: Node, now: Node): readonly ClusterEvent[] {
  const changes: ClusterEvent[] = [];
  if (!before.spec.unschedulable !== !now.spec.unschedulable) changes.push('NodeUnschedulableChange');
  if (!deepEqual(before.status.allocatable, now.status.allocatable)) changes.push('NodeAllocatableChange');
  if (!deepEqual(before.metadata.labels, now.metadata.labels)) changes.push('NodeLabelChange');
  if (!deepEqual(before.spec.taints, now.spec.taints)) changes.push('NodeTaintChange');
  return changes;
}

/** True where a pod asks for less of something than before. */
export function isScaledDown(before: Pod, now: Pod): boolean {
  const { containers, initContainers, resources } = now.spec;
  const old = before.spec;
  if (old.containers === containers && old.initContainers === initContainers && old.resources === resources)
    return false;
  return reduced(before, now).length > 0;
}

/** The resources of which a pod asks for less than before. */
export function reduced(before: Pod, now: Pod): readonly string[] {
  const { requests: had } = podRequests(before.spec);
  const { requests: has } = podRequests(now.spec);
  return Object.keys(had).filter((name) => had[name]! > (has[name] ?? 0));
}

/** What of a waiting pod changed that may let it be scheduled. */
export function podChanges(before: Pod, now: Pod): readonly ClusterEvent[] {
  const changes: ClusterEvent[] = [];
  if (!deepEqual(before.metadata.labels, now.metadata.labels)) changes.push('PodLabelChange');
  if (!deepEqual(before.spec.tolerations, now.spec.tolerations)) changes.push('PodTolerationChange');
  if (isScaledDown(before, now)) changes.push('PodScaleDown');
  if ((before.spec.schedulingGates?.length ?? 0) > 0 && !now.spec.schedulingGates?.length)
    changes.push('PodGatesEliminated');
  return changes;
}
