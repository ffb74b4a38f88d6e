import type { NodeInfo } from './nodeInfo.ts';
import type { Topology } from './topology.ts';

interface Entry {
  readonly topology: Topology;
  counts: Int32Array;
  /** False while the counts are someone else's, who keeps them current. */
  isOwn: boolean;
}

/** Whole numbers by domain, for several topologies at once. */
export class DomainTable {
  readonly #entries = new Map<string, Entry>();

  /** Adds counts by domain, times a weight. Counts that nothing is added to are not copied. */
  add(topology: Topology, counts: Int32Array, weight = 1): void {
    const entry = this.#entries.get(topology.key);
    if (entry === undefined && weight === 1) {
      this.#entries.set(topology.key, { topology, counts, isOwn: false });
      return;
    }
    const sums = entry === undefined ? new Int32Array(counts.length) : own(entry);
    if (entry === undefined) this.#entries.set(topology.key, { topology, counts: sums, isOwn: true });
    for (let domain = 0; domain < sums.length; domain++) sums[domain]! += weight * counts[domain]!;
  }

  /** Adds to the domain of a node; nothing where the node has none. */
  change(topology: Topology, { slot }: NodeInfo, by: number): void {
    const domain = topology.bySlot[slot]!;
    if (domain < 0) return;
    if (!this.#entries.has(topology.key)) this.add(topology, new Int32Array(topology.values.length));
    own(this.#entries.get(topology.key)!)[domain]! += by;
  }

  /** Whether there is anything in the domain of a node. */
  has(topologyKey: string, { slot }: NodeInfo): boolean {
    const entry = this.#entries.get(topologyKey);
    if (entry === undefined) return false;
    const domain = entry.topology.bySlot[slot]!;
    return domain >= 0 && entry.counts[domain]! > 0;
  }

  /** Whether there is anything in any domain of a node. */
  hasAny(node: NodeInfo): boolean {
    for (const topologyKey of this.#entries.keys()) if (this.has(topologyKey, node)) return true;
    return false;
  }

  /** The sum over all topologies of what is in the domain of a slot. */
  sumAt(slot: number): number {
    let sum = 0;
    for (const { topology, counts } of this.#entries.values()) {
      const domain = topology.bySlot[slot]!;
      if (domain >= 0) sum += counts[domain]!;
    }
    return sum;
  }

  /** True when it holds nothing but zeros. */
  get isEmpty(): boolean {
    for (const { counts } of this.#entries.values()) if (counts.some((count) => count !== 0)) return false;
    return true;
  }

  clone(): DomainTable {
    const copy = new DomainTable();
    for (const [key, { topology, counts }] of this.#entries)
      copy.#entries.set(key, { topology, counts, isOwn: false });
    // From now on both share the counts, so neither may change them in place.
    for (const entry of this.#entries.values()) entry.isOwn = false;
    return copy;
  }
}

function own(entry: Entry): Int32Array {
  if (!entry.isOwn) {
    entry.counts = entry.counts.slice();
    entry.isOwn = true;
  }
  return entry.counts;
}
