// Upstream: pkg/controller/garbagecollector/{graph,graph_builder}.go
import type { OwnerReference } from '#generated/types/meta.v1.ts';
import type { AnyKind } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';

/** An object as the caches last showed it, with its kind. */
export interface GraphNode {
  readonly kind: AnyKind;
  readonly object: KubeObject;
}

const none: ReadonlyMap<string, GraphNode> = new Map();

/** Who owns whom, by uid, over all kinds. */
export class OwnerGraph {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #dependents = new Map<string, Map<string, GraphNode>>();

  get(uid: string): GraphNode | undefined {
    return this.#nodes.get(uid);
  }

  /** The objects that name the owner of that uid in their references. */
  dependentsOf(uid: string): Iterable<GraphNode> {
    return (this.#dependents.get(uid) ?? none).values();
  }

  hasDependents(uid: string): boolean {
    return this.#dependents.has(uid);
  }

  /** The objects of a kind, as they are now. */
  ofKind(kind: AnyKind): readonly KubeObject[] {
    return [...this.#nodes.values()].filter((node) => node.kind === kind).map(({ object }) => object);
  }

  set(kind: AnyKind, object: KubeObject): void {
    const { uid } = object.metadata;
    const before = this.#nodes.get(uid);
    const node = { kind, object };
    this.#nodes.set(uid, node);
    const references = ownersOf(object);
    for (const reference of before === undefined ? [] : ownersOf(before.object)) {
      if (!references.some((present) => present.uid === reference.uid)) this.#unlink(reference.uid, uid);
    }
    for (const reference of references) {
      let dependents = this.#dependents.get(reference.uid);
      if (dependents === undefined) {
        dependents = new Map();
        this.#dependents.set(reference.uid, dependents);
      }
      dependents.set(uid, node);
    }
  }

  delete(object: KubeObject): void {
    const { uid } = object.metadata;
    const node = this.#nodes.get(uid);
    if (node === undefined) return;
    this.#nodes.delete(uid);
    for (const reference of ownersOf(node.object)) this.#unlink(reference.uid, uid);
  }

  #unlink(owner: string, dependent: string): void {
    const dependents = this.#dependents.get(owner);
    dependents?.delete(dependent);
    if (dependents?.size === 0) this.#dependents.delete(owner);
  }
}

export function ownersOf({ metadata }: KubeObject): readonly OwnerReference[] {
  return metadata.ownerReferences ?? [];
}

/** Whether a reference names an object of this kind and name; its namespace is another question. */
export function isNamedBy({ kind, object }: GraphNode, reference: OwnerReference): boolean {
  return kind.kind === reference.kind && object.metadata.name === reference.name;
}

/** Whether an owner may own the dependent: it is cluster-scoped, or in the same namespace. */
export function isWithinReach(owner: KubeObject, dependent: KubeObject): boolean {
  const { namespace } = owner.metadata;
  return namespace === undefined || namespace === dependent.metadata.namespace;
}

export function isBeingDeleted({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** True for a deleted owner that stays until its dependents are gone. */
export function awaitsDependents(object: KubeObject): boolean {
  return isBeingDeleted(object) && hasFinalizer(object, 'foregroundDeletion');
}

/** True for a deleted owner that stays until its dependents are let go. */
export function awaitsOrphaning(object: KubeObject): boolean {
  return isBeingDeleted(object) && hasFinalizer(object, 'orphan');
}

export function hasFinalizer({ metadata }: KubeObject, name: string): boolean {
  return metadata.finalizers?.includes(name) ?? false;
}
