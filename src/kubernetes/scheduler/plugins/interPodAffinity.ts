// Upstream: pkg/scheduler/framework/plugins/interpodaffinity/{plugin,filtering,scoring}.go
import type { Node, Pod } from '#generated/types/core.v1.ts';
import type { Labels } from '#kubernetes/apimachinery/labels.ts';
import { type AffinityTerm, type AffinityTerms, affinityTermsOf } from '../affinityTerms.ts';
import type { Plugin, PodFilter, PodScorer, Rejection } from '../framework.ts';
import { DomainTable } from '../domainTable.ts';
import { nodeScoreMax, rejection } from '../framework.ts';
import type { NodeInfo } from '../nodeInfo.ts';
import type { PodGroup, PodGroups } from '../podGroups.ts';
import type { Topologies, Topology } from '../topology.ts';

const name = 'InterPodAffinity';
const affinityMismatch = rejection(name, "node(s) didn't match pod affinity rules");
const antiAffinityMismatch = rejection(name, "node(s) didn't match pod anti-affinity rules", true);
const existingMismatch = rejection(name, "node(s) didn't satisfy existing pods anti-affinity rules", true);

export interface InterPodContext {
  readonly groups: PodGroups;
  readonly topologies: Topologies;
  namespaceLabels(namespace: string): Labels;
  /** What a required term of a pod that is there already counts for a pod that would go near it; 1 when absent. */
  readonly hardPodAffinityWeight?: number;
  /** Whether pods without terms of their own go where they like. */
  readonly ignorePreferredTermsOfExistingPods?: boolean;
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
      NodeAdd: (pod, _before, now) => near.mayHelp(pod, now as Node, undefined),
      NodeLabelChange: (pod, before, now) => near.mayHelp(pod, now as Node, before as Node),
    },
  };
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
  mayHelp(pod: Pod, now: Node, before: Node | undefined): boolean {
    const { required, requiredAnti } = affinityTermsOf(pod.metadata, pod.spec.affinity);
    const changes = (key: string) => now.metadata.labels?.[key] !== before?.metadata.labels?.[key];
    if (required.some(({ topologyKey: key }) => now.metadata.labels?.[key] !== undefined && changes(key)))
      return true;
    if (requiredAnti.length > 0)
      return (
        before === undefined ||
        requiredAnti.some(({ topologyKey: key }) => changes(key) && key in (before.metadata.labels ?? {}))
      );
    // It may be that others do not want it near.
    return required.length === 0;
  }

  topologyOf({ topologyKey }: AffinityTerm): Topology {
    return this.#context.topologies.of(topologyKey);
  }

  filterFor(pod: Pod): PodFilter | null {
    const terms = affinityTermsOf(pod.metadata, pod.spec.affinity);
    const { required, requiredAnti } = terms;
    const { groups } = this.#context;
    const existing = new DomainTable();
    let isConcerned = required.length > 0 || requiredAnti.length > 0;
    for (const group of groups.withRequiredAntiAffinity)
      for (const term of this.#termsOf(group).requiredAnti)
        if (this.isAbout(term, pod)) {
          this.#addGroup(existing, term, group);
          isConcerned = true;
        }
    if (!isConcerned) return null;
    const wanted = new DomainTable();
    const unwanted = new DomainTable();
    if (required.length > 0 || requiredAnti.length > 0)
      for (const group of groups.all) {
        if (required.length > 0 && required.every((term) => this.#isAboutGroup(term, group)))
          for (const term of required) this.#addGroup(wanted, term, group);
        for (const term of requiredAnti)
          if (this.#isAboutGroup(term, group)) this.#addGroup(unwanted, term, group);
      }
    return new InterPodFilter(this, pod, terms, { existing, wanted, unwanted });
  }

  scorerFor(pod: Pod): PodScorer | null {
    const { preferred, preferredAnti } = affinityTermsOf(pod.metadata, pod.spec.affinity);
    const { hardPodAffinityWeight = 1, ignorePreferredTermsOfExistingPods = false } = this.#context;
    if (ignorePreferredTermsOfExistingPods && preferred.length === 0 && preferredAnti.length === 0)
      return null;
    const scores = new DomainTable();
    let isConcerned = false;
    const weigh = (term: AffinityTerm, group: PodGroup, weight: number) => {
      this.#addGroup(scores, term, group, weight);
      isConcerned = true;
    };
    if (preferred.length > 0 || preferredAnti.length > 0)
      for (const group of this.#context.groups.all) {
        for (const term of preferred) if (this.#isAboutGroup(term, group)) weigh(term, group, term.weight);
        for (const term of preferredAnti)
          if (this.#isAboutGroup(term, group)) weigh(term, group, -term.weight);
      }
    for (const group of this.#context.groups.withAffinity) {
      const terms = this.#termsOf(group);
      for (const term of terms.required)
        if (hardPodAffinityWeight > 0 && this.isAbout(term, pod)) weigh(term, group, hardPodAffinityWeight);
      for (const term of terms.preferred) if (this.isAbout(term, pod)) weigh(term, group, term.weight);
      for (const term of terms.preferredAnti) if (this.isAbout(term, pod)) weigh(term, group, -term.weight);
    }
    if (!isConcerned) return null;
    return {
      score: ({ slot }) => scores.sumAt(slot),
      scoreAll({ slots, count }, into) {
        for (let i = 0; i < count; i++) into[i] = scores.sumAt(slots[i]!);
      },
      normalize: normalizeRange,
    };
  }

  #addGroup(table: DomainTable, term: AffinityTerm, group: PodGroup, weight = 1): void {
    const topology = this.topologyOf(term);
    table.add(topology, group.own.in(topology), weight);
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
  readonly existing: DomainTable;
  /** Pods that this one must be near. */
  readonly wanted: DomainTable;
  /** Pods that this one must not be near. */
  readonly unwanted: DomainTable;
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

  filter(node: NodeInfo): Rejection | null {
    const { existing, unwanted } = this.#counts;
    if (!this.#isNearWanted(node)) return affinityMismatch;
    for (const { topologyKey } of this.#terms.requiredAnti)
      if (unwanted.has(topologyKey, node)) return antiAffinityMismatch;
    return existing.hasAny(node) ? existingMismatch : null;
  }

  #isNearWanted(node: NodeInfo): boolean {
    const { wanted } = this.#counts;
    let isNear = true;
    for (const { topologyKey } of this.#terms.required) {
      if (node.labels[topologyKey] === undefined) return false;
      if (!wanted.has(topologyKey, node)) isNear = false;
    }
    return isNear || (this.#mayBeFirst && wanted.isEmpty);
  }

  clone(): InterPodFilter {
    const { existing, wanted, unwanted } = this.#counts;
    return new InterPodFilter(this.#near, this.#pod, this.#terms, {
      existing: existing.clone(),
      wanted: wanted.clone(),
      unwanted: unwanted.clone(),
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
    const near = this.#near;
    for (const term of affinityTermsOf(other.metadata, other.spec.affinity).requiredAnti)
      if (near.isAbout(term, this.#pod)) existing.change(near.topologyOf(term), node, by);
    const { required, requiredAnti } = this.#terms;
    if (required.length > 0 && required.every((term) => near.isAbout(term, other)))
      for (const term of required) wanted.change(near.topologyOf(term), node, by);
    for (const term of requiredAnti)
      if (near.isAbout(term, other)) unwanted.change(near.topologyOf(term), node, by);
  }
}
