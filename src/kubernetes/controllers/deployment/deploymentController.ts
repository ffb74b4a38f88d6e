// Upstream: pkg/controller/deployment/deployment_controller.go
import type { Deployment, ReplicaSet } from '#generated/types/apps.v1.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import { deployments } from '#kubernetes/api/apps/deployment.ts';
import { replicaSets } from '#kubernetes/api/apps/replicaSet.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { type KubeObject, keyOf } from '#kubernetes/api/object.ts';
import { everything, selectorOf } from '#kubernetes/apimachinery/labels.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import { type Again, WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller } from '../controller.ts';
import { claimObjects, controlledBy, controllerOf, indexByController } from '../controllerRef.ts';
import { isNamespaceTerminating } from '../podControl.ts';
import {
  conditionOf,
  hasProgressDeadline,
  newCondition,
  setCondition,
  syncStatus,
} from './deploymentStatus.ts';
import { syncNewSet } from './newReplicaSet.ts';
import { recreate } from './recreate.ts';
import { type Rollout, type Room, compareAge, writeStatus } from './rollout.ts';
import { rollOut } from './rollingUpdate.ts';
import { isRollingUpdate } from './rolloutSize.ts';
import { cleanUpHistory, isScalingEvent, scaleProportionally } from './scaling.ts';
import { isSameTemplate } from '../templateHash.ts';

/** Upstream: --concurrent-deployment-syncs */
const workers = 5;

/** Moves pods from one template to the next through ReplicaSets, one per revision. */
export const deploymentController: Controller = {
  name: 'deployment-controller',
  start(context) {
    const room: Room = {
      ...context,
      deploymentCache: context.informers.of(deployments),
      sets: context.informers.of(replicaSets),
      podCache: context.informers.of(pods),
    };
    const { simulation, client } = context;
    const reconcile = (key: string) => syncDeployment(room, key);
    const queue = new WorkQueue({ simulation, client, workers, reconcile });
    indexByController(room.sets);
    indexByController(room.podCache);
    room.deploymentCache.onChange((now, before) => queue.add(keyOf(now ?? before!)));
    room.sets.onChange((now, before) => observeSet(room, queue, now, before));
    room.podCache.onChange((now, before) => {
      if (now === undefined) observePodGone(room, queue, before!);
    });
    return () => queue.stop();
  },
};

function ownerIn<O extends KubeObject>(owners: Informer<O>, kind: string, object: KubeObject): O | undefined {
  const reference = controllerOf(object);
  if (reference?.kind !== kind) return undefined;
  const owner = owners.get(`${object.metadata.namespace}/${reference.name}`);
  return owner?.metadata.uid === reference.uid ? owner : undefined;
}

function observeSet(
  room: Room,
  queue: WorkQueue,
  now: ReplicaSet | undefined,
  before: ReplicaSet | undefined,
): void {
  for (const set of [now, before]) {
    const owner = set && ownerIn(room.deploymentCache, 'Deployment', set);
    if (owner !== undefined) queue.add(keyOf(owner));
  }
  if (now === undefined || controllerOf(now) !== undefined) return;
  for (const deployment of room.deploymentCache.list()) {
    const isHere = deployment.metadata.namespace === now.metadata.namespace;
    if (isHere && selectorOf(deployment.spec.selector).matches(now.metadata.labels)) {
      queue.add(keyOf(deployment));
    }
  }
}

/** Recreate waits for the last pod to vanish, which no set's status tells. */
function observePodGone(room: Room, queue: WorkQueue, pod: Pod): void {
  const set = ownerIn(room.sets, 'ReplicaSet', pod);
  const owner = set && ownerIn(room.deploymentCache, 'Deployment', set);
  if (owner === undefined || isRollingUpdate(owner)) return;
  const isLast = [...controlledBy(room.sets, owner)].every((own) =>
    [...controlledBy(room.podCache, own)].every(({ metadata }) => metadata.uid === pod.metadata.uid),
  );
  if (isLast) queue.add(keyOf(owner));
}

/** One sync: read the sets, then take the step that the deployment's state asks for. */
function syncDeployment(room: Room, key: string): Again | void {
  const deployment = room.deploymentCache.get(key);
  if (deployment === undefined) return undefined;
  if (selectorOf(deployment.spec.selector) === everything) return refuseToSelectAll(room, deployment);
  const rollout = readRollout(room, deployment);
  try {
    return syncRollout(rollout);
  } catch (error) {
    // Trying again is of no use where the namespace goes away.
    if (isNamespaceTerminating(error)) return undefined;
    throw error;
  }
}

function syncRollout(rollout: Rollout): Again | void {
  if (rollout.deployment.metadata.deletionTimestamp !== undefined) {
    syncNewSet(rollout);
    return syncStatus(rollout);
  }
  notePause(rollout);
  syncNewSet(rollout);
  const isPaused = rollout.deployment.spec.paused === true;
  if (isPaused || isScalingEvent(rollout)) {
    scaleProportionally(rollout);
    if (isPaused) cleanUpHistory(rollout);
    return syncStatus(rollout);
  }
  return isRollingUpdate(rollout.deployment) ? rollOut(rollout) : recreate(rollout);
}

function readRollout(room: Room, deployment: Deployment): Rollout {
  const { client, sets: informer } = room;
  const selector = selectorOf(deployment.spec.selector);
  const claim = { client, informer, kind: replicaSets, owner: deployment, ownerKind: deployments, selector };
  const sets = claimObjects(claim).sort(compareAge);
  const newSet = sets.find((set) => isSameTemplate(set.spec.template, deployment.spec.template));
  return { room, deployment, newSet, oldSets: sets.filter((set) => set !== newSet) };
}

function refuseToSelectAll(room: Room, deployment: Deployment): void {
  const message = 'This deployment is selecting all pods. A non-empty selector is required.';
  room.recorder.event(deployment, 'Warning', 'SelectingAll', message);
  const { generation = 0 } = deployment.metadata;
  if ((deployment.status.observedGeneration ?? 0) >= generation) return;
  const status = { ...deployment.status, observedGeneration: generation };
  room.client.updateStatus(deployments, { ...deployment, status });
}

/** While paused no progress is expected: the condition says so, and the clock starts anew on resume. */
function notePause(rollout: Rollout): void {
  const { room, deployment } = rollout;
  const { conditions } = deployment.status;
  const progressing = conditionOf(conditions, 'Progressing');
  if (!hasProgressDeadline(deployment) || progressing?.reason === 'ProgressDeadlineExceeded') return;
  const isPaused = deployment.spec.paused === true;
  const isNoted = progressing?.reason === 'DeploymentPaused';
  if (isPaused === isNoted) return;
  const [reason, message] = isPaused
    ? ['DeploymentPaused', 'Deployment is paused']
    : ['DeploymentResumed', 'Deployment is resumed'];
  const next = newCondition('Progressing', 'Unknown', reason, message, room.simulation.nowMs);
  writeStatus(rollout, { ...deployment.status, conditions: setCondition(conditions, next) });
}
