// Upstream: pkg/scheduler/schedule_one.go
import type { Pod } from '#generated/types/core.v1.ts';
import type { RandomStream } from '#sim/random.ts';
import type { Cache } from './cache.ts';
import {
  type Diagnosis,
  isRejection,
  type PodFilter,
  type PodScorer,
  podPriority,
  type Rejection,
} from './framework.ts';
import type { NodeInfo } from './nodeInfo.ts';
import type { Nominator } from './nominator.ts';
import { type ProfilePlugin, type Template, Templates } from './template.ts';

/** With fewer nodes all are looked at. Upstream: minFeasibleNodesToFind */
const feasibleMin = 100;
/** The share of nodes that suffices shrinks from 50 % by 1 % per 125 nodes, down to 5 %. */
const percentageMax = 50;
const percentageMin = 5;
const nodesPerPercent = 125;

/** How many feasible nodes suffice; `percentage` 0 adapts to the size of the cluster. */
export function feasibleNodesToFind(nodeCount: number, percentage: number): number {
  if (nodeCount < feasibleMin) return nodeCount;
  const share =
    percentage > 0
      ? percentage
      : Math.max(percentageMin, percentageMax - Math.floor(nodeCount / nodesPerPercent));
  return Math.max(feasibleMin, Math.floor((nodeCount * share) / 100));
}

/** One plugin's scores of the feasible nodes, in their order. */
export interface PluginScores {
  readonly name: string;
  readonly weight: number;
  readonly normalized: Int32Array;
}

/** How a pod was placed, or why not; its lists are overwritten by the next attempt. */
export interface Attempt {
  readonly node: NodeInfo | null;
  readonly diagnosis: Diagnosis;
  readonly feasible: readonly NodeInfo[];
  readonly scores: readonly PluginScores[];
  readonly totals: Int32Array;
  readonly isNominated: boolean;
}

/** What one pod's filters know during one attempt. */
export interface Cycle {
  readonly pod: Pod;
  readonly template: Template;
  /** Of plugins that read more than the node. */
  readonly filters: readonly PodFilter[];
}

const noScores = new Int32Array(0);

/** Finds the best node for a pod: those that pass all filters, as many as suffice, and the highest score of them. */
export class PodScheduler {
  readonly #cache: Cache;
  readonly #nominator: Nominator;
  readonly #plugins: readonly ProfilePlugin[];
  readonly #templates: Templates;
  readonly #random: RandomStream;
  readonly #percentage: number;
  /** Where the next pod starts to look, so that all nodes get their turn. */
  #start = 0;
  readonly #feasible: NodeInfo[] = [];
  #totals = new Int32Array(0);
  readonly #scores: Int32Array[] = [];

  constructor(options: {
    cache: Cache;
    nominator: Nominator;
    plugins: readonly ProfilePlugin[];
    random: RandomStream;
    /** 0 for the adaptive share. */
    percentageOfNodesToScore: number;
    isCaching: boolean;
  }) {
    this.#cache = options.cache;
    this.#nominator = options.nominator;
    this.#plugins = options.plugins;
    this.#templates = new Templates(options.plugins, options.isCaching);
    this.#random = options.random;
    this.#percentage = options.percentageOfNodesToScore;
  }

  schedule(pod: Pod): Attempt {
    const cycle = this.beginCycle(pod);
    if (isRejection(cycle)) return this.#unfit(new Map(), cycle);
    const nominated = this.#tryNominated(cycle);
    if (nominated !== null) return nominated;
    const { template } = cycle;
    const nodes = this.#candidates(template);
    const rejections = this.#findFeasible(cycle, nodes);
    const feasible = this.#feasible;
    if (feasible.length === 0) {
      const absentReason =
        template.nodeNames === null
          ? undefined
          : `node(s) didn't satisfy plugin(s) [${template.namingPlugins.join(' ')}]`;
      return this.#unfit(rejections, undefined, absentReason);
    }
    const scores = feasible.length === 1 ? [] : this.#score(cycle);
    return {
      node: feasible.length === 1 ? feasible[0]! : this.#selectHost(feasible.length),
      diagnosis: { nodeCount: this.#cache.order.length, rejections },
      feasible,
      scores,
      totals: scores.length === 0 ? noScores : this.#totals,
      isNominated: false,
    };
  }

  /** Runs the pre-filters; a rejection of theirs stands for all nodes. */
  beginCycle(pod: Pod): Cycle | Rejection {
    const template = this.#templates.of(pod);
    if (template.rejection !== null) return template.rejection;
    const filters: PodFilter[] = [];
    for (const { plugin } of this.#plugins) {
      if (plugin.reads !== 'cluster') continue;
      const result = plugin.preFilter?.(pod) ?? null;
      if (isRejection(result)) return result;
      if (result !== null) filters.push(result);
    }
    return { pod, template, filters };
  }

  /** The first filter's rejection of a node, which must be one of the cache's own; null when it passes. */
  reject(node: NodeInfo, cycle: Cycle): Rejection | null {
    if (this.#nominator.size > 0) {
      const rejection = this.#rejectWithNominated(node, cycle);
      if (rejection !== null) return rejection;
    }
    const own = cycle.template.verdict(node, this.#cache.generations);
    if (own !== null) return own;
    for (const filter of cycle.filters) {
      const rejection = filter.filter(node);
      if (rejection !== null) return rejection;
    }
    return null;
  }

  /** The rejection there would be if the pods nominated to the node, of no lower priority, were on it already. */
  #rejectWithNominated(node: NodeInfo, cycle: Cycle): Rejection | null {
    const { pod, template } = cycle;
    const others = [...this.#nominator.on(node.name)].filter(
      (other) => other.metadata.uid !== pod.metadata.uid && podPriority(other) >= podPriority(pod),
    );
    if (others.length === 0) return null;
    const full = node.clone();
    const filters = cycle.filters.map((filter) => filter.clone?.() ?? filter);
    for (const other of others) {
      full.addPod(other);
      for (const filter of filters) filter.addPod?.(other, full);
    }
    return judge(full, template, filters);
  }

  /** A pod that was promised a node takes it as soon as it fits. */
  #tryNominated(cycle: Cycle): Attempt | null {
    const name = cycle.pod.status.nominatedNodeName;
    const node = name ? this.#cache.node(name) : undefined;
    if (node === undefined || this.reject(node, cycle) !== null) return null;
    const { nodeNames } = cycle.template;
    if (nodeNames !== null && !nodeNames.has(node.name)) return null;
    this.#feasible.length = 0;
    this.#feasible.push(node);
    return {
      node,
      diagnosis: { nodeCount: this.#cache.order.length, rejections: new Map() },
      feasible: this.#feasible,
      scores: [],
      totals: noScores,
      isNominated: true,
    };
  }

  #candidates({ nodeNames }: Template): readonly NodeInfo[] {
    if (nodeNames === null) return this.#cache.order;
    const nodes = [...nodeNames].sort().map((name) => this.#cache.node(name));
    return nodes.filter((node) => node !== undefined);
  }

  /** Fills `#feasible` and returns why the other nodes that were looked at are not in it. */
  #findFeasible(cycle: Cycle, nodes: readonly NodeInfo[]): Map<NodeInfo, Rejection> {
    const feasible = this.#feasible;
    const rejections = new Map<NodeInfo, Rejection>();
    feasible.length = 0;
    const { length } = nodes;
    const enough = feasibleNodesToFind(length, this.#percentage);
    let at = length === 0 ? 0 : this.#start % length;
    for (let i = 0; i < length && feasible.length < enough; i++) {
      const node = nodes[at]!;
      if (++at === length) at = 0;
      const rejection = this.reject(node, cycle);
      if (rejection === null) feasible.push(node);
      else rejections.set(node, rejection);
    }
    const nodeCount = this.#cache.order.length;
    if (nodeCount > 0) this.#start = (this.#start + feasible.length + rejections.size) % nodeCount;
    return rejections;
  }

  /** Sums the weighted scores of the feasible nodes into `#totals`. */
  #score({ pod, template }: Cycle): PluginScores[] {
    const feasible = this.#feasible;
    const count = feasible.length;
    if (this.#totals.length < count) this.#totals = new Int32Array(this.#cache.order.length);
    const totals = this.#totals;
    totals.fill(0, 0, count);
    const all: PluginScores[] = [];
    for (let position = 0; position < this.#plugins.length; position++) {
      const { plugin, weight } = this.#plugins[position]!;
      if (weight === 0) continue;
      const own = template.scorers[position];
      const scorer = own ?? (plugin.reads === 'cluster' ? plugin.preScore?.(pod, feasible) : null);
      if (!scorer) continue;
      const scores = this.#scoresOf(position, scorer, own ? template : null);
      scorer.normalize?.(scores, count, feasible);
      for (let i = 0; i < count; i++) totals[i]! += weight * scores[i]!;
      all.push({ name: plugin.name, weight, normalized: scores });
    }
    return all;
  }

  #scoresOf(position: number, scorer: PodScorer, template: Template | null): Int32Array {
    const feasible = this.#feasible;
    const count = feasible.length;
    let scores = this.#scores[position];
    if (scores === undefined || scores.length < count) {
      scores = new Int32Array(this.#cache.order.length);
      this.#scores[position] = scores;
    }
    if (template === null) {
      for (let i = 0; i < count; i++) scores[i] = scorer.score(feasible[i]!);
    } else {
      const bySlot = template.scores(position);
      for (let i = 0; i < count; i++) scores[i] = bySlot[feasible[i]!.slot]!;
    }
    return scores;
  }

  /** One of the nodes with the highest score, by lot where there are several. */
  #selectHost(count: number): NodeInfo {
    const totals = this.#totals;
    let best = -Infinity;
    let ties = 0;
    for (let i = 0; i < count; i++) {
      const total = totals[i]!;
      if (total > best) {
        best = total;
        ties = 1;
      } else if (total === best) ties++;
    }
    let skip = ties > 1 ? this.#random.below(ties) : 0;
    let at = 0;
    while (totals[at] !== best || skip-- > 0) at++;
    return this.#feasible[at]!;
  }

  #unfit(
    rejections: Map<NodeInfo, Rejection>,
    preFilterRejection?: Rejection,
    absentReason?: string,
  ): Attempt {
    const nodeCount = this.#cache.order.length;
    return {
      node: null,
      diagnosis: {
        nodeCount,
        rejections,
        ...(preFilterRejection && { preFilterRejection }),
        ...(absentReason !== undefined && { absentReason }),
      },
      feasible: [],
      scores: [],
      totals: noScores,
      isNominated: false,
    };
  }
}

/** The first rejection of a node that may be a changed copy. */
export function judge(node: NodeInfo, template: Template, filters: readonly PodFilter[]): Rejection | null {
  const own = template.judge(node);
  if (own !== null) return own;
  for (const filter of filters) {
    const rejection = filter.filter(node);
    if (rejection !== null) return rejection;
  }
  return null;
}
