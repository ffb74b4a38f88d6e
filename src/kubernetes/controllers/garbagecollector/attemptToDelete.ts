// Upstream: pkg/controller/garbagecollector/garbagecollector.go attemptToDeleteItem
import type { OwnerReference } from '#generated/types/meta.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { StatusError, isStatus } from '#kubernetes/apimachinery/statusError.ts';
import type { ControllerContext } from '../controller.ts';
import {
  type GraphNode,
  type OwnerGraph,
  awaitsDependents,
  hasFinalizer,
  isBeingDeleted,
  isNamedBy,
  isWithinReach,
  ownersOf,
} from './ownerGraph.ts';
import { removeFinalizer, writeMetadata } from './writeMetadata.ts';

/** Upstream: the size of the absentOwnerCache. */
const absentOwnersMax = 500;

export interface Room extends ControllerContext {
  readonly graph: OwnerGraph;
  /** Owners that were looked for and not found, by uid and namespace. */
  readonly absentOwners: Set<string>;
}

/** Deletes the object of that uid unless one of its owners keeps it; `enqueue` asks for another's turn. */
export function attemptToDelete(room: Room, uid: string, enqueue: (uid: string) => void): void {
  const node = room.graph.get(uid);
  if (node === undefined) return;
  const { object } = node;
  if (awaitsDependents(object)) return finishOwner(room, node, enqueue);
  if (isBeingDeleted(object)) return undefined;
  const owners = classifyOwners(room, node);
  if (owners === null || owners.dangling.length + owners.waiting.length === 0) return undefined;
  if (owners.solid.length > 0) {
    const lost = new Set([...owners.dangling, ...owners.waiting].map((reference) => reference.uid));
    const ownerReferences = ownersOf(object).filter((reference) => !lost.has(reference.uid));
    return writeMetadata(room.client, node, { ownerReferences });
  }
  if (owners.waiting.length > 0 && room.graph.hasDependents(uid)) {
    unblockCircle(room, node);
    return deleteLatest(room, node, 'Foreground');
  }
  return deleteLatest(room, node, undefined);
}

/** An owner that waits for its dependents: gone with the last one that blocks it. */
function finishOwner(room: Room, node: GraphNode, enqueue: (uid: string) => void): void {
  const { uid } = node.object.metadata;
  let isBlocked = false;
  for (const { object } of room.graph.dependentsOf(uid)) {
    const reference = ownersOf(object).find((owner) => owner.uid === uid);
    if (reference?.blockOwnerDeletion !== true) continue;
    isBlocked = true;
    if (!isBeingDeleted(object)) enqueue(object.metadata.uid);
  }
  if (!isBlocked) removeFinalizer(room.client, node, 'foregroundDeletion');
}

interface Owners {
  /** They exist and keep the object. */
  readonly solid: OwnerReference[];
  /** They do not exist. */
  readonly dangling: OwnerReference[];
  /** They are deleted and wait for this object to go first. */
  readonly waiting: OwnerReference[];
}

/** Null when nothing can be said: a cluster-scoped object that names a namespaced owner is let be. */
function classifyOwners(room: Room, node: GraphNode): Owners | null {
  const owners: Owners = { solid: [], dangling: [], waiting: [] };
  for (const reference of ownersOf(node.object)) {
    const owner = findOwner(room, reference, node);
    if (owner === 'invalid') return null;
    if (owner === undefined) owners.dangling.push(reference);
    else if (awaitsDependents(owner)) owners.waiting.push(reference);
    else owners.solid.push(reference);
  }
  return owners;
}

function findOwner(
  room: Room,
  reference: OwnerReference,
  { object }: GraphNode,
): KubeObject | undefined | 'invalid' {
  const kind = room.kinds.findKind(reference.apiVersion, reference.kind);
  if (kind === undefined) {
    const why = `unable to get REST mapping for ${reference.apiVersion}/${reference.kind}.`;
    throw new StatusError('InternalError', why);
  }
  const { namespace } = object.metadata;
  const known = room.graph.get(reference.uid);
  const isMeant = known !== undefined && isNamedBy(known, reference);
  if (kind.namespaced && namespace === undefined) {
    if (isMeant) warnOfNamespace(room, reference, object);
    return 'invalid';
  }
  const scope = kind.namespaced ? namespace! : '';
  if (isMeant && isWithinReach(known.object, object)) return known.object;
  const absent = `${scope}/${reference.uid}/${reference.kind}/${reference.name}`;
  if (room.absentOwners.has(absent)) return undefined;
  const live = getOrNothing(room, { kind, namespace: scope, name: reference.name });
  if (live?.metadata.uid === reference.uid) return live;
  if (isMeant) warnOfNamespace(room, reference, object);
  room.absentOwners.add(absent);
  if (room.absentOwners.size > absentOwnersMax) {
    room.absentOwners.delete(room.absentOwners.values().next().value!);
  }
  return undefined;
}

function warnOfNamespace({ recorder }: Room, reference: OwnerReference, object: KubeObject): void {
  const { apiVersion, kind, name, uid } = reference;
  const { namespace = '' } = object.metadata;
  const owner = `[${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}]`;
  const message = `ownerRef ${owner} does not exist in namespace "${namespace}"`;
  recorder.event(object, 'Warning', 'OwnerRefInvalidNamespace', message);
}

interface Place {
  readonly kind: GraphNode['kind'];
  readonly namespace: string;
  readonly name: string;
}

function getOrNothing({ client }: Room, { kind, namespace, name }: Place): KubeObject | undefined {
  try {
    return client.get(kind, namespace, name);
  } catch (error) {
    if (isStatus(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** Two objects that own each other would wait for each other for ever: the references stop to block. */
function unblockCircle(room: Room, node: GraphNode): void {
  const { uid } = node.object.metadata;
  const isCircle = [...room.graph.dependentsOf(uid)].some(({ object }) => awaitsDependents(object));
  const references = ownersOf(node.object);
  if (!isCircle || !references.some(({ blockOwnerDeletion }) => blockOwnerDeletion)) return;
  const ownerReferences = references.map((reference) => ({ ...reference, blockOwnerDeletion: false }));
  writeMetadata(room.client, node, { ownerReferences });
}

/** Deletes the object as it is now, if its owners are still the same. */
function deleteLatest(room: Room, node: GraphNode, policy: 'Foreground' | undefined): void {
  const { namespace = '', name, uid } = node.object.metadata;
  const latest = getOrNothing(room, { kind: node.kind, namespace, name });
  if (latest === undefined || latest.metadata.uid !== uid) return;
  const preconditions = { uid, resourceVersion: latest.metadata.resourceVersion };
  const propagationPolicy = policy ?? policyOf(latest);
  try {
    room.client.delete(node.kind, namespace, name, { preconditions, propagationPolicy });
  } catch (error) {
    if (!isStatus(error, 'NotFound')) throw error;
  }
}

/** A finalizer that stands already is honoured. */
function policyOf(object: KubeObject): 'Orphan' | 'Foreground' | 'Background' {
  if (hasFinalizer(object, 'orphan')) return 'Orphan';
  return hasFinalizer(object, 'foregroundDeletion') ? 'Foreground' : 'Background';
}
