// Upstream: pkg/controller/deployment/sync.go scale, scaleReplicaSet, isScalingEvent, cleanupDeployment
import type { ReplicaSet } from '#generated/types/apps.v1.ts';
import { replicaSets } from '#kubernetes/api/apps/replicaSet.ts';
import { share } from '#kubernetes/apimachinery/structure.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { desiredReplicasOf, revisionOf, sizeAnnotations } from './revision.ts';
import { type Rollout, allSets, compareAge, isActive, replaceSet } from './rollout.ts';
import { isRollingUpdate, maxSurgeOf, proportionOf, replicasOf, wantedBy } from './rolloutSize.ts';

/** Gives a set its size, and tells it; true when the size was another. */
export function scaleSet(rollout: Rollout, set: ReplicaSet, size: number): boolean {
  const { room, deployment } = rollout;
  const before = replicasOf(set);
  const desired = replicasOf(deployment);
  const annotations = {
    ...set.metadata.annotations,
    ...sizeAnnotations(desired, desired + maxSurgeOf(deployment)),
  };
  const next = share(
    { ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, replicas: size } },
    set,
  );
  if (next === set) return false;
  replaceSet(rollout, room.client.update(replicaSets, next));
  if (size === before) return false;
  const message = `Scaled ${before < size ? 'up' : 'down'} replica set ${set.metadata.name} from ${before} to ${size}`;
  room.recorder.event(deployment, 'Normal', 'ScalingReplicaSet', message);
  return true;
}

/** True when the deployment's size changed since its sets were last scaled. */
export function isScalingEvent(rollout: Rollout): boolean {
  const replicas = replicasOf(rollout.deployment);
  return allSets(rollout)
    .filter(isActive)
    .some((set) => (desiredReplicasOf(set) ?? replicas) !== replicas);
}

/**
 * Follows a change of size in the middle of a rollout, or while paused: all sets grow or shrink in proportion,
 * so that the change does not hasten the rollout.
 */
export function scaleProportionally(rollout: Rollout): void {
  const { deployment, newSet } = rollout;
  const only = activeOrLatest(rollout);
  if (only !== undefined) {
    if (replicasOf(only) !== replicasOf(deployment)) scaleSet(rollout, only, replicasOf(deployment));
    return;
  }
  if (newSet !== undefined && isSaturated(rollout, newSet)) {
    for (const old of rollout.oldSets.filter(isActive)) scaleSet(rollout, old, 0);
    return;
  }
  if (!isRollingUpdate(deployment)) return;
  const active = allSets(rollout).filter(isActive);
  const replicas = replicasOf(deployment);
  const allowed = replicas > 0 ? replicas + maxSurgeOf(deployment) : 0;
  const toAdd = allowed - wantedBy(active);
  for (const { set, size } of shareOut(rollout, active, toAdd)) scaleSet(rollout, set, size);
}

/** The larger sets first, and what is left over by rounding goes to the largest. */
function shareOut(
  { deployment }: Rollout,
  active: readonly ReplicaSet[],
  toAdd: number,
): { readonly set: ReplicaSet; size: number }[] {
  const newerFirst = toAdd > 0 ? -1 : 1;
  const ordered = active.toSorted((a, b) => replicasOf(b) - replicasOf(a) || newerFirst * compareAge(a, b));
  let added = 0;
  const shares = ordered.map((set) => {
    const proportion = proportionOf(set, deployment, toAdd, added);
    added += proportion;
    return { set, size: replicasOf(set) + proportion };
  });
  const largest = shares[0];
  if (largest !== undefined) largest.size = Math.max(0, largest.size + toAdd - added);
  return shares;
}

/** The only active set, or the latest when none is; undefined when several are. */
function activeOrLatest(rollout: Rollout): ReplicaSet | undefined {
  const active = allSets(rollout).filter(isActive);
  if (active.length > 1) return undefined;
  return active[0] ?? rollout.newSet ?? rollout.oldSets.toSorted(compareAge).at(-1);
}

function isSaturated({ deployment }: Rollout, set: ReplicaSet): boolean {
  const replicas = replicasOf(deployment);
  return (
    replicasOf(set) === replicas &&
    desiredReplicasOf(set) === replicas &&
    (set.status.availableReplicas ?? 0) === replicas
  );
}

/** Deletes the oldest revisions beyond `revisionHistoryLimit`, those that have no pods left. */
export function cleanUpHistory({ room, deployment, oldSets }: Rollout): void {
  const limit = deployment.spec.revisionHistoryLimit;
  if (limit === undefined || limit === 2 ** 31 - 1) return;
  const living = oldSets.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const ordered = living.toSorted((a, b) => revisionOf(a) - revisionOf(b) || compareAge(a, b));
  for (const set of ordered.slice(0, Math.max(0, living.length - limit))) {
    const { status, metadata } = set;
    const isObserved = (metadata.generation ?? 0) <= (status.observedGeneration ?? 0);
    if (status.replicas !== 0 || replicasOf(set) !== 0 || !isObserved) continue;
    try {
      room.client.delete(replicaSets, metadata.namespace ?? '', metadata.name);
    } catch (error) {
      if (!isStatus(error, 'NotFound')) throw error;
    }
  }
}
