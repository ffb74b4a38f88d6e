// Upstream: pkg/controller/deployment/rolling.go
import type { Again } from '#kubernetes/client/workQueue.ts';
import { isComplete, syncRolloutStatus } from './deploymentStatus.ts';
import { createNewSet } from './newReplicaSet.ts';
import { type Rollout, allSets, compareAge, isActive } from './rollout.ts';
import { maxUnavailableOf, newSetSize, replicasOf, wantedBy } from './rolloutSize.ts';
import { cleanUpHistory, scaleSet } from './scaling.ts';

/** One step of a rolling update: the new set up as far as the surge allows, else the old ones down. */
export function rollOut(rollout: Rollout): Again | void {
  if (rollout.newSet === undefined) createNewSet(rollout);
  const scaled = growNewSet(rollout) || shrinkOldSets(rollout);
  const { deployment } = rollout;
  if (!scaled && isComplete(deployment, deployment.status)) cleanUpHistory(rollout);
  return syncRolloutStatus(rollout);
}

function growNewSet(rollout: Rollout): boolean {
  const { deployment } = rollout;
  const newSet = rollout.newSet!;
  const replicas = replicasOf(deployment);
  if (replicasOf(newSet) === replicas) return false;
  const size = replicasOf(newSet) > replicas ? replicas : newSetSize(deployment, allSets(rollout), newSet);
  return scaleSet(rollout, newSet, size);
}

/**
 * Takes from the old sets first what is not available anyway, then what the new set's pods make up for. Pods of
 * the new set that are not available count against it, so that a bad template stops its own rollout.
 */
function shrinkOldSets(rollout: Rollout): boolean {
  const { deployment } = rollout;
  const newSet = rollout.newSet!;
  if (wantedBy(rollout.oldSets) === 0) return false;
  const minAvailable = replicasOf(deployment) - maxUnavailableOf(deployment);
  const newUnavailable = replicasOf(newSet) - (newSet.status.availableReplicas ?? 0);
  const maxScaledDown = wantedBy(allSets(rollout)) - minAvailable - newUnavailable;
  if (maxScaledDown <= 0) return false;
  const cleaned = takeUnhealthy(rollout, maxScaledDown);
  return takeSurplus(rollout, minAvailable) + cleaned > 0;
}

function takeUnhealthy(rollout: Rollout, max: number): number {
  let taken = 0;
  for (const set of rollout.oldSets.filter(isActive).toSorted(compareAge)) {
    if (taken >= max) break;
    const unhealthy = replicasOf(set) - (set.status.availableReplicas ?? 0);
    const count = Math.min(max - taken, unhealthy);
    // A set that still has more pods than it asks for is on its way down already.
    if (count <= 0) continue;
    scaleSet(rollout, set, replicasOf(set) - count);
    taken += count;
  }
  return taken;
}

function takeSurplus(rollout: Rollout, minAvailable: number): number {
  const available = allSets(rollout).reduce((sum, { status }) => sum + (status.availableReplicas ?? 0), 0);
  const surplus = available - minAvailable;
  let taken = 0;
  for (const set of rollout.oldSets.filter(isActive).toSorted(compareAge)) {
    if (taken >= surplus) break;
    const count = Math.min(replicasOf(set), surplus - taken);
    scaleSet(rollout, set, replicasOf(set) - count);
    taken += count;
  }
  return taken;
}
