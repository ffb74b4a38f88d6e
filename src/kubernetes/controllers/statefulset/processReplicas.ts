// Upstream: pkg/controller/statefulset/stateful_set_control.go processReplica, processCondemned
import type { Pod } from '#generated/types/core.v1.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { isPodTerminal } from '#kubernetes/api/podStatus.ts';
import { StatusError, isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { attemptAll, podsPerSyncMax, slowStartBatch } from '../podControl.ts';
import { createClaims, hasStaleClaim, syncClaimOwners } from './setClaims.ts';
import {
  hasIdentity,
  isRunningAndAvailable,
  isTerminating,
  newStatefulPod,
  startOrdinal,
  withIdentity,
} from './statefulPod.ts';
import { isOrdered, type SetSync } from './statefulSetSync.ts';

/** Creates the pod of an ordinal with its claims, and says so; a failure is told too, and thrown on. */
function createReplica(sync: SetSync, index: number): void {
  const { room, key, set, current, update } = sync;
  const ordinal = startOrdinal(set) + index;
  const { template, name } = isOfCurrent(sync, ordinal) ? current : update;
  const pod = newStatefulPod(set, ordinal, template, name);
  const what = `create Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`;
  try {
    createClaims(room, set, ordinal);
    const created = room.client.create(pods, pod);
    room.expectations.expectCreated(key, created.metadata.uid);
    sync.replicas[index] = created;
    room.recorder.event(set, 'Normal', 'SuccessfulCreate', `${what} successful`);
  } catch (error) {
    if (error instanceof StatusError && error.reason !== 'AlreadyExists') {
      room.recorder.event(set, 'Warning', 'FailedCreate', `${what} failed error: ${error.message}`);
    }
    throw error;
  }
}

/** Whether a pod that is made anew is still of the old version: the partition holds the rollout off it. */
function isOfCurrent({ set }: SetSync, ordinal: number): boolean {
  const { type, rollingUpdate } = set.spec.updateStrategy ?? {};
  if (type !== 'RollingUpdate') return false;
  const held =
    rollingUpdate === undefined ? (set.status.currentReplicas ?? 0) : (rollingUpdate.partition ?? 0);
  return ordinal < startOrdinal(set) + held;
}

/** Deletes a pod of the set and says so; true unless it was gone. */
export function deleteReplica({ room, key, set }: SetSync, pod: Pod): boolean {
  const { namespace = '', name, uid } = pod.metadata;
  const what = `delete Pod ${name} in StatefulSet ${set.metadata.name}`;
  try {
    room.client.delete(pods, namespace, name, { preconditions: { uid } });
    room.expectations.expectDeleted(key, uid);
    room.recorder.event(set, 'Normal', 'SuccessfulDelete', `${what} successful`);
    return true;
  } catch (error) {
    if (isStatus(error, 'NotFound')) return false;
    if (error instanceof StatusError) {
      room.recorder.event(set, 'Warning', 'FailedDelete', `${what} failed error: ${error.message}`);
    }
    throw error;
  }
}

/** Brings one wanted pod about. Returns false where the next ordinal has to wait for it. */
function processReplica(sync: SetSync, index: number): boolean {
  const { room, set } = sync;
  const pod = sync.replicas[index];
  if (pod === undefined) {
    if (hasStaleClaim(room, set, startOrdinal(set) + index)) return false;
    createReplica(sync, index);
    return !isOrdered(set);
  }
  if (isPodTerminal(pod)) {
    if (!isTerminating(pod)) deleteReplica(sync, pod);
    return false;
  }
  if (pod.status.phase === 'Pending') createClaims(room, set, startOrdinal(set) + index);
  const { nowMs } = room.simulation;
  if (isOrdered(set) && (isTerminating(pod) || !isRunningAndAvailable(pod, set, nowMs))) return false;
  syncClaimOwners(room, set, pod);
  if (!hasIdentity(pod)) {
    const { namespace = '', name, uid } = pod.metadata;
    const body = { metadata: { uid, labels: withIdentity(pod) } };
    room.client.patch(pods, namespace, name, { type: 'merge', body });
  }
  return true;
}

/** Brings all wanted pods about, in order or together. Returns whether the set may go on to what is beyond them. */
export function processReplicas(sync: SetSync): boolean {
  const { replicas, set } = sync;
  if (isOrdered(set)) return replicas.every((_, index) => processReplica(sync, index));
  const missing = replicas.flatMap((pod, index) => (pod === undefined ? [index] : []));
  let next = 0;
  const created = slowStartBatch(Math.min(missing.length, podsPerSyncMax), () => {
    processReplica(sync, missing[next++]!);
  });
  const present = replicas.flatMap((pod, index) =>
    pod !== undefined && !missing.includes(index) ? [index] : [],
  );
  const failure = created.failure ?? attemptAll(present, (index) => processReplica(sync, index));
  if (failure !== null) throw failure;
  return true;
}

/** Deletes the pods that are too many, the highest first, one at a time where the set is ordered. */
export function processCondemned(sync: SetSync): boolean {
  const { room, set, condemned } = sync;
  for (const pod of condemned) syncClaimOwners(room, set, pod);
  if (!isOrdered(set)) {
    const doomed = condemned.filter((pod) => !isTerminating(pod)).slice(0, podsPerSyncMax);
    const failure = attemptAll(doomed, (pod) => deleteReplica(sync, pod));
    if (failure !== null) throw failure;
    return true;
  }
  const [pod] = condemned;
  if (pod === undefined) return true;
  const isAvailable = (own: Pod) =>
    !isTerminating(own) && isRunningAndAvailable(own, set, room.simulation.nowMs);
  // A broken pod is waited for, but for the lowest: nobody below it can be what it waits for.
  const isWaited = !isAvailable(pod) && pod !== condemned.findLast((own) => !isAvailable(own));
  if (!isTerminating(pod) && !isWaited) deleteReplica(sync, pod);
  return false;
}
