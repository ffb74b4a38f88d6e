// Upstream: pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go
import type { Node, NodeAffinity, NodeSelectorTerm, Pod } from '#generated/types/core.v1.ts';
import { matchesNodeTerm, matchesRequiredAffinity } from '#kubernetes/api/nodeAffinity.ts';
import { type Plugin, rejection } from '../framework.ts';
import { normalizeToMax } from '../normalize.ts';

const name = 'NodeAffinity';
const refusal = rejection(name, "node(s) didn't match Pod's node affinity/selector");
const enforcedRefusal = rejection(name, "node(s) didn't match scheduler-enforced node affinity");
const conflict = rejection(name, 'pod affinity terms conflict');

/** The names that a term's fields leave; null where they leave all. */
function namesOf({ matchFields }: NodeSelectorTerm): readonly string[] | null {
  const lists = (matchFields ?? [])
    .filter(({ key, operator }) => key === 'metadata.name' && operator === 'In')
    .map(({ values }) => values ?? []);
  const [first, ...others] = lists;
  return first?.filter((value) => others.every((list) => list.includes(value))) ?? null;
}

/** The names of the only nodes that can match; null where terms do not go by name. */
function namedNodes(terms: readonly NodeSelectorTerm[]): ReadonlySet<string> | null {
  if (terms.length === 0) return null;
  const all = new Set<string>();
  for (const term of terms) {
    const names = namesOf(term);
    if (names === null) return null;
    for (const nodeName of names) all.add(nodeName);
  }
  return all;
}

/** Nodes must have the labels that a pod selects, and better those that it prefers; `added` counts for every pod. */
export function nodeAffinityWith(added: NodeAffinity = {}): Plugin {
  const enforced = added.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const preferred = added.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const isEnforced = (node: Node) =>
    enforced === undefined || enforced.some((term) => matchesNodeTerm(term, node));
  const couldMatch = (pod: Pod, node: Node) => isEnforced(node) && matchesRequiredAffinity(pod.spec, node);
  return {
    name,
    reads: 'node',
    preFilter({ spec }) {
      const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
      if (required === undefined && spec.nodeSelector === undefined && enforced === undefined) return null;
      const nodeNames = namedNodes(required?.nodeSelectorTerms ?? []);
      if (nodeNames?.size === 0) return conflict;
      return {
        ...(nodeNames !== null && { nodeNames }),
        filter({ node }) {
          if (node && !isEnforced(node)) return enforcedRefusal;
          return node && matchesRequiredAffinity(spec, node) ? null : refusal;
        },
      };
    },
    preScore({ spec }) {
      const own = spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
      const terms = preferred.length === 0 ? own : [...preferred, ...own];
      if (terms.length === 0) return null;
      return {
        score({ node }) {
          let score = 0;
          for (const { weight, preference } of terms)
            if (node && matchesNodeTerm(preference, node)) score += weight;
          return score;
        },
        normalize: normalizeToMax,
      };
    },
    hints: {
      NodeAdd: (pod, _before, now) => couldMatch(pod, now as Node),
      NodeLabelChange: (pod, before, now) => !couldMatch(pod, before as Node) && couldMatch(pod, now as Node),
    },
  };
}

export const nodeAffinity = nodeAffinityWith();
