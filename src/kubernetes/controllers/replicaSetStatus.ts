// Upstream: pkg/controller/replicaset/replica_set_utils.go
import type { ReplicaSetCondition, ReplicaSetStatus } from '#generated/types/apps.v1.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import { isPodActive, podCondition } from '#kubernetes/api/podStatus.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { type StatusError, isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { PodCounts } from './podTally.ts';
import type { ReplicatedSet, SetKind } from './setKind.ts';

/** What the status of `set` should be, given its pods and what went wrong in managing them. */
export function replicaSetStatus(
  { tellsTerminating }: SetKind,
  set: ReplicatedSet,
  { active, terminating, fullyLabeled, ready }: PodCounts,
  available: number,
  failure: StatusError | null,
  nowMs: number,
): ReplicaSetStatus {
  const conditions = conditionsOf(set, active, failure, nowMs);
  return {
    replicas: active,
    ...(fullyLabeled > 0 && { fullyLabeledReplicas: fullyLabeled }),
    ...(ready > 0 && { readyReplicas: ready }),
    ...(available > 0 && { availableReplicas: available }),
    ...(tellsTerminating && { terminatingReplicas: terminating }),
    observedGeneration: set.metadata.generation ?? 0,
    ...(conditions.length > 0 && { conditions }),
  };
}

/** ReplicaFailure stands while pods cannot be created or deleted, with the first reason it had. */
function conditionsOf(
  set: ReplicatedSet,
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
export function writeReplicaSetStatus(
  client: Client,
  { kind }: SetKind,
  set: ReplicatedSet,
  status: ReplicaSetStatus,
): void {
  if (deepEqual(set.status, status)) return;
  const told = (object: ReplicatedSet) => ({ ...object, status }) as ReplicatedSet;
  try {
    client.updateStatus(kind, told(set));
  } catch (error) {
    if (!isStatus(error, 'Conflict')) throw error;
    const { namespace = '', name } = set.metadata;
    client.updateStatus(kind, told(client.get(kind, namespace, name)));
  }
}

/** How many pods have been ready for `minReadySeconds`, and ms until the next one has; null for none. */
export function countAvailable(
  pods: Iterable<Pod>,
  minReadySeconds: number,
  nowMs: number,
): { readonly available: number; readonly waitMs: number | null } {
  let available = 0;
  let waitMs: number | null = null;
  for (const pod of pods) {
    const ready = podCondition(pod, 'Ready');
    if (ready?.status !== 'True' || ready.lastTransitionTime === undefined || !isPodActive(pod)) continue;
    const leftMs = Date.parse(ready.lastTransitionTime) + minReadySeconds * 1000 - nowMs;
    if (leftMs <= 0) available++;
    else waitMs = Math.min(waitMs ?? Infinity, leftMs);
  }
  return { available, waitMs };
}
