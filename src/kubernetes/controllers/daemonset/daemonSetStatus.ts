// Upstream: pkg/controller/daemon/daemon_controller.go updateDaemonSetStatus
import type { DaemonSet } from '#generated/types/apps.v1.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import { daemonSets } from '#kubernetes/api/apps/daemonSet.ts';
import { isPodAvailable, isPodReady, podCondition } from '#kubernetes/api/podStatus.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { revisionHashLabel } from './daemonPod.ts';
import type { DaemonSync } from './daemonSetSync.ts';

/** Writes what there is on each node. Returns ms until the next daemon becomes available, null for none. */
export function writeDaemonSetStatus({ room, set, hash, nodes }: DaemonSync): number | null {
  const { nowMs } = room.simulation;
  const minReadySeconds = set.spec.minReadySeconds ?? 0;
  const counts = { desired: 0, current: 0, misscheduled: 0, ready: 0, available: 0, updated: 0 };
  let waitMs: number | null = null;
  for (const { shouldRun, pods } of nodes) {
    const [pod] = pods;
    if (!shouldRun) {
      if (pod !== undefined) counts.misscheduled++;
      continue;
    }
    counts.desired++;
    if (pod === undefined) continue;
    counts.current++;
    if (pod.metadata.labels?.[revisionHashLabel] === hash) counts.updated++;
    if (!isPodReady(pod)) continue;
    counts.ready++;
    if (isPodAvailable(pod, minReadySeconds, nowMs)) counts.available++;
    else waitMs = Math.min(waitMs ?? Infinity, availableMs(pod, minReadySeconds) - nowMs);
  }
  const status = statusOf(set, counts);
  if (!deepEqual(set.status, status)) room.client.updateStatus(daemonSets, { ...set, status });
  return waitMs;
}

function availableMs(pod: Pod, minReadySeconds: number): number {
  return Date.parse(podCondition(pod, 'Ready')?.lastTransitionTime ?? '') + minReadySeconds * 1000;
}

function statusOf(
  set: DaemonSet,
  counts: Readonly<
    Record<'desired' | 'current' | 'misscheduled' | 'ready' | 'available' | 'updated', number>
  >,
): DaemonSet['status'] {
  const { collisionCount, conditions } = set.status;
  const unavailable = counts.desired - counts.available;
  return {
    currentNumberScheduled: counts.current,
    desiredNumberScheduled: counts.desired,
    numberMisscheduled: counts.misscheduled,
    numberReady: counts.ready,
    observedGeneration: set.metadata.generation ?? 0,
    ...(counts.updated > 0 && { updatedNumberScheduled: counts.updated }),
    ...(counts.available > 0 && { numberAvailable: counts.available }),
    ...(unavailable > 0 && { numberUnavailable: unavailable }),
    ...(collisionCount !== undefined && { collisionCount }),
    ...(conditions !== undefined && { conditions }),
  };
}
