// Upstream: pkg/scheduler/framework/plugins/interpodaffinity/{plugin,filtering,scoring}.go
import type { Node, Pod } from '#generated/types/core.v1.ts';
import type { Labels } from '#kubernetes/apimachinery/labels.ts';
import { type AffinityTerm, type AffinityTerms, affinityTermsOf } from '../affinityTerms.ts';
import type { Plugin, PodFilter, PodScorer, Rejection } from '../framework.ts';
import { nodeScoreMax, rejection } from '../framework.ts';
import type { NodeInfo } from '../nodeInfo.ts';
import type { PodGroup, PodGroups } from '../podGroups.ts';

const name = 'InterPodAffinity';
const affinityMismatch = rejection(name, "node(s) didn't match pod affinity rules");
const antiAffinityMismatch = rejection(name, "node(s) didn't match pod anti-affinity rules", true);
const existingMismatch = rejection(name, "node(s) didn't satisfy existing pods anti-affinity rules", true);

/** What a required term of a pod that is there already counts for a pod that would go near it. */
const hardPodAffinityWeight = 1;

export interface InterPodContext {
  readonly groups: PodGroups;
  namespaceLabels(namespace: string): Labels;
}

/** Pods that want to be near others, or far from them, and pods that others want so. */
export function interPodAffinity(context: InterPodContext): Plugin {
  const near = new Neighbourhood(context);
  return {
    name,
    reads: 'cluster',
    preFilter: (pod) => near.filterFor(pod),
    preScore: (pod) => near.scorerFor(pod),
    hints: {
      AssignedPodAdd: (pod, _before, now) => near.isWanted(pod, now as Pod),
      AssignedPodLabelChange: (pod, before, now) =>
        (!near.isWanted(pod, before as Pod) && near.isWanted(pod, now as Pod)) ||
        (near.isUnwanted(pod, before as Pod) && !near.isUnwanted(pod, now as Pod)),
      AssignedPodDelete: (pod, before) => near.isUnwanted(pod, before as Pod),
      PodLabelChange: () => true,
      NodeAdd: (pod, _before, now) => near.hasDomain(pod, now as Node, undefined),
      NodeLabelChange: (pod, before, now) => near.hasDomain(pod, now as Node, before as Node),
    },
  };
}

/** Counts by topology: `key → value → count`. */
type TopologyCounts = Map<string, Map<string, number>>;

function raise(counts: TopologyCounts, key: string, node: NodeInfo, by: number): void {
  const value = node.labels[key];
  if (value === undefined) return;
  let values = counts.get(key);
  if (values === undefined) counts.set(key, (values = new Map()));
  const count = (values.get(value) ?? 0) + by;
  if (count === 0) values.delete(value);
  else values.set(value, count);
  if (values.size === 0) counts.delete(key);
}

function copy(counts: TopologyCounts): TopologyCounts {
  return new Map([...counts].map(([key, values]) => [key, new Map(values)]));
}

class Neighbourhood {
  readonly #context: InterPodContext;
  readonly #terms = new WeakMap<PodGroup, AffinityTerms>();

  constructor(context: InterPodContext) {
    this.#context = context;
  }

  /** Whether a term is about a pod. */
  isAbout(term: AffinityTerm, { metadata }: Pod): boolean {
    const { namespace = '', labels } = metadata;
    return term.matches(namespace, this.#context.namespaceLabels(namespace), labels);
  }

  isWanted(pod: Pod, other: Pod): boolean {
    const { required } = affinityTermsOf(pod.metadata, pod.spec.affinity);
    return required.length > 0 && required.every((term) => this.isAbout(term, other));
  }

  isUnwanted(pod: Pod, other: Pod): boolean {
    const own = affinityTermsOf(pod.metadata, pod.spec.affinity).requiredAnti;
    const others = affinityTermsOf(other.metadata, other.spec.affinity).requiredAnti;
    return own.some((term) => this.isAbout(term, other)) || others.some((term) => this.isAbout(term, pod));
  }

  /** Whether a node that came or changed its labels may be one that the pod's terms need. */
  hasDomain(pod: Pod, now: Node, before: Node | undefined): boolean {
    const { required, requiredAnti } = affinityTermsOf(pod.metadata, pod.spec.affinity);
    const isNew = ({ topologyKey }: AffinityTerm) =>
      now.metadata.labels?.[topologyKey] !== before?.metadata.labels?.[topologyKey];
    if (required.length > 0)
      return required.every(({ topologyKey }) => now.metadata.labels?.[topologyKey] !== undefined);
    return requiredAnti.length === 0 || requiredAnti.some(isNew) || before === undefined;
  }

  filterFor(pod: Pod): PodFilter | null {
    const terms = affinityTermsOf(pod.metadata, pod.spec.affinity);
    const existing: TopologyCounts = new Map();
    for (const group of this.#context.groups.withRequiredAntiAffinity)
      for (const term of this.#termsOf(group).requiredAnti)
        if (this.isAbout(term, pod))
          for (const [node, count] of group.nodes) raise(existing, term.topologyKey, node, count);
    if (existing.size === 0 && terms.required.length === 0 && terms.requiredAnti.length === 0) return null;
    const wanted: TopologyCounts = new Map();
    const unwanted: TopologyCounts = new Map();
    if (terms.required.length > 0 || terms.requiredAnti.length > 0)
      for (const group of this.#context.groups.all) {
        if (terms.required.length > 0 && terms.required.every((term) => this.#isAboutGroup(term, group)))
          for (const term of terms.required) raiseAll(wanted, term, group);
        for (const term of terms.requiredAnti)
          if (this.#isAboutGroup(term, group)) raiseAll(unwanted, term, group);
      }
    return new InterPodFilter(this, pod, terms, { existing, wanted, unwanted });
  }

  scorerFor(pod: Pod): PodScorer | null {
    const { preferred, preferredAnti } = affinityTermsOf(pod.metadata, pod.spec.affinity);
    const scores: TopologyCounts = new Map();
    if (preferred.length > 0 || preferredAnti.length > 0)
      for (const group of this.#context.groups.all) {
        for (const term of preferred)
          if (this.#isAboutGroup(term, group)) raiseAll(scores, term, group, term.weight);
        for (const term of preferredAnti)
          if (this.#isAboutGroup(term, group)) raiseAll(scores, term, group, -term.weight);
      }
    for (const group of this.#context.groups.withAffinity) {
      const terms = this.#termsOf(group);
      for (const term of terms.required)
        if (this.isAbout(term, pod)) raiseAll(scores, term, group, hardPodAffinityWeight);
      for (const term of terms.preferred)
        if (this.isAbout(term, pod)) raiseAll(scores, term, group, term.weight);
      for (const term of terms.preferredAnti)
        if (this.isAbout(term, pod)) raiseAll(scores, term, group, -term.weight);
    }
    if (scores.size === 0) return null;
    return {
      score(node) {
        let score = 0;
        for (const [key, values] of scores) {
          const value = node.labels[key];
          if (value !== undefined) score += values.get(value) ?? 0;
        }
        return score;
      },
      normalize: normalizeRange,
    };
  }

  #termsOf(group: PodGroup): AffinityTerms {
    let terms = this.#terms.get(group);
    if (terms === undefined) {
      terms = affinityTermsOf(group, group.affinity);
      this.#terms.set(group, terms);
    }
    return terms;
  }

  #isAboutGroup(term: AffinityTerm, { namespace, labels }: PodGroup): boolean {
    return term.matches(namespace, this.#context.namespaceLabels(namespace), labels);
  }
}

function raiseAll(counts: TopologyCounts, term: AffinityTerm, group: PodGroup, weight = 1): void {
  for (const [node, count] of group.nodes) raise(counts, term.topologyKey, node, weight * count);
}

/** From the lowest score, which becomes 0, to the highest, which becomes 100. */
function normalizeRange(scores: Int32Array, count: number): void {
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < count; i++) {
    if (scores[i]! < least) least = scores[i]!;
    if (scores[i]! > most) most = scores[i]!;
  }
  const range = most - least;
  for (let i = 0; i < count; i++)
    scores[i] = range > 0 ? Math.trunc((nodeScoreMax * (scores[i]! - least)) / range) : 0;
}

/** How many pods there are of each kind, by domain. */
interface Counts {
  /** Pods that do not want this pod near. */
  readonly existing: TopologyCounts;
  /** Pods that this one must be near. */
  readonly wanted: TopologyCounts;
  /** Pods that this one must not be near. */
  readonly unwanted: TopologyCounts;
}

class InterPodFilter implements PodFilter {
  readonly #near: Neighbourhood;
  readonly #pod: Pod;
  readonly #terms: AffinityTerms;
  readonly #counts: Counts;
  /** The first pod of a series that wants to be near its like has nobody to be near to. */
  readonly #mayBeFirst: boolean;

  constructor(near: Neighbourhood, pod: Pod, terms: AffinityTerms, counts: Counts) {
    this.#near = near;
    this.#pod = pod;
    this.#terms = terms;
    this.#counts = counts;
    this.#mayBeFirst = terms.required.every((term) => near.isAbout(term, pod));
  }

  filter({ labels }: NodeInfo): Rejection | null {
    const { existing, wanted, unwanted } = this.#counts;
    if (!this.#isNearWanted(labels, wanted)) return affinityMismatch;
    for (const { topologyKey } of this.#terms.requiredAnti) {
      const value = labels[topologyKey];
      if (value !== undefined && unwanted.get(topologyKey)?.has(value)) return antiAffinityMismatch;
    }
    for (const [key, values] of existing) {
      const value = labels[key];
      if (value !== undefined && values.has(value)) return existingMismatch;
    }
    return null;
  }

  #isNearWanted(labels: Labels, wanted: TopologyCounts): boolean {
    let isNear = true;
    for (const { topologyKey } of this.#terms.required) {
      const value = labels[topologyKey];
      if (value === undefined) return false;
      if (!wanted.get(topologyKey)?.has(value)) isNear = false;
    }
    return isNear || (wanted.size === 0 && this.#mayBeFirst);
  }

  clone(): InterPodFilter {
    const { existing, wanted, unwanted } = this.#counts;
    return new InterPodFilter(this.#near, this.#pod, this.#terms, {
      existing: copy(existing),
      wanted: copy(wanted),
      unwanted: copy(unwanted),
    });
  }

  addPod(other: Pod, node: NodeInfo): void {
    this.#change(other, node, 1);
  }

  removePod(other: Pod, node: NodeInfo): void {
    this.#change(other, node, -1);
  }

  #change(other: Pod, node: NodeInfo, by: 1 | -1): void {
    const { existing, wanted, unwanted } = this.#counts;
    for (const term of affinityTermsOf(other.metadata, other.spec.affinity).requiredAnti)
      if (this.#near.isAbout(term, this.#pod)) raise(existing, term.topologyKey, node, by);
    const { required, requiredAnti } = this.#terms;
    if (required.length > 0 && required.every((term) => this.#near.isAbout(term, other)))
      for (const { topologyKey } of required) raise(wanted, topologyKey, node, by);
    for (const term of requiredAnti)
      if (this.#near.isAbout(term, other)) raise(unwanted, term.topologyKey, node, by);
  }
}
