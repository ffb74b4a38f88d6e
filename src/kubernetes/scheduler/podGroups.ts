import type { Affinity, Pod } from '#generated/types/core.v1.ts';
import type { Labels, Selector } from '#kubernetes/apimachinery/labels.ts';
import type { PodObserver } from './cache.ts';
import type { NodeInfo } from './nodeInfo.ts';
import type { Topology } from './topology.ts';

/** How many of some pods there are, node by node and domain by domain. */
export class PodCounts {
  #bySlot = new Int32Array(64);
  /** Sums by domain, of the topologies that were asked for. */
  #byDomain = new Map<Topology, Int32Array>();

  /** Pods by the slot of their node; slots beyond its end have none. */
  get bySlot(): Int32Array {
    return this.#bySlot;
  }

  /** Pods on the node in a slot. */
  on(slot: number): number {
    return this.#bySlot[slot] ?? 0;
  }

  /** Pods in each domain. The array is kept current; whoever changes it must copy it. */
  in(topology: Topology): Int32Array {
    let sums = this.#byDomain.get(topology);
    if (sums === undefined) {
      sums = new Int32Array(topology.values.length);
      const slots = Math.min(this.#bySlot.length, topology.bySlot.length);
      for (let slot = 0; slot < slots; slot++) {
        const domain = topology.bySlot[slot]!;
        if (domain >= 0) sums[domain]! += this.#bySlot[slot]!;
      }
      // An older topology of the same label is not asked for again.
      for (const older of this.#byDomain.keys()) if (older.key === topology.key) this.#byDomain.delete(older);
      this.#byDomain.set(topology, sums);
    }
    return sums;
  }

  add(slot: number, count: number): void {
    if (slot >= this.#bySlot.length) {
      const grown = new Int32Array(Math.max(slot + 1, this.#bySlot.length * 2));
      grown.set(this.#bySlot);
      this.#bySlot = grown;
    }
    this.#bySlot[slot]! += count;
    for (const [topology, sums] of this.#byDomain) {
      const domain = topology.bySlot[slot] ?? -1;
      if (domain >= 0) sums[domain]! += count;
    }
  }
}

/** The pods of one namespace that a selector matches, but for those that are being deleted. */
export class MatchCounts extends PodCounts {
  readonly namespace: string;
  readonly selector: Selector;

  constructor(namespace: string, selector: Selector) {
    super();
    this.namespace = namespace;
    this.selector = selector;
  }
}

/** Pods that no other pod could tell apart: of one namespace, with equal labels and affinity. */
export class PodGroup {
  readonly key: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly affinity: Affinity | undefined;
  /** How many are on which node. */
  readonly nodes = new Map<NodeInfo, number>();
  /** How many of these are being deleted. */
  readonly terminating = new Map<NodeInfo, number>();
  /** The counts that they are part of. */
  readonly counts = new Set<MatchCounts>();
  #own: PodCounts | null = null;

  constructor(key: string, pod: Pod) {
    this.key = key;
    this.namespace = pod.metadata.namespace ?? '';
    this.labels = pod.metadata.labels ?? {};
    this.affinity = pod.spec.affinity;
  }

  /** All its pods, counted from the first question on. */
  get own(): PodCounts {
    if (this.#own === null) {
      this.#own = new PodCounts();
      for (const [node, count] of this.nodes) this.#own.add(node.slot, count);
    }
    return this.#own;
  }

  /** Takes note of a pod that came to a node or left it. */
  change(pod: Pod, node: NodeInfo, sign: 1 | -1): void {
    raise(this.nodes, node, sign);
    this.#own?.add(node.slot, sign);
    if (pod.metadata.deletionTimestamp !== undefined) raise(this.terminating, node, sign);
    else for (const counts of this.counts) counts.add(node.slot, sign);
  }
}

/** Counts are kept for so many selectors. */
const countsMax = 256;

const texts = new WeakMap<object, string>();

/** JSON of a part that many pods share, made once. */
function textOf(part: object | undefined): string {
  if (part === undefined) return '';
  let text = texts.get(part);
  if (text === undefined) texts.set(part, (text = JSON.stringify(part)));
  return text;
}

/**
 * The pods on all nodes, by what other pods see of them. Rules between pods are decided once for a group and not
 * for each of its pods, and the counts that spreading needs are kept as pods come and go.
 */
export class PodGroups implements PodObserver {
  readonly #groups = new Map<string, PodGroup>();
  readonly #byNamespace = new Map<string, Set<PodGroup>>();
  readonly #withAffinity = new Set<PodGroup>();
  readonly #withRequiredAntiAffinity = new Set<PodGroup>();
  readonly #counts = new Map<string, MatchCounts>();

  /** All groups. */
  get all(): Iterable<PodGroup> {
    return this.#groups.values();
  }

  /** Groups whose pods have terms about other pods, in either direction. */
  get withAffinity(): ReadonlySet<PodGroup> {
    return this.#withAffinity;
  }

  get withRequiredAntiAffinity(): ReadonlySet<PodGroup> {
    return this.#withRequiredAntiAffinity;
  }

  podAdded(pod: Pod, node: NodeInfo): void {
    this.#groupOf(pod).change(pod, node, 1);
  }

  podRemoved(pod: Pod, node: NodeInfo): void {
    const group = this.#groups.get(keyOf(pod))!;
    group.change(pod, node, -1);
    if (group.nodes.size === 0) this.#drop(group);
  }

  /** The counts for a selector within a namespace, kept current from now on. */
  countsOf(namespace: string, selector: Selector): MatchCounts {
    const key = `${namespace}\n${selector.toString()}`;
    let counts = this.#counts.get(key);
    if (counts !== undefined) {
      this.#counts.delete(key);
      this.#counts.set(key, counts);
      return counts;
    }
    counts = new MatchCounts(namespace, selector);
    this.#counts.set(key, counts);
    for (const group of this.#byNamespace.get(namespace) ?? []) {
      if (!selector.matches(group.labels)) continue;
      group.counts.add(counts);
      for (const [node, count] of group.nodes)
        counts.add(node.slot, count - (group.terminating.get(node) ?? 0));
    }
    if (this.#counts.size > countsMax) this.#forgetOldestCounts();
    return counts;
  }

  #forgetOldestCounts(): void {
    const [key, counts] = this.#counts.entries().next().value!;
    this.#counts.delete(key);
    for (const group of this.#byNamespace.get(counts.namespace) ?? []) group.counts.delete(counts);
  }

  #groupOf(pod: Pod): PodGroup {
    const key = keyOf(pod);
    let group = this.#groups.get(key);
    if (group !== undefined) return group;
    group = new PodGroup(key, pod);
    this.#groups.set(key, group);
    let neighbours = this.#byNamespace.get(group.namespace);
    if (neighbours === undefined) this.#byNamespace.set(group.namespace, (neighbours = new Set()));
    neighbours.add(group);
    const { podAffinity, podAntiAffinity } = group.affinity ?? {};
    if (podAffinity !== undefined || podAntiAffinity !== undefined) this.#withAffinity.add(group);
    if (podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.length)
      this.#withRequiredAntiAffinity.add(group);
    for (const counts of this.#counts.values())
      if (counts.namespace === group.namespace && counts.selector.matches(group.labels))
        group.counts.add(counts);
    return group;
  }

  #drop(group: PodGroup): void {
    this.#groups.delete(group.key);
    this.#withAffinity.delete(group);
    this.#withRequiredAntiAffinity.delete(group);
    const neighbours = this.#byNamespace.get(group.namespace)!;
    neighbours.delete(group);
    if (neighbours.size === 0) this.#byNamespace.delete(group.namespace);
  }
}

function keyOf({ metadata, spec }: Pod): string {
  const { podAffinity, podAntiAffinity } = spec.affinity ?? {};
  return `${metadata.namespace}\n${textOf(metadata.labels)}\n${textOf(podAffinity)}\n${textOf(podAntiAffinity)}`;
}

function raise(counts: Map<NodeInfo, number>, node: NodeInfo, by: number): void {
  const count = (counts.get(node) ?? 0) + by;
  if (count === 0) counts.delete(node);
  else counts.set(node, count);
}
