// Upstream: pkg/controller/deployment/sync.go getNewReplicaSet
import type { ReplicaSet } from '#generated/types/apps.v1.ts';
import { deployments } from '#kubernetes/api/apps/deployment.ts';
import { replicaSets } from '#kubernetes/api/apps/replicaSet.ts';
import type { New } from '#kubernetes/api/object.ts';
import { share } from '#kubernetes/apimachinery/structure.ts';
import { StatusError, isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { controllerRefTo, isControlledBy } from '../controllerRef.ts';
import { isNamespaceTerminating } from '../podControl.ts';
import { conditionOf, hasProgressDeadline, newCondition, setCondition } from './deploymentStatus.ts';
import { maxRevision, newSetAnnotations, revisionAnnotation, sizeAnnotations } from './revision.ts';
import { type Rollout, allSets, writeStatus } from './rollout.ts';
import { maxSurgeOf, newSetSize, replicasOf } from './rolloutSize.ts';
import { isSameTemplate, templateHash, templateHashLabel } from '../templateHash.ts';

/** Keeps the new set's revision, annotations and readiness time as the deployment has them. */
export function syncNewSet(rollout: Rollout): void {
  const { room, deployment, newSet, oldSets } = rollout;
  if (newSet === undefined) return;
  const annotations = newSetAnnotations(deployment, newSet.metadata.annotations, maxRevision(oldSets) + 1);
  const { minReadySeconds: _old, ...spec } = newSet.spec;
  const { minReadySeconds } = deployment.spec;
  const next = share(
    {
      ...newSet,
      metadata: { ...newSet.metadata, annotations },
      spec: { ...spec, ...(minReadySeconds !== undefined && { minReadySeconds }) },
    },
    newSet,
  );
  if (next !== newSet) rollout.newSet = room.client.update(replicaSets, next);
  copyRevision(rollout);
  const { status } = rollout.deployment;
  if (hasProgressDeadline(deployment) && conditionOf(status.conditions, 'Progressing') === undefined) {
    setProgressing(rollout, 'True', 'FoundNewReplicaSet', `Found new replica set "${newSet.metadata.name}"`);
  }
}

/** The deployment's revision is its new set's. */
function copyRevision(rollout: Rollout): void {
  const { room, deployment, newSet } = rollout;
  const revision = newSet?.metadata.annotations?.[revisionAnnotation];
  if (revision === undefined || deployment.metadata.annotations?.[revisionAnnotation] === revision) return;
  const annotations = { ...deployment.metadata.annotations, [revisionAnnotation]: revision };
  rollout.deployment = room.client.updateStatus(deployments, {
    ...deployment,
    metadata: { ...deployment.metadata, annotations },
  });
}

function setProgressing(rollout: Rollout, value: 'True' | 'False', reason: string, message: string): void {
  const { room, deployment } = rollout;
  const next = newCondition('Progressing', value, reason, message, room.simulation.nowMs);
  const conditions = setCondition(deployment.status.conditions, next);
  writeStatus(rollout, { ...deployment.status, conditions });
}

/** Creates the set for the deployment's present template, as large as the rollout allows at once. */
export function createNewSet(rollout: Rollout): void {
  const { room, deployment } = rollout;
  const wanted = newSetOf(rollout);
  const size = wanted.spec.replicas ?? 0;
  try {
    rollout.newSet = room.client.create(replicaSets, wanted);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    if (!isStatus(error, 'AlreadyExists')) return failToCreate(rollout, wanted, error);
    return adoptOrCollide(rollout, wanted, error);
  }
  const { name } = rollout.newSet.metadata;
  if (size > 0) {
    const message = `Scaled up replica set ${name} from 0 to ${size}`;
    room.recorder.event(deployment, 'Normal', 'ScalingReplicaSet', message);
  }
  copyRevision(rollout);
  if (hasProgressDeadline(deployment)) {
    setProgressing(rollout, 'True', 'NewReplicaSetCreated', `Created new replica set "${name}"`);
  }
  return undefined;
}

function newSetOf(rollout: Rollout): New<ReplicaSet> {
  const { deployment, oldSets } = rollout;
  const { template, selector, minReadySeconds } = deployment.spec;
  const { namespace = '', name } = deployment.metadata;
  const hash = templateHash(template, deployment.status.collisionCount);
  const labels = { ...template.metadata?.labels, [templateHashLabel]: hash };
  const desired = replicasOf(deployment);
  const set: New<ReplicaSet> = {
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels,
      annotations: {
        ...newSetAnnotations(deployment, undefined, maxRevision(oldSets) + 1),
        ...sizeAnnotations(desired, desired + maxSurgeOf(deployment)),
      },
      ownerReferences: [controllerRefTo(deployment)],
    },
    spec: {
      replicas: 0,
      ...(minReadySeconds !== undefined && { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [templateHashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
  const size = newSetSize(deployment, allSets(rollout), set as ReplicaSet);
  return { ...set, spec: { ...set.spec, replicas: size } };
}

/** The name is taken: by this very set, which the cache does not show yet, or by another template. */
function adoptOrCollide(rollout: Rollout, wanted: New<ReplicaSet>, error: StatusError): void {
  const { room, deployment } = rollout;
  const taken = room.sets.get(`${wanted.metadata.namespace}/${wanted.metadata.name}`);
  if (taken === undefined) throw error;
  if (isControlledBy(taken, deployment) && isSameTemplate(taken.spec.template, deployment.spec.template)) {
    rollout.newSet = taken;
    copyRevision(rollout);
    return;
  }
  const collisionCount = (deployment.status.collisionCount ?? 0) + 1;
  writeStatus(rollout, { ...deployment.status, collisionCount });
  throw error;
}

function failToCreate(rollout: Rollout, wanted: New<ReplicaSet>, error: StatusError): never {
  if (isNamespaceTerminating(error)) throw error;
  const { room, deployment } = rollout;
  const message = `Failed to create new replica set "${wanted.metadata.name}": ${error.message}`;
  if (hasProgressDeadline(deployment)) {
    setProgressing(rollout, 'False', 'ReplicaSetCreateError', message);
  }
  room.recorder.event(deployment, 'Warning', 'ReplicaSetCreateError', message);
  throw error;
}
