// Upstream: pkg/controller/garbagecollector/{garbagecollector,graph_builder}.go
import type { OwnerReference } from '#generated/types/meta.v1.ts';
import type { AnyKind } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller } from '../controller.ts';
import { attemptToDelete } from './attemptToDelete.ts';
import { orphanDependents } from './orphanDependents.ts';
import {
  OwnerGraph,
  awaitsDependents,
  awaitsOrphaning,
  isBeingDeleted,
  isNamedBy,
  isWithinReach,
  ownersOf,
} from './ownerGraph.ts';

/** Upstream: --concurrent-gc-syncs */
const workers = 20;

/** Deletes what no owner keeps any longer, and lets deleted owners go when their dependents are gone. */
export const garbageCollectorController: Controller = {
  name: 'garbage-collector-controller',
  account: 'generic-garbage-collector',
  start(context) {
    const { simulation, client } = context;
    const graph = new OwnerGraph();
    const room = { ...context, graph, absentOwners: new Set<string>() };
    const doomed: WorkQueue = new WorkQueue({
      simulation,
      client,
      workers,
      reconcile: (uid) => attemptToDelete(room, uid, (other) => doomed.add(other)),
    });
    const orphaning = new WorkQueue({
      simulation,
      client,
      workers,
      reconcile: (uid) => orphanDependents(room, uid),
    });
    const followed = new Set<AnyKind>();
    const unfollow = context.kinds.follow({
      added(kind) {
        if (!isCollected(kind) || followed.has(kind)) return;
        followed.add(kind);
        context.informers.of(kind).onChange((now, before) => {
          observe(graph, kind, now, before, { doomed, orphaning });
        });
      },
      removed(kind) {
        if (!followed.delete(kind)) return;
        context.informers.forget(kind);
        // Its objects are gone for this graph; whoever they owned is looked at again.
        for (const object of graph.ofKind(kind))
          observe(graph, kind, undefined, object, { doomed, orphaning });
      },
    });
    return () => {
      unfollow();
      doomed.stop();
      orphaning.stop();
    };
  },
};

/** Views of other kinds are met as those; Events come and go by the thousand, and nothing owns them. */
function isCollected({ storage, plural }: AnyKind): boolean {
  return storage === undefined && plural !== 'events';
}

interface Queues {
  readonly doomed: WorkQueue;
  readonly orphaning: WorkQueue;
}

function observe(
  graph: OwnerGraph,
  kind: AnyKind,
  now: KubeObject | undefined,
  before: KubeObject | undefined,
  queues: Queues,
): void {
  if (before !== undefined && now?.metadata.uid !== before.metadata.uid) {
    graph.delete(before);
    observeGone(graph, before, queues.doomed);
  }
  if (now === undefined) return;
  graph.set(kind, now);
  const known = before?.metadata.uid === now.metadata.uid ? before : undefined;
  observeOwners(graph, now, known, queues.doomed);
  if (awaitsOrphaning(now) && !(known && awaitsOrphaning(known))) queues.orphaning.add(now.metadata.uid);
  if (awaitsDependents(now) && !(known && awaitsDependents(known))) {
    for (const { object } of graph.dependentsOf(now.metadata.uid)) queues.doomed.add(object.metadata.uid);
    queues.doomed.add(now.metadata.uid);
  }
}

/** Dependents have lost an owner; owners that wait for their dependents have one less. */
function observeGone(graph: OwnerGraph, object: KubeObject, doomed: WorkQueue): void {
  for (const dependent of graph.dependentsOf(object.metadata.uid)) doomed.add(dependent.object.metadata.uid);
  for (const { uid } of ownersOf(object)) {
    const owner = graph.get(uid);
    if (owner !== undefined && awaitsDependents(owner.object)) doomed.add(uid);
  }
}

function observeOwners(
  graph: OwnerGraph,
  now: KubeObject,
  known: KubeObject | undefined,
  doomed: WorkQueue,
): void {
  const references = ownersOf(now);
  const former = known === undefined ? [] : ownersOf(known);
  if (references === former) return;
  // An owner that the caches do not show, or that goes away, may leave this object without one.
  const isDoubtful = (reference: OwnerReference) => {
    const owner = graph.get(reference.uid);
    if (owner === undefined || isBeingDeleted(owner.object)) return true;
    return !isNamedBy(owner, reference) || !isWithinReach(owner.object, now);
  };
  const isNew = ({ uid }: OwnerReference) => former.every((old) => old.uid !== uid);
  if (references.some((reference) => isNew(reference) && isDoubtful(reference))) doomed.add(now.metadata.uid);
  for (const old of former) {
    const present = references.find(({ uid }) => uid === old.uid);
    if (old.blockOwnerDeletion && !present?.blockOwnerDeletion) doomed.add(old.uid);
  }
}
