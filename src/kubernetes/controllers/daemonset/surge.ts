// Upstream: pkg/controller/daemon/{update,daemon_controller}.go, what concerns maxSurge
import type { DaemonSet } from '#generated/types/apps.v1.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import { isPodAvailable, isPodReady } from '#kubernetes/api/podStatus.ts';
import { scaledValue } from '../intOrPercent.ts';
import { revisionHashLabel } from './daemonPod.ts';
import type { DaemonSync } from './daemonSetSync.ts';

/** How many nodes may have a second daemon while the set has so many in all; 0 where old ones go first. */
export function maxSurge({ spec }: DaemonSet, desired: number): number {
  if (spec.updateStrategy?.type !== 'RollingUpdate') return 0;
  return scaledValue(spec.updateStrategy.rollingUpdate?.maxSurge, desired, 'up');
}

function isNew(pod: Pod, hash: string): boolean {
  return pod.metadata.labels?.[revisionHashLabel] === hash;
}

/** Of several daemons on one node those that are too many: an old and a new one may be there while the new one starts. */
export function excessSurge({ room, set, hash }: DaemonSync, pods: readonly Pod[]): readonly Pod[] {
  if (pods.length <= 1) return [];
  const newest = pods.find((pod) => isNew(pod, hash));
  const oldest = pods.find((pod) => !isNew(pod, hash));
  const others = pods.filter((pod) => pod !== newest && pod !== oldest);
  if (newest === undefined || oldest === undefined) return others;
  const isDone = isPodAvailable(newest, set.spec.minReadySeconds ?? 0, room.simulation.nowMs);
  return !isPodReady(oldest) || isDone ? [...others, oldest] : others;
}

/** The nodes that get a new daemon beside the old one now, and the old ones whose successor is available. */
export function surgeDaemons(
  { room, set, hash, nodes }: DaemonSync,
  surge: number,
): { readonly nodes: string[]; readonly doomed: Pod[] } {
  const isAvailable = (pod: Pod) => isPodAvailable(pod, set.spec.minReadySeconds ?? 0, room.simulation.nowMs);
  const urgent: string[] = [];
  const candidates: string[] = [];
  const doomed: Pod[] = [];
  let surging = 0;
  for (const { name, shouldRun, pods } of nodes) {
    if (!shouldRun) continue;
    const living = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const successor = living.find((pod) => isNew(pod, hash));
    const old = living.find((pod) => !isNew(pod, hash));
    if (old === undefined) continue;
    if (successor === undefined) (isAvailable(old) ? candidates : urgent).push(name);
    else if (isAvailable(successor)) doomed.push(old);
    else surging++;
  }
  return { nodes: [...urgent, ...candidates.slice(0, Math.max(0, surge - surging))], doomed };
}
