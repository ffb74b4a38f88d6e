// Upstream: pkg/scheduler/framework/types.go AffinityTerm, WeightedAffinityTerm
import type { Pod, PodAffinityTerm, WeightedPodAffinityTerm } from '#generated/types/core.v1.ts';
import {
  type Labels,
  nothing,
  type Requirement,
  Selector,
  selectorOf,
  sortRequirements,
} from '#kubernetes/apimachinery/labels.ts';

/** Which other pods a term is about, and how near "near" is. */
export interface AffinityTerm {
  readonly topologyKey: string;
  /** 1 for required terms. */
  readonly weight: number;
  /** Whether it is about pods of that namespace (with its labels) that have those labels. */
  matches(namespace: string, namespaceLabels: Labels, labels: Labels | undefined): boolean;
}

/** The terms of one pod, or of a group of pods that are alike. */
export interface AffinityTerms {
  readonly required: readonly AffinityTerm[];
  readonly requiredAnti: readonly AffinityTerm[];
  readonly preferred: readonly AffinityTerm[];
  readonly preferredAnti: readonly AffinityTerm[];
}

type Owner = Pick<Pod['metadata'], 'namespace' | 'labels'>;

const noTerms: AffinityTerms = { required: [], requiredAnti: [], preferred: [], preferredAnti: [] };

/** Reads the terms that a pod with this metadata has. */
export function affinityTermsOf(owner: Owner, affinity: Pod['spec']['affinity']): AffinityTerms {
  const { podAffinity, podAntiAffinity } = affinity ?? {};
  if (podAffinity === undefined && podAntiAffinity === undefined) return noTerms;
  const plain = (terms: readonly PodAffinityTerm[] | undefined) =>
    (terms ?? []).map((term) => compile(term, 1, owner));
  const weighted = (terms: readonly WeightedPodAffinityTerm[] | undefined) =>
    (terms ?? []).map(({ podAffinityTerm, weight }) => compile(podAffinityTerm, weight, owner));
  return {
    required: plain(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    requiredAnti: plain(podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    preferred: weighted(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
    preferredAnti: weighted(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
  };
}

function compile(term: PodAffinityTerm, weight: number, owner: Owner): AffinityTerm {
  const { topologyKey, namespaceSelector } = term;
  const byNamespace = namespaceSelector === undefined ? nothing : selectorOf(namespaceSelector);
  const isOwnNamespace = !term.namespaces?.length && namespaceSelector === undefined;
  const namespaces = new Set(isOwnNamespace ? [owner.namespace ?? ''] : term.namespaces);
  const selector = selectorFor(term, owner);
  return {
    topologyKey,
    weight,
    matches: (namespace, namespaceLabels, labels) =>
      (namespaces.has(namespace) || byNamespace.matches(namespaceLabels)) && selector.matches(labels),
  };
}

/** The term's selector, narrowed to the owner's own values (or other ones) of the labels it names. */
function selectorFor(
  { labelSelector, matchLabelKeys, mismatchLabelKeys }: PodAffinityTerm,
  owner: Owner,
): Selector {
  const selector = selectorOf(labelSelector);
  const narrow = (keys: readonly string[] | undefined, operator: Requirement['operator']) =>
    (keys ?? [])
      .filter((key) => owner.labels?.[key] !== undefined)
      .map((key): Requirement => ({ key, operator, values: [owner.labels![key]!] }));
  const added = [...narrow(matchLabelKeys, 'in'), ...narrow(mismatchLabelKeys, 'notin')];
  if (added.length === 0 || labelSelector === undefined) return selector;
  return new Selector(sortRequirements([...selector.requirements, ...added]));
}
