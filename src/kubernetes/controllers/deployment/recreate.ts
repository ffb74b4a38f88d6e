// Upstream: pkg/controller/deployment/recreate.go
import { isPodTerminal } from '#kubernetes/api/podStatus.ts';
import type { Again } from '#kubernetes/client/workQueue.ts';
import { controlledBy } from '../controllerRef.ts';
import { isComplete, syncRolloutStatus } from './deploymentStatus.ts';
import { createNewSet } from './newReplicaSet.ts';
import { type Rollout, isActive } from './rollout.ts';
import { replicasOf } from './rolloutSize.ts';
import { cleanUpHistory, scaleSet } from './scaling.ts';

/** One step of a Recreate rollout: all old pods must be gone before the first new one is created. */
export function recreate(rollout: Rollout): Again | void {
  const active = rollout.oldSets.filter(isActive);
  for (const set of active) scaleSet(rollout, set, 0);
  if (active.length > 0 || oldPodsRun(rollout)) return syncRolloutStatus(rollout);
  if (rollout.newSet === undefined) createNewSet(rollout);
  scaleSet(rollout, rollout.newSet!, replicasOf(rollout.deployment));
  const { deployment } = rollout;
  if (isComplete(deployment, deployment.status)) cleanUpHistory(rollout);
  return syncRolloutStatus(rollout);
}

/** True while a pod of an old set has not ended, be it in deletion or on a node that nobody hears of. */
function oldPodsRun({ room, oldSets }: Rollout): boolean {
  return oldSets.some(
    (set) =>
      set.status.replicas > 0 || [...controlledBy(room.podCache, set)].some((pod) => !isPodTerminal(pod)),
  );
}
