// Upstream: pkg/controller/daemon/daemon_controller.go
import type { DaemonSet } from '#generated/types/apps.v1.ts';
import type { Node, Pod } from '#generated/types/core.v1.ts';
import { controllerRevisions } from '#kubernetes/api/apps/controllerRevision.ts';
import { daemonSets } from '#kubernetes/api/apps/daemonSet.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import { everything, selectorOf } from '#kubernetes/apimachinery/labels.ts';
import { type Again, WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller } from '../controller.ts';
import { claimObjects, controllerOf, indexByController } from '../controllerRef.ts';
import { Expectations } from '../expectations.ts';
import { Pace } from '../pace.ts';
import { compareSeniority, nodeOf, nodeShouldRun } from './daemonPod.ts';
import { cleanUpDaemonRevisions, syncDaemonRevision } from './daemonRevision.ts';
import type { DaemonNode, DaemonSync, Room } from './daemonSetSync.ts';
import { writeDaemonSetStatus } from './daemonSetStatus.ts';
import { manageDaemons, updateDaemons } from './manageDaemons.ts';

/** Upstream: --concurrent-daemonset-syncs */
const workers = 2;

/** Runs one pod of its template on every node that a DaemonSet is meant for. */
export const daemonSetController: Controller = {
  name: 'daemonset-controller',
  account: 'daemon-set-controller',
  start(context) {
    const { simulation, client, informers } = context;
    const room: Room = {
      ...context,
      sets: informers.of(daemonSets),
      podCache: informers.of(pods),
      nodeCache: informers.of(nodes),
      revisions: informers.of(controllerRevisions),
      expectations: new Expectations(simulation),
      failedUntil: new Map(),
    };
    const reconcile = (key: string) => syncDaemonSet(room, key);
    const queue = new WorkQueue({ simulation, client, workers, reconcile });
    indexByController(room.podCache);
    indexByController(room.revisions);
    const pace = new Pace(simulation, queue);
    room.sets.onChange((now, before) => {
      if (now === undefined) pace.forget(keyOf(before!));
      queue.add(keyOf(now ?? before!));
    });
    room.nodeCache.onChange((now, before) => {
      if (now !== undefined && before !== undefined && !mayFitOtherwise(now, before)) return;
      for (const set of room.sets.list()) ask(room, pace, keyOf(set));
    });
    room.podCache.onChange((now, before) => observePod(room, pace, now, before));
    return () => queue.stop();
  },
};

/** A look at a set is a look at every node. */
function ask({ nodeCache }: Room, pace: Pace, key: string): void {
  pace.setSize(key, nodeCache.size);
  pace.ask(key);
}

function mayFitOtherwise(now: Node, before: Node): boolean {
  return now.metadata.labels !== before.metadata.labels || now.spec.taints !== before.spec.taints;
}

function observePod(room: Room, pace: Pace, now: Pod | undefined, before: Pod | undefined): void {
  const pod = now ?? before!;
  const reference = controllerOf(pod);
  if (reference === undefined && now !== undefined) return wakeAdopters(room, pace, now);
  if (reference?.kind !== 'DaemonSet') return undefined;
  const owner = room.sets.get(`${pod.metadata.namespace}/${reference.name}`);
  if (owner?.metadata.uid !== reference.uid) return undefined;
  const key = keyOf(owner);
  const isGoing = now === undefined || now.metadata.deletionTimestamp !== undefined;
  if (isGoing) room.expectations.sawDeleted(key, pod.metadata.uid);
  else room.expectations.sawCreated(key, pod.metadata.uid);
  ask(room, pace, key);
  return undefined;
}

function wakeAdopters(room: Room, pace: Pace, pod: Pod): void {
  for (const set of room.sets.list()) {
    const isHere = set.metadata.namespace === pod.metadata.namespace;
    if (isHere && selectorOf(set.spec.selector).matches(pod.metadata.labels)) ask(room, pace, keyOf(set));
  }
}

function syncDaemonSet(room: Room, key: string): Again | void {
  const set = room.sets.get(key);
  if (set === undefined) {
    room.expectations.forget(key);
    return undefined;
  }
  if (selectorOf(set.spec.selector) === everything) {
    const message = 'This daemon set is selecting all pods. A non-empty selector is required.';
    room.recorder.event(set, 'Warning', 'SelectingAll', message);
    return undefined;
  }
  if (set.metadata.deletionTimestamp !== undefined) return undefined;
  const hash = syncDaemonRevision(room, set);
  const sync: DaemonSync = { room, key, set, hash, ...readNodes(room, set) };
  let waitMs: number | null = null;
  let failure = null;
  if (room.expectations.areMet(key)) {
    ({ failure, waitMs } = manageDaemons(sync));
    const isRolling = set.spec.updateStrategy?.type !== 'OnDelete';
    if (isRolling && failure === null && room.expectations.areMet(key)) failure = updateDaemons(sync);
    cleanUpDaemonRevisions(sync);
  }
  const availableMs = writeDaemonSetStatus(sync);
  if (failure !== null) throw failure;
  const waits = [waitMs, availableMs].filter((ms) => ms !== null);
  return waits.length === 0 ? undefined : { afterMs: Math.max(0, Math.min(...waits)) };
}

function readNodes(room: Room, set: DaemonSet): Pick<DaemonSync, 'nodes' | 'strays'> {
  const byNode = groupByNode(room, set);
  const nodes: DaemonNode[] = [];
  for (const node of room.nodeCache.list()) {
    const { name } = node.metadata;
    nodes.push({ name, ...nodeShouldRun(set, node), pods: byNode.get(name) ?? [] });
    byNode.delete(name);
  }
  return { nodes, strays: [...byNode.values()].flat().sort(compareSeniority) };
}

function groupByNode({ client, podCache }: Room, set: DaemonSet): Map<string, Pod[]> {
  const selector = selectorOf(set.spec.selector);
  const claim = { client, informer: podCache, kind: pods, owner: set, ownerKind: daemonSets, selector };
  const byNode = new Map<string, Pod[]>();
  for (const pod of claimObjects(claim)) {
    const node = nodeOf(pod);
    if (node === undefined) continue;
    const shelf = byNode.get(node);
    if (shelf === undefined) byNode.set(node, [pod]);
    else shelf.push(pod);
  }
  for (const shelf of byNode.values()) if (shelf.length > 1) shelf.sort(compareSeniority);
  return byNode;
}
