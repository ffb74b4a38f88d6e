// Upstream: pkg/scheduler/framework/plugins/podtopologyspread/common.go, plugins/helper/spread.go
import type { Pod, TopologySpreadConstraint } from '#generated/types/core.v1.ts';
import { matchesRequiredAffinity } from '#kubernetes/api/nodeAffinity.ts';
import { untoleratedTaint } from '#kubernetes/api/taints.ts';
import { type Requirement, Selector, selectorOf, sortRequirements } from '#kubernetes/apimachinery/labels.ts';
import type { NodeInfo } from './nodeInfo.ts';

export interface SpreadConstraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly selector: Selector;
  readonly minDomains: number;
  /** Whether nodes that the pod's affinity or selector leaves out count as domains. */
  readonly honorsAffinity: boolean;
  /** Whether nodes that the pod does not tolerate count as domains. */
  readonly honorsTaints: boolean;
}

/** What pods without constraints of their own prefer, if a Service or controller selects them. */
export const systemDefaults: readonly Omit<SpreadConstraint, 'selector'>[] = [
  { maxSkew: 3, topologyKey: 'kubernetes.io/hostname' },
  { maxSkew: 5, topologyKey: 'topology.kubernetes.io/zone' },
].map((constraint) => ({ ...constraint, minDomains: 1, honorsAffinity: true, honorsTaints: false }));

/** A selector narrowed to the values that the pod itself has of some labels. */
export function withLabelsOf(pod: Pod, selector: Selector, keys: readonly string[] | undefined): Selector {
  const own = (keys ?? [])
    .filter((key) => pod.metadata.labels?.[key] !== undefined)
    .map((key): Requirement => ({ key, operator: 'in', values: [pod.metadata.labels![key]!] }));
  if (own.length === 0) return selector;
  return new Selector(sortRequirements([...selector.requirements, ...own]));
}

/** The pod's own constraints of one kind. */
export function constraintsOf(
  pod: Pod,
  whenUnsatisfiable: TopologySpreadConstraint['whenUnsatisfiable'],
): SpreadConstraint[] {
  return (pod.spec.topologySpreadConstraints ?? [])
    .filter((constraint) => constraint.whenUnsatisfiable === whenUnsatisfiable)
    .map((constraint) =>
      spreadConstraint(
        constraint,
        withLabelsOf(pod, selectorOf(constraint.labelSelector), constraint.matchLabelKeys),
      ),
    );
}

/** A constraint over the pods that a selector matches. */
export function spreadConstraint(constraint: TopologySpreadConstraint, selector: Selector): SpreadConstraint {
  return {
    maxSkew: constraint.maxSkew,
    topologyKey: constraint.topologyKey,
    selector,
    minDomains: constraint.minDomains ?? 1,
    honorsAffinity: constraint.nodeAffinityPolicy !== 'Ignore',
    honorsTaints: constraint.nodeTaintsPolicy === 'Honor',
  };
}

const barring = ['NoSchedule', 'NoExecute'];

/** Whether a node counts for a constraint of this pod. */
export function isIncluded(
  { honorsAffinity, honorsTaints }: SpreadConstraint,
  pod: Pod,
  info: NodeInfo,
): boolean {
  const { node } = info;
  if (node === null) return false;
  if (honorsAffinity && !matchesRequiredAffinity(pod.spec, node)) return false;
  return !honorsTaints || untoleratedTaint(node.spec.taints, pod.spec.tolerations, barring) === undefined;
}

/** True when every node counts for the constraint, so that sums over all of them do. */
export function includesAll({ honorsAffinity, honorsTaints }: SpreadConstraint, { spec }: Pod): boolean {
  const isPicky =
    spec.nodeSelector !== undefined ||
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution !== undefined;
  return !honorsTaints && !(honorsAffinity && isPicky);
}

/** Whether a node has the labels of all constraints. */
export function hasTopologies(constraints: readonly SpreadConstraint[], { labels }: NodeInfo): boolean {
  return constraints.every(({ topologyKey }) => labels[topologyKey] !== undefined);
}
