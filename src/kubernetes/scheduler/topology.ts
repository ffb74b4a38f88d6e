import type { Cache } from './cache.ts';

/** How the nodes fall into domains by the value of one label. */
export interface Topology {
  readonly key: string;
  /** The value of each domain. */
  readonly values: readonly string[];
  /** The domain of the node in each slot, -1 where it has not that label or there is no node. */
  readonly bySlot: Int32Array;
  /** True when every node has the label. */
  readonly isComplete: boolean;
}

/** The topologies that pods ask for, each built once for the nodes as they are. */
export class Topologies {
  readonly #cache: Cache;
  readonly #known = new Map<string, Topology>();
  #nodeGeneration = -1;

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  /** By a label's key; the same object as long as no node changes. */
  of(key: string): Topology {
    if (this.#nodeGeneration !== this.#cache.nodeGeneration) {
      this.#known.clear();
      this.#nodeGeneration = this.#cache.nodeGeneration;
    }
    let topology = this.#known.get(key);
    if (topology === undefined) {
      topology = this.#build(key);
      this.#known.set(key, topology);
    }
    return topology;
  }

  #build(key: string): Topology {
    const bySlot = new Int32Array(this.#cache.generations.length).fill(-1);
    const domains = new Map<string, number>();
    let isComplete = true;
    for (const node of this.#cache.order) {
      const value = node.labels[key];
      if (value === undefined) {
        isComplete = false;
        continue;
      }
      let domain = domains.get(value);
      if (domain === undefined) domains.set(value, (domain = domains.size));
      bySlot[node.slot] = domain;
    }
    return { key, values: [...domains.keys()], bySlot, isComplete };
  }
}
