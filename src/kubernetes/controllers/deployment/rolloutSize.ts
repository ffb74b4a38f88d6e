// Upstream: pkg/controller/deployment/util/deployment_util.go
import type { Deployment, ReplicaSet } from '#generated/types/apps.v1.ts';
import { scaledValue } from '../intOrPercent.ts';
import { maxReplicasOf } from './revision.ts';

export function replicasOf(object: Deployment | ReplicaSet): number {
  return object.spec.replicas ?? 0;
}

/** The sum of what the sets ask for. */
export function wantedBy(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + replicasOf(set), 0);
}

export function isRollingUpdate(deployment: Deployment): boolean {
  return deployment.spec.strategy?.type !== 'Recreate';
}

/**
 * How many pods a rollout may have above and below `replicas`. Percentages of surge round up, of unavailable
 * down; were both 0 nothing could move, so one may be unavailable.
 */
export function resolveFenceposts(
  surge: string | number | undefined,
  unavailable: string | number | undefined,
  replicas: number,
): { readonly maxSurge: number; readonly maxUnavailable: number } {
  const maxSurge = scaledValue(surge, replicas, 'up');
  const maxUnavailable = scaledValue(unavailable, replicas, 'down');
  return { maxSurge, maxUnavailable: maxSurge === 0 && maxUnavailable === 0 ? 1 : maxUnavailable };
}

function fencepostsOf(deployment: Deployment): ReturnType<typeof resolveFenceposts> {
  const { rollingUpdate } = deployment.spec.strategy ?? {};
  return resolveFenceposts(rollingUpdate?.maxSurge, rollingUpdate?.maxUnavailable, replicasOf(deployment));
}

export function maxSurgeOf(deployment: Deployment): number {
  return isRollingUpdate(deployment) ? fencepostsOf(deployment).maxSurge : 0;
}

export function maxUnavailableOf(deployment: Deployment): number {
  if (!isRollingUpdate(deployment)) return 0;
  return Math.min(fencepostsOf(deployment).maxUnavailable, replicasOf(deployment));
}

/** The size that the new set may have now, without more pods in all than the surge allows. */
export function newSetSize(deployment: Deployment, all: readonly ReplicaSet[], newSet: ReplicaSet): number {
  const replicas = replicasOf(deployment);
  if (!isRollingUpdate(deployment)) return replicas;
  const { rollingUpdate } = deployment.spec.strategy ?? {};
  const maxTotal = replicas + scaledValue(rollingUpdate?.maxSurge, replicas, 'up');
  const room = maxTotal - wantedBy(all);
  if (room <= 0) return replicasOf(newSet);
  return replicasOf(newSet) + Math.min(room, replicas - replicasOf(newSet));
}

/** The share of `set` in a change of the deployment's size by `toAdd` pods, of which `added` are given out. */
export function proportionOf(set: ReplicaSet, deployment: Deployment, toAdd: number, added: number): number {
  if (replicasOf(set) === 0 || toAdd === 0 || toAdd === added) return 0;
  const fraction = fractionOf(set, deployment);
  const allowed = toAdd - added;
  return toAdd > 0 ? Math.min(fraction, allowed) : Math.max(fraction, allowed);
}

function fractionOf(set: ReplicaSet, deployment: Deployment): number {
  const size = replicasOf(set);
  if (replicasOf(deployment) === 0) return -size;
  const before = maxReplicasOf(set) || (deployment.status.replicas ?? 0);
  if (before === 0) return 0;
  const after = (size * (replicasOf(deployment) + maxSurgeOf(deployment))) / before;
  return Math.floor(after + 0.5) - size;
}
