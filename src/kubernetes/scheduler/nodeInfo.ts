// Upstream: pkg/scheduler/framework/types.go NodeInfo
import type { Node, Pod } from '#generated/types/core.v1.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import { type Amounts, amountsOf, podRequests } from '#kubernetes/api/podRequests.ts';
import { assert } from '#sim/assert.ts';
import { podPriority } from './podPriority.ts';
import { HostPorts, hostPortsOf } from './hostPorts.ts';

/** Resources that every node has; others (extended ones) are counted by name. */
const plainResources = new Set(['cpu', 'memory', 'ephemeral-storage', 'pods']);

/**
 * A node and the sums of what the pods on it ask for, kept as whole numbers when a pod comes or goes: millicores,
 * bytes, counts. The cache owns and changes it; plugins only read.
 */
export class NodeInfo {
  readonly name: string;
  /** Where per-node arrays keep this node; reused when it is gone. */
  readonly slot: number;
  /** Null while only its pods are known. */
  node: Node | null = null;
  readonly pods = new Map<string, Pod>();
  readonly hostPorts = new HostPorts();
  requestedCpu = 0;
  requestedMemory = 0;
  requestedStorage = 0;
  nonZeroCpu = 0;
  nonZeroMemory = 0;
  /** Extended resources; absent names are 0. */
  readonly requestedExtended = new Map<string, number>();
  /** How many pods have which priority. */
  readonly #priorities = new Map<number, number>();
  cpu = 0;
  memory = 0;
  storage = 0;
  podsMax = 0;
  extended: Amounts = {};

  constructor(name: string, slot: number) {
    this.name = name;
    this.slot = slot;
  }

  get labels(): { readonly [key: string]: string } {
    return this.node?.metadata.labels ?? noLabels;
  }

  /** The lowest priority of a pod here; Infinity without pods. */
  get lowestPriority(): number {
    let lowest = Infinity;
    for (const priority of this.#priorities.keys()) if (priority < lowest) lowest = priority;
    return lowest;
  }

  setNode(node: Node): void {
    this.node = node;
    const { cpu = 0, memory = 0, pods = 0, ...others } = amountsOf(node.status.allocatable);
    this.cpu = cpu;
    this.memory = memory;
    this.podsMax = pods;
    this.storage = others['ephemeral-storage'] ?? 0;
    this.extended = others;
  }

  addPod(pod: Pod): void {
    const key = keyOf(pod);
    assert(!this.pods.has(key), `pod ${key} is on node ${this.name} already`);
    this.pods.set(key, pod);
    this.#count(pod, 1);
  }

  removePod(pod: Pod): void {
    const key = keyOf(pod);
    const known = this.pods.get(key);
    assert(known !== undefined, `pod ${key} is not on node ${this.name}`);
    this.pods.delete(key);
    this.#count(known, -1);
  }

  /** A copy that preemption may change; it stands in the same slot. */
  clone(): NodeInfo {
    const copy = new NodeInfo(this.name, this.slot);
    copy.node = this.node;
    copyEntries(this.pods, copy.pods);
    copyEntries(this.requestedExtended, copy.requestedExtended);
    copyEntries(this.#priorities, copy.#priorities);
    this.hostPorts.copyTo(copy.hostPorts);
    copy.requestedCpu = this.requestedCpu;
    copy.requestedMemory = this.requestedMemory;
    copy.requestedStorage = this.requestedStorage;
    copy.nonZeroCpu = this.nonZeroCpu;
    copy.nonZeroMemory = this.nonZeroMemory;
    copy.cpu = this.cpu;
    copy.memory = this.memory;
    copy.storage = this.storage;
    copy.podsMax = this.podsMax;
    copy.extended = this.extended;
    return copy;
  }

  #count(pod: Pod, sign: 1 | -1): void {
    const { requests, nonZeroCpu, nonZeroMemory } = podRequests(pod.spec);
    this.requestedCpu += sign * (requests['cpu'] ?? 0);
    this.requestedMemory += sign * (requests['memory'] ?? 0);
    this.requestedStorage += sign * (requests['ephemeral-storage'] ?? 0);
    this.nonZeroCpu += sign * nonZeroCpu;
    this.nonZeroMemory += sign * nonZeroMemory;
    for (const name in requests) {
      if (plainResources.has(name)) continue;
      this.requestedExtended.set(name, (this.requestedExtended.get(name) ?? 0) + sign * requests[name]!);
    }
    const priority = podPriority(pod);
    const alike = (this.#priorities.get(priority) ?? 0) + sign;
    if (alike === 0) this.#priorities.delete(priority);
    else this.#priorities.set(priority, alike);
    const ports = hostPortsOf(pod.spec);
    if (ports.length === 0) return;
    if (sign === 1) this.hostPorts.add(ports);
    else this.hostPorts.remove(ports);
  }
}

const noLabels = {};

function copyEntries<K, V>(from: ReadonlyMap<K, V>, to: Map<K, V>): void {
  for (const [key, value] of from) to.set(key, value);
}
