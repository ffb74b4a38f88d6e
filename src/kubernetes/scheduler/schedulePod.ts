// Upstream: pkg/scheduler/schedule_one.go
import { podPriority } from './podPriority.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import type { RandomStream } from '#sim/random.ts';
import type { Cache } from './cache.ts';
import type { PodExtenders } from './extenderCalls.ts';
import { FeasibleNodes } from './feasibleNodes.ts';
import {
  type Diagnosis,
  isRejection,
  type NodeTrial,
  type PodFilter,
  type PodScorer,
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
  /** Copies the scores, from 0 to 100, of the feasible nodes with these indexes into a list, from `at` on. */
  copy(indexes: readonly number[], into: Int32Array, at: number): void;
}

/** How a pod was placed, or why not; its lists are overwritten by the next attempt. */
export interface Attempt {
  readonly node: NodeInfo | null;
  /** Set when no node would do. */
  readonly diagnosis: Diagnosis | null;
  readonly feasible: FeasibleNodes;
  /** Empty where there was nothing to choose. */
  readonly scores: readonly PluginScores[];
}

/** What one pod's filters know during one attempt. */
export interface Cycle {
  readonly pod: Pod;
  readonly template: Template;
  /** Of plugins that read more than the node. */
  readonly filters: readonly PodFilter[];
}

/** Where the next pod starts to look, so that all nodes get their turn, whatever profiles pods choose. */
export interface Rotation {
  start: number;
}

/** Finds the best node for a pod: those that pass all filters, as many as suffice, and the highest score of them. */
export class PodScheduler {
  readonly #cache: Cache;
  readonly #nominator: Nominator;
  readonly #plugins: readonly ProfilePlugin[];
  readonly #templates: Templates;
  readonly #random: RandomStream;
  readonly #percentage: number;
  readonly #rotation: Rotation;
  readonly #extenders: PodExtenders | null;
  readonly #feasible: FeasibleNodes;
  #totals = new Int32Array(0);
  readonly #scores: Int32Array[] = [];
  readonly #failures = new WeakMap<Template, { readonly state: string; readonly diagnosis: Diagnosis }>();

  constructor(options: {
    cache: Cache;
    nominator: Nominator;
    plugins: readonly ProfilePlugin[];
    random: RandomStream;
    /** 0 for the adaptive share. */
    percentageOfNodesToScore: number;
    isCaching: boolean;
    rotation?: Rotation;
    /** Null where nobody else has a say. */
    extenders?: PodExtenders | null;
  }) {
    this.#cache = options.cache;
    this.#feasible = new FeasibleNodes(options.cache);
    this.#nominator = options.nominator;
    this.#plugins = options.plugins;
    this.#templates = new Templates(options.plugins, options.isCaching);
    this.#random = options.random;
    this.#percentage = options.percentageOfNodesToScore;
    this.#rotation = options.rotation ?? { start: 0 };
    this.#extenders = options.extenders ?? null;
  }

  /** Throws StatusError where an extender fails. */
  schedule(pod: Pod): Attempt {
    const feasible = this.#feasible;
    feasible.clear();
    const cycle = this.beginCycle(pod);
    if (isRejection(cycle)) return this.#unfit({ preFilterRejection: cycle, rejections: new Map() });
    const nominated = this.#tryNominated(cycle);
    if (nominated !== null) return nominated;
    const slots = this.#candidates(cycle.template);
    const known = this.#knownFailure(cycle);
    if (known !== null) return { node: null, diagnosis: known, feasible, scores: [] };
    this.#findFeasible(cycle, slots);
    this.#extenders?.filter(pod, feasible);
    if (feasible.count === 0) {
      const unfit = this.#unfit(this.#diagnose(cycle.template));
      this.#failures.set(cycle.template, { state: this.#state, diagnosis: unfit.diagnosis! });
      return unfit;
    }
    if (feasible.count === 1) return { node: feasible.node(0), diagnosis: null, feasible, scores: [] };
    const scores = this.#score(cycle);
    return { node: this.#selectHost(), diagnosis: null, feasible, scores };
  }

  /** Changes with whatever a verdict on a node may depend on. */
  get #state(): string {
    return `${this.#cache.generation}/${this.#nominator.generation}`;
  }

  /** Where nothing has changed since a pod of the template failed, the next fails alike. */
  #knownFailure({ template, filters }: Cycle): Diagnosis | null {
    if (filters.length > 0 || this.#nominator.size > 0 || this.#extenders !== null) return null;
    const known = this.#failures.get(template);
    return known?.state === this.#state ? known.diagnosis : null;
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

  /** A copy of a node for preemption to try, with a copy of what the filters know. */
  tryOn(node: NodeInfo, { pod, template, filters }: Cycle): NodeTrial {
    const copy = node.clone();
    const copies = filters.map((filter) => filter.clone?.() ?? filter);
    const trialCycle = { pod, template, filters: copies };
    return {
      addPod(other) {
        copy.addPod(other);
        for (const filter of copies) filter.addPod?.(other, copy);
      },
      removePod(other) {
        copy.removePod(other);
        for (const filter of copies) filter.removePod?.(other, copy);
      },
      reject: () => this.#rejectWithNominated(copy, trialCycle) ?? judge(copy, template, copies),
    };
  }

  /** The rejection there would be if the pods nominated to the node, of no lower priority, were on it already. */
  #rejectWithNominated(node: NodeInfo, cycle: Cycle): Rejection | null {
    const { pod, template } = cycle;
    if (!this.#nominator.hasOn(node.name)) return null;
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
    this.#feasible.add(node.slot);
    return { node, diagnosis: null, feasible: this.#feasible, scores: [] };
  }

  #candidates({ nodeNames }: Template): Int32Array {
    if (nodeNames === null) return this.#cache.slots;
    const nodes = [...nodeNames].sort().map((name) => this.#cache.node(name));
    return Int32Array.from(nodes.filter((node) => node !== undefined).map(({ slot }) => slot));
  }

  #findFeasible(cycle: Cycle, slots: Int32Array): void {
    const { length } = slots;
    if (length === 0) return;
    const feasible = this.#feasible;
    const { template, filters } = cycle;
    const cache = this.#cache;
    const { generations } = cache;
    const judged = template.judgedFor(generations);
    const { verdicts } = template;
    const isPlain = filters.length === 0 && this.#nominator.size === 0;
    const enough = feasibleNodesToFind(length, this.#percentage);
    const rotation = this.#rotation;
    let at = rotation.start % length;
    for (let i = 0; i < length && feasible.count < enough; i++) {
      const slot = slots[at]!;
      if (++at === length) at = 0;
      let rejection: Rejection | null;
      if (isPlain) {
        if (judged[slot] !== generations[slot]) template.refresh(cache.nodeIn(slot), generations);
        rejection = verdicts[slot]!;
      } else rejection = this.reject(cache.nodeIn(slot), cycle);
      if (rejection === null) feasible.add(slot);
      else feasible.reject(slot, rejection);
    }
    rotation.start = (rotation.start + feasible.count + feasible.rejected) % cache.slots.length;
  }

  /** Why each node that was looked at would not do. */
  #diagnose(template: Template): Omit<Diagnosis, 'nodeCount'> {
    const rejections = this.#feasible.rejections();
    if (template.nodeNames === null) return { rejections };
    const plugins = template.namingPlugins;
    const reason = `node(s) didn't satisfy plugin(s) [${plugins.join(' ')}]`;
    return { rejections, absent: { reason, plugins } };
  }

  /** Sums the weighted scores of the feasible nodes into `#totals`. */
  #score({ pod, template }: Cycle): PluginScores[] {
    const feasible = this.#feasible;
    const { count, slots } = feasible;
    if (this.#totals.length < count) this.#totals = new Int32Array(slots.length);
    const totals = this.#totals;
    gather(template.base, slots, totals, count);
    const all: PluginScores[] = [];
    for (let position = 0; position < this.#plugins.length; position++) {
      const { plugin, weight } = this.#plugins[position]!;
      if (weight === 0) continue;
      const own = template.scorers[position];
      if (own) {
        all.push({ name: plugin.name, weight, copy: this.#scoreOwn(template, position, own, weight) });
        continue;
      }
      const scorer = plugin.reads === 'cluster' ? plugin.preScore?.(pod, feasible) : null;
      if (!scorer) continue;
      const scores = this.#buffer(position);
      if (scorer.scoreAll) scorer.scoreAll(feasible, scores);
      else for (let i = 0; i < count; i++) scores[i] = scorer.score(feasible.node(i));
      scorer.normalize?.(scores, count);
      addWeighted(totals, scores, weight, count);
      all.push({ name: plugin.name, weight, copy: copyFrom(scores) });
    }
    if (this.#extenders !== null) all.push(...this.#extenders.score(pod, feasible, totals));
    return all;
  }

  /** Adds what a plugin that reads only nodes says, unless the template's base has it; returns its scores. */
  #scoreOwn(template: Template, position: number, scorer: PodScorer, weight: number): PluginScores['copy'] {
    const { count, slots } = this.#feasible;
    const bySlot = template.scores(position);
    if (!scorer.normalize)
      return (indexes, into, at) => {
        for (let i = 0; i < indexes.length; i++) into[at + i] = bySlot[slots[indexes[i]!]!]!;
      };
    if (template.isFlat(position)) {
      // All nodes get the same, which does not change which of them is best.
      const flat = new Int32Array(1);
      scorer.normalize(flat, 1);
      return (indexes, into, at) => into.fill(flat[0]!, at, at + indexes.length);
    }
    const scores = this.#buffer(position);
    gather(bySlot, slots, scores, count);
    scorer.normalize(scores, count);
    addWeighted(this.#totals, scores, weight, count);
    return copyFrom(scores);
  }

  #buffer(position: number): Int32Array {
    const { count, slots } = this.#feasible;
    let buffer = this.#scores[position];
    if (buffer === undefined || buffer.length < count) {
      buffer = new Int32Array(slots.length);
      this.#scores[position] = buffer;
    }
    return buffer;
  }

  /** One of the nodes with the highest score, by lot where there are several. */
  #selectHost(): NodeInfo {
    const totals = this.#totals;
    const { count } = this.#feasible;
    let best = -0x8000_0000;
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
    return this.#feasible.node(at);
  }

  #unfit(why: Omit<Diagnosis, 'nodeCount'>): Attempt {
    const diagnosis = { ...why, nodeCount: this.#cache.order.length };
    return { node: null, diagnosis, feasible: this.#feasible, scores: [] };
  }
}

function copyFrom(scores: Int32Array): PluginScores['copy'] {
  return (indexes, into, at) => {
    for (let i = 0; i < indexes.length; i++) into[at + i] = scores[indexes[i]!]!;
  };
}

function gather(bySlot: Int32Array, slots: Int32Array, into: Int32Array, count: number): void {
  for (let i = 0; i < count; i++) into[i] = bySlot[slots[i]!]!;
}

function addWeighted(totals: Int32Array, scores: Int32Array, weight: number, count: number): void {
  for (let i = 0; i < count; i++) totals[i]! += weight * scores[i]!;
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
