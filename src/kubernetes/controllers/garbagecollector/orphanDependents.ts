// Upstream: pkg/controller/garbagecollector/garbagecollector.go attemptToOrphanWorker
import { attemptAll } from '../podControl.ts';
import type { Room } from './attemptToDelete.ts';
import { awaitsOrphaning, ownersOf } from './ownerGraph.ts';
import { removeFinalizer, writeMetadata } from './writeMetadata.ts';

/** Takes the owner of that uid out of its dependents' references, then lets it go. */
export function orphanDependents({ graph, client }: Room, uid: string): void {
  const owner = graph.get(uid);
  if (owner === undefined || !awaitsOrphaning(owner.object)) return;
  const failure = attemptAll([...graph.dependentsOf(uid)], (node) => {
    const ownerReferences = ownersOf(node.object).filter((reference) => reference.uid !== uid);
    writeMetadata(client, node, { ownerReferences });
  });
  if (failure !== null) throw failure;
  removeFinalizer(client, owner, 'orphan');
}
