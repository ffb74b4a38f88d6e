import type { Pod, PodSpec } from '#generated/types/core.v1.ts';
import { podRequests } from '#kubernetes/api/podRequests.ts';
import { isRejection, type Plugin, type PodFilter, type PodScorer, type Rejection } from './framework.ts';
import { hostPortsOf } from './hostPorts.ts';
import type { NodeInfo } from './nodeInfo.ts';

/** A plugin of the profile, and how much its score counts. */
export interface ProfilePlugin {
  readonly plugin: Plugin;
  readonly weight: number;
}

/** What pods that ask for the same of a node have in common, so that a verdict about a node serves them all. */
export class Template {
  /** Set where the pods cannot be placed at all. */
  readonly rejection: Rejection | null;
  /** The only nodes that can pass, by name, and the plugins that say so. */
  readonly nodeNames: ReadonlySet<string> | null;
  readonly namingPlugins: readonly string[];
  readonly filters: readonly PodFilter[];
  /** By position in the profile; null where the plugin has nothing to say or reads more than the node. */
  readonly scorers: readonly (PodScorer | null)[];
  /** The generation of the node in each slot when it was judged last; 0 for never. */
  #judged = new Uint32Array(0);
  #verdicts: (Rejection | null)[] = [];
  #scores: (Int32Array | null)[] = [];
  /** By slot, the weighted sum of the scores that need no normalizing. */
  #base = new Int32Array(0);
  /** For each scorer, how many slots have a score other than 0. */
  readonly #nonZero: number[];
  readonly #weights: readonly number[];

  constructor(plugins: readonly ProfilePlugin[], pod: Pod) {
    let rejection: Rejection | null = null;
    let nodeNames: ReadonlySet<string> | null = null;
    const filters: PodFilter[] = [];
    const namingPlugins: string[] = [];
    for (const { plugin } of plugins) {
      if (plugin.reads !== 'node' || !plugin.preFilter) continue;
      const result = plugin.preFilter(pod);
      if (result === null) continue;
      if (isRejection(result)) {
        rejection = result;
        break;
      }
      filters.push(result);
      if (result.nodeNames === undefined) continue;
      nodeNames = nodeNames === null ? result.nodeNames : intersection(nodeNames, result.nodeNames);
      namingPlugins.push(plugin.name);
    }
    this.rejection = rejection;
    this.nodeNames = nodeNames;
    this.namingPlugins = namingPlugins;
    this.filters = filters;
    this.scorers = plugins.map(({ plugin }) =>
      plugin.reads === 'node' ? (plugin.preScore?.(pod, null) ?? null) : null,
    );
    this.#nonZero = plugins.map(() => 0);
    this.#weights = plugins.map(({ weight }) => weight);
  }

  /** The filters' verdict on a node as it stands; null when it passes. */
  judge(node: NodeInfo): Rejection | null {
    for (const filter of this.filters) {
      const rejection = filter.filter(node);
      if (rejection !== null) return rejection;
    }
    return null;
  }

  /**
   * Brings what is remembered of a node up to date: its verdict, and its scores if it passes. Callers may skip
   * this where `judged` of the slot equals the node's generation.
   */
  refresh(node: NodeInfo, generations: Uint32Array): void {
    const { slot } = node;
    const rejection = this.judge(node);
    this.#judged[slot] = generations[slot]!;
    this.#verdicts[slot] = rejection;
    if (rejection !== null) return;
    let base = 0;
    for (let i = 0; i < this.scorers.length; i++) {
      const scorer = this.scorers[i];
      if (!scorer) continue;
      const scores = this.#scores[i]!;
      const score = scorer.score(node);
      if (score !== 0) this.#nonZero[i]!++;
      if (scores[slot] !== 0) this.#nonZero[i]!--;
      scores[slot] = score;
      if (!scorer.normalize) base += this.#weights[i]! * score;
    }
    this.#base[slot] = base;
  }

  /** The filters' verdict on a node, from memory where the node has not changed since. */
  verdict(node: NodeInfo, generations: Uint32Array): Rejection | null {
    const { slot } = node;
    if (this.judgedFor(generations)[slot] !== generations[slot]) this.refresh(node, generations);
    return this.#verdicts[slot]!;
  }

  /** By slot, the generation of the node when it was judged last; as long as `generations`. */
  judgedFor(generations: Uint32Array): Uint32Array {
    if (this.#judged.length < generations.length) this.#grow(generations.length);
    return this.#judged;
  }

  /** The remembered verdicts by slot. */
  get verdicts(): readonly (Rejection | null)[] {
    return this.#verdicts;
  }

  /** The scores by slot of the plugin at a position; valid for nodes that just passed. */
  scores(position: number): Int32Array {
    return this.#scores[position]!;
  }

  /** By slot, the weighted sum of the scores that are final as they are. */
  get base(): Int32Array {
    return this.#base;
  }

  /** True when the plugin at a position scores every node with 0, so that normalizing makes them equal. */
  isFlat(position: number): boolean {
    return this.#nonZero[position] === 0;
  }

  #grow(slots: number): void {
    const base = new Int32Array(slots);
    base.set(this.#base);
    this.#base = base;
    const judged = new Uint32Array(slots);
    judged.set(this.#judged);
    this.#judged = judged;
    this.#verdicts.length = slots;
    this.#scores = this.scorers.map((scorer, i) => {
      if (scorer === null) return null;
      const scores = new Int32Array(slots);
      if (this.#scores[i]) scores.set(this.#scores[i]);
      return scores;
    });
  }
}

function intersection(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...a].filter((value) => b.has(value)));
}

/** Templates with arrays over all nodes are few: those used last are kept. */
const templatesMax = 64;

interface Remembered {
  readonly spec: PodSpec;
  readonly template: Template;
}

/** Finds the template of a pod: at once where pods share their containers, else by what they ask for. */
export class Templates {
  readonly #plugins: readonly ProfilePlugin[];
  /** False makes every pod be judged from scratch, which must come to the same. */
  readonly #isCaching: boolean;
  #byContainers = new WeakMap<PodSpec['containers'], Remembered>();
  readonly #byNeeds = new Map<string, Template>();

  constructor(plugins: readonly ProfilePlugin[], isCaching: boolean) {
    this.#plugins = plugins;
    this.#isCaching = isCaching;
  }

  of(pod: Pod): Template {
    if (!this.#isCaching) return new Template(this.#plugins, pod);
    const { spec } = pod;
    const known = this.#byContainers.get(spec.containers);
    if (known !== undefined && needsAlike(known.spec, spec)) return known.template;
    const template = this.#byNeedsOf(pod);
    // A pod that names its node (a DaemonSet's) has a template of its own, used once.
    if (template.nodeNames === null) this.#byContainers.set(spec.containers, { spec, template });
    return template;
  }

  #byNeedsOf(pod: Pod): Template {
    const needs = needsOf(pod.spec);
    const known = this.#byNeeds.get(needs);
    if (known !== undefined) {
      this.#byNeeds.delete(needs);
      this.#byNeeds.set(needs, known);
      return known;
    }
    const template = new Template(this.#plugins, pod);
    if (template.nodeNames !== null) return template;
    this.#byNeeds.set(needs, template);
    if (this.#byNeeds.size > templatesMax) {
      this.#byNeeds.delete(this.#byNeeds.keys().next().value!);
      this.#byContainers = new WeakMap();
    }
    return template;
  }
}

/** Whether two pods that share their containers share all else that a plugin which reads only nodes may look at. */
export function needsAlike(a: PodSpec, b: PodSpec): boolean {
  return (
    a.tolerations === b.tolerations &&
    a.nodeSelector === b.nodeSelector &&
    a.affinity?.nodeAffinity === b.affinity?.nodeAffinity &&
    a.initContainers === b.initContainers &&
    a.overhead === b.overhead &&
    a.resources === b.resources &&
    a.nodeName === b.nodeName
  );
}

/** All that plugins which read only the node may look at in a pod. */
function needsOf(spec: PodSpec): string {
  const { nodeName, nodeSelector, tolerations, affinity } = spec;
  return JSON.stringify([
    podRequests(spec),
    hostPortsOf(spec),
    nodeName,
    nodeSelector,
    tolerations,
    affinity?.nodeAffinity,
  ]);
}
