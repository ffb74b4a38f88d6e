// Upstream: pkg/controller/statefulset/{stateful_set,stateful_set_control}.go
import type { StatefulSet } from '#generated/types/apps.v1.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import { controllerRevisions } from '#kubernetes/api/apps/controllerRevision.ts';
import { statefulSets } from '#kubernetes/api/apps/statefulSet.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import { everything, selectorOf } from '#kubernetes/apimachinery/labels.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { type Again, WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller } from '../controller.ts';
import { claimObjects, controllerOf, indexByController } from '../controllerRef.ts';
import { Expectations } from '../expectations.ts';
import { Pace } from '../pace.ts';
import { podsPerSyncMax } from '../podControl.ts';
import { processCondemned, processReplicas } from './processReplicas.ts';
import { cleanUpVersions, syncVersions } from './setRevisions.ts';
import {
  isInRange,
  isMemberOf,
  isTerminating,
  ordinalOf,
  startOrdinal,
  wantedReplicas,
} from './statefulPod.ts';
import type { Room, SetSync } from './statefulSetSync.ts';
import { writeStatefulSetStatus } from './statefulSetStatus.ts';
import { updateReplicas } from './updateReplicas.ts';

/** Upstream: --concurrent-statefulset-syncs */
const workers = 5;

/** Keeps pods with lasting names and claims: one per ordinal, each after the one before it. */
export const statefulSetController: Controller = {
  name: 'statefulset-controller',
  start(context) {
    const { simulation, client, informers } = context;
    const room: Room = {
      ...context,
      sets: informers.of(statefulSets),
      podCache: informers.of(pods),
      revisions: informers.of(controllerRevisions),
      claims: informers.of(persistentVolumeClaims),
      expectations: new Expectations(simulation),
    };
    const reconcile = (key: string) => syncStatefulSet(room, key);
    const queue = new WorkQueue({ simulation, client, workers, reconcile });
    indexByController(room.podCache);
    indexByController(room.revisions);
    const pace = new Pace(simulation, queue);
    room.sets.onChange((now, before) => {
      if (now === undefined) pace.forget(keyOf(before!));
      queue.add(keyOf(now ?? before!));
    });
    room.podCache.onChange((now, before) => observePod(room, pace, now, before));
    return () => queue.stop();
  },
};

function observePod(room: Room, pace: Pace, now: Pod | undefined, before: Pod | undefined): void {
  const pod = now ?? before!;
  const reference = controllerOf(pod);
  if (reference === undefined) {
    if (now !== undefined) wakeAdopters(room, pace, now);
    return;
  }
  if (reference.kind !== 'StatefulSet') return;
  const owner = room.sets.get(`${pod.metadata.namespace}/${reference.name}`);
  if (owner?.metadata.uid !== reference.uid) return;
  const key = keyOf(owner);
  const isGoing = now === undefined || isTerminating(now);
  if (isGoing) room.expectations.sawDeleted(key, pod.metadata.uid);
  else room.expectations.sawCreated(key, pod.metadata.uid);
  pace.setSize(key, owner.status.replicas);
  pace.ask(key);
}

function wakeAdopters(room: Room, pace: Pace, pod: Pod): void {
  for (const set of room.sets.list()) {
    const isHere = set.metadata.namespace === pod.metadata.namespace && isMemberOf(set, pod);
    if (isHere && selectorOf(set.spec.selector).matches(pod.metadata.labels)) pace.ask(keyOf(set));
  }
}

function syncStatefulSet(room: Room, key: string): Again | void {
  const set = room.sets.get(key);
  if (set === undefined) {
    room.expectations.forget(key);
    return undefined;
  }
  // While the cache lacks what was written, a pod would be made or deleted twice.
  if (!room.expectations.areMet(key)) return undefined;
  const selector = selectorOf(set.spec.selector);
  if (selector === everything) return undefined;
  const sync = readSet(room, key, set);
  let deleted = 0;
  let failure: StatusError | null = null;
  try {
    if (set.metadata.deletionTimestamp === undefined) deleted = advance(sync);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    failure = error;
  }
  const waitMs = writeStatefulSetStatus(sync, deleted);
  if (failure !== null) throw failure;
  cleanUpVersions(sync);
  return waitMs === null ? undefined : { afterMs: waitMs };
}

function readSet(room: Room, key: string, set: StatefulSet): SetSync {
  const claimed = claimObjects({
    client: room.client,
    informer: room.podCache,
    kind: pods,
    owner: set,
    ownerKind: statefulSets,
    selector: selectorOf(set.spec.selector),
    isAdoptable: (pod) => isMemberOf(set, pod),
  }).filter((pod) => ordinalOf(pod) >= 0);
  const indexes = claimed.map((pod) => ordinalOf(pod) - startOrdinal(set));
  // Of a million that are wanted, only those are looked at that can come about in this sync.
  const highest = indexes.reduce(
    (max, index) => (index < wantedReplicas(set) ? Math.max(max, index) : max),
    -1,
  );
  const length = Math.min(wantedReplicas(set), highest + 1 + podsPerSyncMax);
  const replicas: (Pod | undefined)[] = Array.from({ length }, () => undefined);
  const condemned: Pod[] = [];
  for (const pod of claimed) {
    if (isInRange(set, ordinalOf(pod))) replicas[ordinalOf(pod) - startOrdinal(set)] = pod;
    else condemned.push(pod);
  }
  condemned.sort((a, b) => ordinalOf(b) - ordinalOf(a));
  return { room, key, set, pods: claimed, replicas, condemned, ...syncVersions(room, set) };
}

/** One step towards what the set asks for. Returns how many pods were deleted for a rollout. */
function advance(sync: SetSync): number {
  const { set } = sync;
  if (!processReplicas(sync) || !processCondemned(sync)) return 0;
  return set.spec.updateStrategy?.type === 'RollingUpdate' ? updateReplicas(sync) : 0;
}
