// Upstream: pkg/controller/statefulset/stateful_set_control.go updateStatefulSetAfterInvariantEstablished
import { scaledValue } from '../intOrPercent.ts';
import { deleteReplica } from './processReplicas.ts';
import { isRunningAndAvailable, isTerminating, revisionOf, wantedReplicas } from './statefulPod.ts';
import type { SetSync } from './statefulSetSync.ts';

/**
 * Deletes pods of an old version, the highest ordinal first, down to the partition, as many as `maxUnavailable`
 * leaves: they come back as the new version. Returns how many it deleted.
 */
export function updateReplicas(sync: SetSync): number {
  const { set, update, room } = sync;
  const { nowMs } = room.simulation;
  const { partition = 0, maxUnavailable } = set.spec.updateStrategy?.rollingUpdate ?? {};
  const allowed = Math.max(1, scaledValue(maxUnavailable, wantedReplicas(set), 'down'));
  const isUnavailable = (pod: SetSync['replicas'][number]) =>
    pod === undefined || isTerminating(pod) || !isRunningAndAvailable(pod, set, nowMs);
  let left = allowed - sync.replicas.filter(isUnavailable).length;
  let deleted = 0;
  for (let index = sync.replicas.length - 1; index >= partition && left > 0; index--) {
    const pod = sync.replicas[index];
    if (pod === undefined || revisionOf(pod) === update.name || isTerminating(pod)) continue;
    deleteReplica(sync, pod);
    left--;
    deleted++;
  }
  return deleted;
}
