import type { Deployment, ReplicaSet } from '#generated/types/apps.v1.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import { deployments } from '#kubernetes/api/apps/deployment.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import type { ControllerContext } from '../controller.ts';
import { replicasOf } from './rolloutSize.ts';

/** What the deployment controller works with. */
export interface Room extends ControllerContext {
  readonly deploymentCache: Informer<Deployment>;
  readonly sets: Informer<ReplicaSet>;
  readonly podCache: Informer<Pod>;
}

/** One sync of one deployment: what it read, replaced by what it writes on the way. */
export interface Rollout {
  readonly room: Room;
  deployment: Deployment;
  /** The set whose template is the deployment's. */
  newSet: ReplicaSet | undefined;
  /** All others, oldest first. */
  oldSets: readonly ReplicaSet[];
}

export function allSets({ newSet, oldSets }: Rollout): readonly ReplicaSet[] {
  return newSet === undefined ? oldSets : [...oldSets, newSet];
}

export function isActive(set: ReplicaSet): boolean {
  return replicasOf(set) > 0;
}

/** Puts `set` where the older version of it was. */
export function replaceSet(rollout: Rollout, set: ReplicaSet): void {
  const { uid } = set.metadata;
  if (rollout.newSet?.metadata.uid === uid) rollout.newSet = set;
  else rollout.oldSets = rollout.oldSets.map((old) => (old.metadata.uid === uid ? set : old));
}

export function writeStatus(rollout: Rollout, status: Deployment['status']): void {
  const { room, deployment } = rollout;
  rollout.deployment = room.client.updateStatus(deployments, { ...deployment, status });
}

/** Older sets first, by name where they are of the same second. */
export function compareAge(a: ReplicaSet, b: ReplicaSet): number {
  const { creationTimestamp: createdA, name: nameA } = a.metadata;
  const { creationTimestamp: createdB, name: nameB } = b.metadata;
  if (createdA !== createdB) return createdA < createdB ? -1 : 1;
  return nameA < nameB ? -1 : 1;
}
