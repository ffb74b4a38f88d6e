// Upstream: pkg/controller/replicaset/replica_set_utils.go
import type { ReplicaSet, ReplicaSetCondition, ReplicaSetStatus } from '#generated/types/apps.v1.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import { replicaSets } from '#kubernetes/api/apps/replicaSet.ts';
import { isPodAvailable, isPodReady } from '#kubernetes/api/podStatus.ts';
import { matches } from '#kubernetes/apimachinery/labels.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { type StatusError, isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import type { Client } from '#kubernetes/client/client.ts';

/** What the status of `set` should be, given its active pods and what went wrong in managing them. */
export function replicaSetStatus(
  set: ReplicaSet,
  active: readonly Pod[],
  terminatingReplicas: number,
  failure: StatusError | null,
  nowMs: number,
): ReplicaSetStatus {
  const labels = set.spec.template?.metadata?.labels;
  const minReadySeconds = set.spec.minReadySeconds ?? 0;
  let fullyLabeledReplicas = 0;
  let readyReplicas = 0;
  let availableReplicas = 0;
  for (const pod of active) {
    if (labels === undefined || matches(labels, pod.metadata.labels)) fullyLabeledReplicas++;
    if (!isPodReady(pod)) continue;
    readyReplicas++;
    if (isPodAvailable(pod, minReadySeconds, nowMs)) availableReplicas++;
  }
  const conditions = conditionsOf(set, active.length, failure, nowMs);
  return {
    replicas: active.length,
    ...(fullyLabeledReplicas > 0 && { fullyLabeledReplicas }),
    ...(readyReplicas > 0 && { readyReplicas }),
    ...(availableReplicas > 0 && { availableReplicas }),
    terminatingReplicas,
    observedGeneration: set.metadata.generation ?? 0,
    ...(conditions.length > 0 && { conditions }),
  };
}

/** ReplicaFailure stands while pods cannot be created or deleted, with the first reason it had. */
function conditionsOf(
  set: ReplicaSet,
  found: number,
  failure: StatusError | null,
  nowMs: number,
): readonly ReplicaSetCondition[] {
  const conditions = set.status.conditions ?? [];
  const present = conditions.some(({ type }) => type === 'ReplicaFailure');
  if (failure === null)
    return present ? conditions.filter(({ type }) => type !== 'ReplicaFailure') : conditions;
  if (present) return conditions;
  const added: ReplicaSetCondition = {
    type: 'ReplicaFailure',
    status: 'True',
    lastTransitionTime: formatTime(nowMs),
    reason: found < (set.spec.replicas ?? 0) ? 'FailedCreate' : 'FailedDelete',
    message: failure.message,
  };
  return [...conditions, added];
}

/** Writes the status unless it says the same; a stale cache is read again once. */
export function writeReplicaSetStatus(client: Client, set: ReplicaSet, status: ReplicaSetStatus): void {
  if (deepEqual(set.status, status)) return;
  try {
    client.updateStatus(replicaSets, { ...set, status });
  } catch (error) {
    if (!isStatus(error, 'Conflict')) throw error;
    const { namespace = '', name } = set.metadata;
    client.updateStatus(replicaSets, { ...client.get(replicaSets, namespace, name), status });
  }
}

/** Ms until the next ready pod has been ready for `minReadySeconds`, null when none waits for it. */
export function msUntilNextAvailable(
  pods: readonly Pod[],
  minReadySeconds: number,
  nowMs: number,
): number | null {
  if (minReadySeconds === 0) return null;
  let next: number | null = null;
  for (const pod of pods) {
    const ready = pod.status.conditions?.find(({ type }) => type === 'Ready');
    if (ready?.status !== 'True' || ready.lastTransitionTime === undefined) continue;
    const waitMs = Date.parse(ready.lastTransitionTime) + minReadySeconds * 1000 - nowMs;
    if (waitMs > 0 && (next === null || waitMs < next)) next = waitMs;
  }
  return next;
}
