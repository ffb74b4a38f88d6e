// Upstream: pkg/controller/statefulset/stateful_set_control.go updateStatus, completeRollingUpdate
import type { StatefulSet, StatefulSetStatus } from '#generated/types/apps.v1.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import { statefulSets } from '#kubernetes/api/apps/statefulSet.ts';
import { podCondition } from '#kubernetes/api/podStatus.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import {
  isRunningAndAvailable,
  isRunningAndReady,
  isTerminating,
  revisionOf,
  wantedReplicas,
} from './statefulPod.ts';
import type { SetSync } from './statefulSetSync.ts';

/** What the pods are, of which `deleted` were deleted for the rollout just now. */
function statusOf(
  { room, set, current, update }: SetSync,
  pods: readonly Pod[],
  deleted: number,
): StatefulSetStatus {
  const { nowMs } = room.simulation;
  const living = pods.filter((pod) => !isTerminating(pod));
  const ofVersion = (name: string) => living.filter((pod) => revisionOf(pod) === name).length;
  const currentReplicas = ofVersion(current.name) - deleted;
  const updatedReplicas = ofVersion(update.name);
  const readyReplicas = pods.filter(isRunningAndReady).length;
  const { conditions } = set.status;
  const status: StatefulSetStatus = {
    observedGeneration: set.metadata.generation ?? 0,
    replicas: pods.length,
    ...(readyReplicas > 0 && { readyReplicas }),
    ...(currentReplicas > 0 && { currentReplicas }),
    ...(updatedReplicas > 0 && { updatedReplicas }),
    currentRevision: current.name,
    updateRevision: update.name,
    collisionCount: set.status.collisionCount ?? 0,
    availableReplicas: pods.filter((pod) => isRunningAndAvailable(pod, set, nowMs)).length,
    ...(conditions && { conditions }),
  };
  return completed(set, status);
}

/** A rollout that has reached every pod is over: the new version is the current one. */
function completed(set: StatefulSet, status: StatefulSetStatus): StatefulSetStatus {
  const { updatedReplicas = 0, readyReplicas = 0, replicas, updateRevision } = status;
  const wanted = wantedReplicas(set);
  const isOver = [updatedReplicas, readyReplicas, replicas].every((count) => count === wanted);
  if (set.spec.updateStrategy?.type !== 'RollingUpdate' || !isOver) return status;
  return {
    ...status,
    ...(updatedReplicas > 0 && { currentReplicas: updatedReplicas }),
    ...(updateRevision !== undefined && { currentRevision: updateRevision }),
  };
}

/** Writes the status if it says something new. Returns ms until the next pod becomes available, null for none. */
export function writeStatefulSetStatus(sync: SetSync, deleted: number): number | null {
  const { room, set } = sync;
  const present = sync.replicas.filter((pod) => pod !== undefined);
  const all = [...present, ...sync.condemned];
  const status = statusOf(sync, all, deleted);
  if (!deepEqual(status, set.status)) room.client.updateStatus(statefulSets, { ...set, status });
  const minReadyMs = (set.spec.minReadySeconds ?? 0) * 1000;
  if (minReadyMs === 0 || status.availableReplicas === wantedReplicas(set)) return null;
  const { nowMs } = room.simulation;
  const waits = all
    .filter((pod) => isRunningAndReady(pod) && !isRunningAndAvailable(pod, set, nowMs))
    .map((pod) => Date.parse(podCondition(pod, 'Ready')?.lastTransitionTime ?? '') + minReadyMs - nowMs);
  return waits.length === 0 ? null : Math.max(0, Math.min(...waits));
}
