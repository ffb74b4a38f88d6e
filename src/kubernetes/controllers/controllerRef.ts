// Upstream: pkg/controller/controller_ref_manager.go, pkg/controller/controller_utils.go PodControllerIndex
import type { OwnerReference } from '#generated/types/meta.v1.ts';
import type { Kind } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { Selector } from '#kubernetes/apimachinery/labels.ts';
import { StatusError, isStatus } from '#kubernetes/apimachinery/statusError.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { Informer } from '#kubernetes/client/informer.ts';

/** The one owner reference that says who manages the object, if any. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true);
}

export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  return controllerOf(object)?.uid === owner.metadata.uid;
}

/** The reference by which `owner` controls what it creates. */
export function controllerRefTo(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

const indexName = 'controller';

/** Files objects under their controller's uid, or as orphans of their namespace. */
export function indexByController<T extends KubeObject>(informer: Informer<T>): void {
  informer.addIndex(indexName, (object) => {
    const reference = controllerOf(object);
    return [reference === undefined ? orphansOf(object.metadata.namespace) : reference.uid];
  });
}

function orphansOf(namespace: string | undefined): string {
  return `orphans/${namespace ?? ''}`;
}

/** What `owner` controls, by the index of `indexByController`. */
export function controlledBy<T extends KubeObject>(informer: Informer<T>, owner: KubeObject): Iterable<T> {
  return informer.by(indexName, owner.metadata.uid);
}

/** The objects whose controller is that of `object`, itself among them; alone when it has none. */
export function withSameController<T extends KubeObject>(informer: Informer<T>, object: T): Iterable<T> {
  const reference = controllerOf(object);
  return reference === undefined ? [object] : informer.by(indexName, reference.uid);
}

/** The objects of a namespace that have no controller. */
export function orphansIn<T extends KubeObject>(
  informer: Informer<T>,
  namespace: string | undefined,
): Iterable<T> {
  return informer.by(indexName, orphansOf(namespace));
}

/** Who claims what: `kind` of objects that `selector` selects belong to `owner`. */
export interface Claim<T extends KubeObject, O extends KubeObject = KubeObject> {
  readonly client: Client;
  readonly informer: Informer<T>;
  readonly kind: Kind<T>;
  readonly owner: O;
  readonly ownerKind: Kind<O>;
  readonly selector: Selector;
  /** Which orphans may be adopted, beside what the selector says; all when absent. */
  readonly isAdoptable?: (object: T) => boolean;
}

/**
 * The objects that belong to `owner`: its own which still match, and matching orphans, which it adopts. Those of
 * its own that match no more are released.
 */
export function claimObjects<T extends KubeObject, O extends KubeObject>(claim: Claim<T, O>): T[] {
  const { informer, owner, selector } = claim;
  const claimed: T[] = [];
  const isDeleted = owner.metadata.deletionTimestamp !== undefined;
  for (const object of controlledBy(informer, owner)) {
    if (selector.matches(object.metadata.labels)) claimed.push(object);
    else if (!isDeleted) release(claim, object);
  }
  if (isDeleted) return claimed;
  const adoptable = [...orphansIn(informer, owner.metadata.namespace)].filter(
    (object) =>
      object.metadata.deletionTimestamp === undefined &&
      selector.matches(object.metadata.labels) &&
      claim.isAdoptable?.(object) !== false,
  );
  if (adoptable.length === 0) return claimed;
  checkCanAdopt(claim);
  return [...claimed, ...adoptable.filter((object) => adopt(claim, object))];
}

/** The cache may be late: only an owner that still lives may adopt. */
function checkCanAdopt<T extends KubeObject, O extends KubeObject>({
  client,
  owner,
  ownerKind,
}: Claim<T, O>): void {
  const { namespace = '', name, uid } = owner.metadata;
  const fresh = client.get(ownerKind, namespace, name);
  if (fresh.metadata.uid !== uid) {
    const why = `original ${ownerKind.kind} ${namespace}/${name} is gone: got uid ${fresh.metadata.uid}, wanted ${uid}`;
    throw new StatusError('Conflict', why);
  }
  if (fresh.metadata.deletionTimestamp !== undefined) {
    const why = `${namespace}/${name} has just been deleted at ${fresh.metadata.deletionTimestamp}`;
    throw new StatusError('Conflict', why);
  }
}

function adopt<T extends KubeObject, O extends KubeObject>(claim: Claim<T, O>, object: T): boolean {
  const present = object.metadata.ownerReferences ?? [];
  return writeOwners(claim, object, [...present, controllerRefTo(claim.owner)]);
}

function release<T extends KubeObject, O extends KubeObject>(claim: Claim<T, O>, object: T): void {
  const present = object.metadata.ownerReferences ?? [];
  writeOwners(
    claim,
    object,
    present.filter(({ uid }) => uid !== claim.owner.metadata.uid),
  );
}

/** False when the object is gone. A stale cache is a Conflict, and tried again. */
function writeOwners<T extends KubeObject, O extends KubeObject>(
  { client, kind }: Claim<T, O>,
  object: T,
  ownerReferences: readonly OwnerReference[],
): boolean {
  const { namespace = '', name, uid, resourceVersion } = object.metadata;
  const metadata = { uid, resourceVersion, ownerReferences };
  try {
    client.patch(kind, namespace, name, { type: 'merge', body: { metadata } });
    return true;
  } catch (error) {
    if (isStatus(error, 'NotFound')) return false;
    throw error;
  }
}
