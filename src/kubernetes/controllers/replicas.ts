// Upstream: pkg/controller/replicaset/replica_set.go
import type { Pod } from '#generated/types/core.v1.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import { isPodActive } from '#kubernetes/api/podStatus.ts';
import type { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import { type Again, WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { ControllerContext } from './controller.ts';
import {
  claimObjects,
  controlledBy,
  controllerOf,
  indexByController,
  orphansIn,
  withSameController,
} from './controllerRef.ts';
import { Expectations } from './expectations.ts';
import { Pace } from './pace.ts';
import {
  attemptAll,
  createPod,
  deletePod,
  isNamespaceTerminating,
  podsPerSyncMax,
  podFromTemplate,
  slowStartBatch,
} from './podControl.ts';
import { leastMissed } from './podRanking.ts';
import { type PodCounts, PodTallies } from './podTally.ts';
import { countAvailable, replicaSetStatus, writeReplicaSetStatus } from './replicaSetStatus.ts';
import type { ReplicatedSet, SetKind } from './setKind.ts';

/** What looking at one pod takes: a sync of thousands is long enough that the next one takes many changes at once. */
const lookMs = 0.005;
/** Upstream: --concurrent-replicaset-syncs */
const workers = 5;

interface Room extends ControllerContext {
  readonly setKind: SetKind;
  readonly sets: Informer<ReplicatedSet>;
  readonly podCache: Informer<Pod>;
  readonly tallies: PodTallies;
  readonly expectations: Expectations;
}

/** Keeps as many pods of its template as each set of a kind asks for. Returns what stops it. */
export function startReplicas(context: ControllerContext, setKind: SetKind): () => void {
  const { simulation, client, informers } = context;
  const podCache = informers.of(pods);
  indexByController(podCache);
  const room: Room = {
    ...context,
    setKind,
    sets: informers.of(setKind.kind),
    podCache,
    tallies: new PodTallies(podCache, setKind),
    expectations: new Expectations(simulation),
  };
  const reconcile = (key: string) => syncReplicaSet(room, key);
  const queue = new WorkQueue({ simulation, client, workers, reconcile });
  indexByController(room.sets);
  const pace = new Pace(simulation, queue);
  room.sets.onChange((now, before) => {
    if (before !== undefined && before.metadata.uid !== now?.metadata.uid) {
      room.expectations.forget(keyOf(before));
      pace.forget(keyOf(before));
      room.tallies.forget(before.metadata.uid);
    }
    queue.add(keyOf(now ?? before!));
  });
  room.podCache.onChange((now, before) => observePod(room, pace, now, before));
  return () => queue.stop();
}

/** Wakes the sets that a pod's change concerns: its controller, a former one, and for an orphan all that match. */
function observePod(room: Room, pace: Pace, now: Pod | undefined, before: Pod | undefined): void {
  const owner = ownerOf(room, now ?? before!);
  if (owner !== undefined) {
    const key = keyOf(owner);
    pace.setSize(key, owner.status.replicas);
    const { uid } = (now ?? before!).metadata;
    if (now === undefined || now.metadata.deletionTimestamp !== undefined) {
      room.expectations.sawDeleted(key, uid);
    } else room.expectations.sawCreated(key, uid);
    pace.ask(key);
  }
  if (now === undefined) return;
  const former = before && ownerOf(room, before);
  if (former !== undefined && former !== owner) pace.ask(keyOf(former));
  if (owner === undefined && controllerOf(now) === undefined && mayBeAdopted(now, before)) {
    for (const set of room.sets.list()) {
      if (
        set.metadata.namespace === now.metadata.namespace &&
        room.setKind.selectorOf(set).matches(now.metadata.labels)
      )
        pace.ask(keyOf(set));
    }
  }
}

function mayBeAdopted(now: Pod, before: Pod | undefined): boolean {
  if (now.metadata.deletionTimestamp !== undefined) return false;
  return (
    before === undefined ||
    before.metadata.labels !== now.metadata.labels ||
    controllerOf(before) !== undefined
  );
}

function ownerOf({ sets, setKind }: Room, pod: Pod): ReplicatedSet | undefined {
  const reference = controllerOf(pod);
  if (reference?.kind !== setKind.kind.kind) return undefined;
  const owner = sets.get(`${pod.metadata.namespace}/${reference.name}`);
  return owner?.metadata.uid === reference.uid ? owner : undefined;
}

/** Brings the number of pods to `spec.replicas`, then tells it in the status. */
function syncReplicaSet(room: Room, key: string): Again | void {
  const { sets, podCache, expectations, client, simulation } = room;
  const set = sets.get(key);
  if (set === undefined) {
    expectations.forget(key);
    return undefined;
  }
  const counts = room.tallies.of(set);
  client.account((counts.active + counts.terminating) * lookMs);
  const adopted = claimStrays(room, set, counts);
  let failure: StatusError | null = null;
  if (expectations.areMet(key) && set.metadata.deletionTimestamp === undefined) {
    failure = manageReplicas(room, set, counts.active + adopted);
  }
  const minReadySeconds = set.spec.minReadySeconds ?? 0;
  const { available, waitMs } =
    minReadySeconds === 0
      ? { available: counts.ready, waitMs: null }
      : countAvailable(controlledBy(podCache, set), minReadySeconds, simulation.nowMs);
  const status = replicaSetStatus(room.setKind, set, counts, available, failure, simulation.nowMs);
  writeReplicaSetStatus(client, room.setKind, set, status);
  if (failure !== null) throw failure;
  return waitMs === null ? undefined : { afterMs: waitMs };
}

/** Adopts orphans that match and releases pods that do not. Returns how many active pods that brings. */
function claimStrays(
  { client, podCache, setKind }: Room,
  set: ReplicatedSet,
  { unselected }: PodCounts,
): number {
  const selector = setKind.selectorOf(set);
  const orphans = [...orphansIn(podCache, set.metadata.namespace)];
  if (unselected === 0 && !orphans.some(({ metadata }) => selector.matches(metadata.labels))) return 0;
  const claim = { client, informer: podCache, kind: pods, owner: set, ownerKind: setKind.kind, selector };
  return claimObjects(claim).filter((pod) => isPodActive(pod) && controllerOf(pod) === undefined).length;
}

/** Creates or deletes what is missing or too much of `active` pods; returns the first failure. */
function manageReplicas(room: Room, set: ReplicatedSet, active: number): StatusError | null {
  const missing = (set.spec.replicas ?? 0) - active;
  if (missing > 0) return createMissing(room, set, Math.min(missing, podsPerSyncMax));
  if (missing < 0) return deleteSurplus(room, set, Math.min(-missing, podsPerSyncMax));
  return null;
}

function createMissing(room: Room, set: ReplicatedSet, count: number): StatusError | null {
  const pod = podFromTemplate(set.spec.template!, set);
  const { failure } = slowStartBatch(count, () => {
    const created = createPod(room, pod, set);
    room.expectations.expectCreated(keyOf(set), created.metadata.uid);
  });
  return isNamespaceTerminating(failure) ? null : failure;
}

function deleteSurplus(room: Room, set: ReplicatedSet, count: number): StatusError | null {
  const selector = room.setKind.selectorOf(set);
  const active = [...controlledBy(room.podCache, set)].filter(
    (pod) => isPodActive(pod) && selector.matches(pod.metadata.labels),
  );
  return attemptAll(podsToDelete(room, set, active, count), (pod) => {
    if (deletePod(room, pod, set)) room.expectations.expectDeleted(keyOf(set), pod.metadata.uid);
  });
}

/** The pods that are missed least. Relatives are pods of all sets with the same controller as this one. */
function podsToDelete(room: Room, set: ReplicatedSet, active: readonly Pod[], count: number): readonly Pod[] {
  if (count >= active.length) return active;
  const related = new Map<string, number>();
  for (const sibling of withSameController(room.sets, set)) {
    for (const pod of controlledBy(room.podCache, sibling)) {
      const node = pod.spec.nodeName ?? '';
      if (isPodActive(pod)) related.set(node, (related.get(node) ?? 0) + 1);
    }
  }
  const rankOf = ({ spec }: Pod) => related.get(spec.nodeName ?? '') ?? 0;
  return leastMissed(active, count, room.simulation.nowMs, rankOf);
}
