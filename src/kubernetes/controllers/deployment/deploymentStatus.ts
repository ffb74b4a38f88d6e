// Upstream: pkg/controller/deployment/{progress,sync}.go
import type {
  Deployment,
  DeploymentCondition,
  DeploymentStatus,
  ReplicaSet,
} from '#generated/types/apps.v1.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import type { Again } from '#kubernetes/client/workQueue.ts';
import { type Rollout, allSets, writeStatus } from './rollout.ts';
import { maxUnavailableOf, replicasOf, wantedBy } from './rolloutSize.ts';

/** Upstream takes this deadline for none. */
const noDeadlineSeconds = 2 ** 31 - 1;

type Conditions = readonly DeploymentCondition[];

export function conditionOf(
  conditions: Conditions | undefined,
  type: string,
): DeploymentCondition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

export function newCondition(
  type: string,
  status: 'True' | 'False' | 'Unknown',
  reason: string,
  message: string,
  nowMs: number,
): DeploymentCondition {
  const now = formatTime(nowMs);
  return { type, status, reason, message, lastUpdateTime: now, lastTransitionTime: now };
}

/** The conditions with `next`, unless one of the same status and reason stands already. */
export function setCondition(conditions: Conditions | undefined, next: DeploymentCondition): Conditions {
  const present = conditionOf(conditions, next.type);
  if (present?.status === next.status && present.reason === next.reason) return conditions!;
  const kept =
    present?.status === next.status ? { ...next, lastTransitionTime: present.lastTransitionTime } : next;
  return [...withoutCondition(conditions, next.type), kept];
}

function withoutCondition(conditions: Conditions | undefined, type: string): Conditions {
  return (conditions ?? []).filter((condition) => condition.type !== type);
}

export function hasProgressDeadline({ spec }: Deployment): boolean {
  return spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds !== noDeadlineSeconds;
}

/** What the sets add up to, with the Available condition. */
function calculateStatus(rollout: Rollout): DeploymentStatus {
  const { deployment, newSet, room } = rollout;
  const sets = allSets(rollout);
  const sum = (count: (set: ReplicaSet) => number | undefined) =>
    sets.reduce((total, set) => total + (count(set) ?? 0), 0);
  const replicas = sum(({ status }) => status.replicas);
  const updatedReplicas = newSet?.status.replicas ?? 0;
  const readyReplicas = sum(({ status }) => status.readyReplicas);
  const availableReplicas = sum(({ status }) => status.availableReplicas);
  const unavailableReplicas = Math.max(0, wantedBy(sets) - availableReplicas);
  const terminating = sets.every(({ status }) => status.terminatingReplicas !== undefined);
  const isAvailable = availableReplicas >= replicasOf(deployment) - maxUnavailableOf(deployment);
  const { nowMs } = room.simulation;
  const available = isAvailable
    ? newCondition(
        'Available',
        'True',
        'MinimumReplicasAvailable',
        'Deployment has minimum availability.',
        nowMs,
      )
    : newCondition(
        'Available',
        'False',
        'MinimumReplicasUnavailable',
        'Deployment does not have minimum availability.',
        nowMs,
      );
  const { collisionCount, conditions } = deployment.status;
  return {
    observedGeneration: deployment.metadata.generation ?? 0,
    ...(replicas > 0 && { replicas }),
    ...(updatedReplicas > 0 && { updatedReplicas }),
    ...(readyReplicas > 0 && { readyReplicas }),
    ...(availableReplicas > 0 && { availableReplicas }),
    ...(unavailableReplicas > 0 && { unavailableReplicas }),
    ...(terminating && { terminatingReplicas: sum(({ status }) => status.terminatingReplicas) }),
    conditions: setCondition(conditions, available),
    ...(collisionCount !== undefined && { collisionCount }),
  };
}

/** Writes what there is, without a judgement of progress: while paused, scaled or deleted. */
export function syncStatus(rollout: Rollout): void {
  const status = calculateStatus(rollout);
  if (!deepEqual(rollout.deployment.status, status)) writeStatus(rollout, status);
}

/** True when the rollout has arrived: all pods are of the new template and available, and no others are left. */
export function isComplete({ spec, metadata }: Deployment, status: DeploymentStatus): boolean {
  return (
    (status.updatedReplicas ?? 0) === (spec.replicas ?? 0) &&
    (status.replicas ?? 0) === (spec.replicas ?? 0) &&
    (status.availableReplicas ?? 0) === (spec.replicas ?? 0) &&
    (status.observedGeneration ?? 0) >= (metadata.generation ?? 0)
  );
}

function isProgressing({ status: old }: Deployment, status: DeploymentStatus): boolean {
  const outdated = (of: DeploymentStatus) => (of.replicas ?? 0) - (of.updatedReplicas ?? 0);
  return (
    (status.updatedReplicas ?? 0) > (old.updatedReplicas ?? 0) ||
    outdated(status) < outdated(old) ||
    (status.readyReplicas ?? 0) > (old.readyReplicas ?? 0) ||
    (status.availableReplicas ?? 0) > (old.availableReplicas ?? 0)
  );
}

function hasTimedOut(deployment: Deployment, status: DeploymentStatus, nowMs: number): boolean {
  const progressing = conditionOf(status.conditions, 'Progressing');
  if (progressing === undefined || progressing.reason === 'NewReplicaSetAvailable') return false;
  if (progressing.reason === 'ProgressDeadlineExceeded') return true;
  return deadlineMs(deployment, progressing) < nowMs;
}

function deadlineMs({ spec }: Deployment, { lastUpdateTime = '' }: DeploymentCondition): number {
  return Date.parse(lastUpdateTime) + spec.progressDeadlineSeconds! * 1000;
}

/** Writes the status of a rollout; asks to be called again when its deadline may pass. */
export function syncRolloutStatus(rollout: Rollout): Again | void {
  const { deployment } = rollout;
  const calculated = calculateStatus(rollout);
  const status = {
    ...calculated,
    conditions: withFailures(rollout, progressConditions(rollout, calculated)),
  };
  if (deepEqual(deployment.status, status)) return msToProgressCheck(rollout, status);
  writeStatus(rollout, status);
  return undefined;
}

function progressConditions({ deployment, newSet, room }: Rollout, status: DeploymentStatus): Conditions {
  const conditions = status.conditions!;
  if (!hasProgressDeadline(deployment)) return withoutCondition(conditions, 'Progressing');
  const present = conditionOf(deployment.status.conditions, 'Progressing');
  const wasComplete =
    (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && present?.reason === 'NewReplicaSetAvailable';
  if (wasComplete) return conditions;
  const { nowMs } = room.simulation;
  const subject =
    newSet === undefined
      ? `Deployment "${deployment.metadata.name}"`
      : `ReplicaSet "${newSet.metadata.name}"`;
  const progressing = (value: 'True' | 'False', reason: string, message: string) =>
    newCondition('Progressing', value, reason, `${subject} ${message}`, nowMs);
  if (isComplete(deployment, status)) {
    const next = progressing('True', 'NewReplicaSetAvailable', 'has successfully progressed.');
    return setCondition(conditions, next);
  }
  if (isProgressing(deployment, status)) {
    // Unlike other conditions its update time moves with every progress, also for the same reason.
    const next = progressing('True', 'ReplicaSetUpdated', 'is progressing.');
    const { lastTransitionTime } = present?.status === 'True' ? present : next;
    return setCondition(withoutCondition(conditions, 'Progressing'), {
      ...next,
      ...(lastTransitionTime !== undefined && { lastTransitionTime }),
    });
  }
  if (hasTimedOut(deployment, status, nowMs)) {
    const next = progressing('False', 'ProgressDeadlineExceeded', 'has timed out progressing.');
    return setCondition(conditions, next);
  }
  return conditions;
}

/** The failure of a set to create or delete pods is the deployment's too; the new set's first. */
function withFailures({ newSet, oldSets }: Rollout, conditions: Conditions): Conditions {
  const sets = newSet === undefined ? oldSets : [newSet, ...oldSets];
  const failure = sets
    .flatMap(({ status }) => status.conditions ?? [])
    .find(({ type }) => type === 'ReplicaFailure');
  if (failure === undefined) return withoutCondition(conditions, 'ReplicaFailure');
  const { lastTransitionTime } = failure;
  return setCondition(conditions, {
    ...failure,
    ...(lastTransitionTime !== undefined && { lastUpdateTime: lastTransitionTime }),
  });
}

function msToProgressCheck({ deployment, room }: Rollout, status: DeploymentStatus): Again | void {
  const present = conditionOf(deployment.status.conditions, 'Progressing');
  if (!hasProgressDeadline(deployment) || present === undefined) return undefined;
  if (isComplete(deployment, status) || present.reason === 'ProgressDeadlineExceeded') return undefined;
  const leftMs = deadlineMs(deployment, present) - room.simulation.nowMs;
  // A second more, so that the deadline has passed by then.
  return { afterMs: Math.max(0, leftMs) + 1000 };
}
