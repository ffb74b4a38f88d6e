// Upstream: pkg/scheduler/backend/cache/{cache,snapshot}.go
import type { Node, Pod } from '#generated/types/core.v1.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import { assert } from '#sim/assert.ts';
import { ImageStates } from './imageStates.ts';
import { NodeInfo } from './nodeInfo.ts';
import { NodeTree, zoneOf } from './nodeTree.ts';

/** Who keeps sums of its own over the pods on nodes. */
export interface PodObserver {
  podAdded(pod: Pod, node: NodeInfo): void;
  podRemoved(pod: Pod, node: NodeInfo): void;
}

/**
 * What the scheduler believes of the cluster: nodes with the pods on them, those included that it has just
 * assigned and not yet seen come back ("assumed"). Every change raises the generation of its node, so that
 * what was concluded about an unchanged node can be kept.
 */
export class Cache {
  readonly images = new ImageStates();
  readonly #nodes = new Map<string, NodeInfo>();
  readonly #bySlot: NodeInfo[] = [];
  #slotOrder = new Int32Array(0);
  #slotOrderOf: readonly NodeInfo[] = [];
  readonly #tree = new NodeTree<NodeInfo>();
  /** The node of every pod that counts, by the pod's key. */
  readonly #nodeOfPod = new Map<string, NodeInfo>();
  readonly #assumed = new Set<string>();
  readonly #freeSlots: number[] = [];
  readonly #observers: PodObserver[] = [];
  #slots = 0;
  #generations = new Uint32Array(64);
  #generation = 0;
  #nodeGeneration = 0;

  /** Changes whenever a node comes, goes or changes, whatever its pods do. */
  get nodeGeneration(): number {
    return this.#nodeGeneration;
  }

  /** Changes whenever anything does. */
  get generation(): number {
    return this.#generation;
  }

  /** Per slot, a number that changes with the node in it. */
  get generations(): Uint32Array {
    return this.#generations;
  }

  /** Nodes in the order in which pods try them. */
  get order(): readonly NodeInfo[] {
    return this.#tree.order;
  }

  /** The slots of these nodes, in the same order. */
  get slots(): Int32Array {
    const { order } = this;
    if (order !== this.#slotOrderOf) {
      this.#slotOrder = Int32Array.from(order, ({ slot }) => slot);
      this.#slotOrderOf = order;
    }
    return this.#slotOrder;
  }

  /** The node in a slot that is in use. */
  nodeIn(slot: number): NodeInfo {
    return this.#bySlot[slot]!;
  }

  node(name: string): NodeInfo | undefined {
    const info = this.#nodes.get(name);
    return info?.node ? info : undefined;
  }

  observe(observer: PodObserver): void {
    this.#observers.push(observer);
    for (const info of this.#nodes.values())
      for (const pod of info.pods.values()) observer.podAdded(pod, info);
  }

  setNode(node: Node): void {
    const info = this.#infoOf(node.metadata.name);
    const before = info.node;
    this.images.change(info, before, node);
    if (before !== null && nodesAlike(before, node)) {
      info.node = node;
      return;
    }
    info.setNode(node);
    this.#nodeGeneration++;
    const zone = zoneOf(node);
    const zoneBefore = before === null ? undefined : zoneOf(before);
    if (zone !== zoneBefore) {
      if (zoneBefore !== undefined) this.#tree.remove(zoneBefore, info);
      this.#tree.add(zone, info);
    }
    this.#touch(info);
  }

  /** Its pods are remembered until they are gone too. */
  removeNode(name: string): void {
    const info = this.#nodes.get(name);
    if (!info?.node) return;
    this.images.change(info, info.node, null);
    this.#tree.remove(zoneOf(info.node), info);
    info.node = null;
    this.#nodeGeneration++;
    this.#touch(info);
    this.#dropIfEmpty(info);
  }

  /** Takes over a pod that is bound; it confirms one that was assumed. */
  setPod(pod: Pod): void {
    const key = keyOf(pod);
    const at = this.#nodeOfPod.get(key);
    this.#assumed.delete(key);
    const known = at?.pods.get(key);
    if (at?.name === pod.spec.nodeName && known !== undefined && countsAlike(known, pod)) {
      at!.pods.set(key, pod);
      return;
    }
    if (at !== undefined) this.removePod(key);
    this.#add(key, pod);
  }

  removePod(key: string): void {
    const info = this.#nodeOfPod.get(key);
    if (info === undefined) return;
    const pod = info.pods.get(key)!;
    this.#nodeOfPod.delete(key);
    this.#assumed.delete(key);
    info.removePod(pod);
    this.#touch(info);
    for (const observer of this.#observers) observer.podRemoved(pod, info);
    this.#dropIfEmpty(info);
  }

  /** Counts a pod on the node that was chosen for it, before the API server has confirmed it. */
  assume(pod: Pod): void {
    const key = keyOf(pod);
    assert(!this.#nodeOfPod.has(key), `pod ${key} is assumed twice`);
    this.#add(key, pod);
    this.#assumed.add(key);
  }

  /** Takes an assumption back. */
  forget(key: string): void {
    if (this.#assumed.has(key)) this.removePod(key);
  }

  isAssumed(key: string): boolean {
    return this.#assumed.has(key);
  }

  /** Where a bound or assumed pod is. */
  nodeOf(key: string): NodeInfo | undefined {
    return this.#nodeOfPod.get(key);
  }

  #add(key: string, pod: Pod): void {
    const info = this.#infoOf(pod.spec.nodeName!);
    info.addPod(pod);
    this.#nodeOfPod.set(key, info);
    this.#touch(info);
    for (const observer of this.#observers) observer.podAdded(pod, info);
  }

  #infoOf(name: string): NodeInfo {
    let info = this.#nodes.get(name);
    if (info === undefined) {
      info = new NodeInfo(name, this.#freeSlots.pop() ?? this.#slots++);
      this.#nodes.set(name, info);
      this.#bySlot[info.slot] = info;
      if (info.slot >= this.#generations.length) {
        const grown = new Uint32Array(this.#generations.length * 2);
        grown.set(this.#generations);
        this.#generations = grown;
      }
    }
    return info;
  }

  #touch(info: NodeInfo): void {
    this.#generation++;
    this.#generations[info.slot]!++;
  }

  #dropIfEmpty(info: NodeInfo): void {
    if (info.node !== null || info.pods.size > 0) return;
    this.#nodes.delete(info.name);
    this.#freeSlots.push(info.slot);
  }
}

/** True when a newer version of a pod counts as the older did, as most changes of its status do. */
function countsAlike(before: Pod, now: Pod): boolean {
  return (
    before.metadata.uid === now.metadata.uid &&
    before.metadata.labels === now.metadata.labels &&
    before.metadata.deletionTimestamp === now.metadata.deletionTimestamp &&
    before.spec.containers === now.spec.containers &&
    before.spec.initContainers === now.spec.initContainers &&
    before.spec.resources === now.spec.resources
  );
}

/** True when a newer version of a node offers the same, as heartbeats do. */
function nodesAlike(before: Node, now: Node): boolean {
  return (
    before.metadata.labels === now.metadata.labels &&
    before.spec === now.spec &&
    before.status.allocatable === now.status.allocatable
  );
}
