// Upstream: pkg/scheduler/framework/plugins/podtopologyspread/{plugin,filtering,scoring}.go
import type { Node, Pod, TopologySpreadConstraint } from '#generated/types/core.v1.ts';
import type { Selector } from '#kubernetes/apimachinery/labels.ts';
import type { Cache } from '../cache.ts';
import type { Plugin, PodFilter, PodScorer, Rejection } from '../framework.ts';
import { nodeScoreMax, rejection } from '../framework.ts';
import type { FeasibleNodes } from '../feasibleNodes.ts';
import { naturalLogarithm } from '../naturalLogarithm.ts';
import type { NodeInfo } from '../nodeInfo.ts';
import type { MatchCounts, PodGroups } from '../podGroups.ts';
import {
  constraintsOf,
  hasTopologies,
  includesAll,
  isIncluded,
  spreadConstraint,
  type SpreadConstraint,
  systemDefaults,
} from '../spreadConstraints.ts';
import type { Topologies, Topology } from '../topology.ts';

const name = 'PodTopologySpread';
const mismatch = rejection(name, "node(s) didn't match pod topology spread constraints", true);
const missingLabel = rejection(
  name,
  "node(s) didn't match pod topology spread constraints (missing required label)",
);
const hostname = 'kubernetes.io/hostname';

/** What spreading needs to know of the cluster. */
export interface SpreadContext {
  readonly cache: Cache;
  readonly groups: PodGroups;
  readonly topologies: Topologies;
  /** Which pods an unconstrained pod belongs together with; empty for none. */
  selectorOf(pod: Pod): Selector;
  /** What pods without constraints of their own are spread by; by hostname and zone, as well as it goes, when absent. */
  readonly defaults?: readonly TopologySpreadConstraint[];
}

/** Pods of a kind spread over the domains that their constraints name: strictly, or as well as it goes. */
export function podTopologySpread(context: SpreadContext): Plugin {
  return {
    name,
    reads: 'cluster',
    preFilter(pod) {
      const constraints = strictConstraints(pod, context);
      if (constraints.length === 0) return null;
      return new SpreadFilter(
        pod,
        constraints,
        constraints.map((constraint) => countDomains(constraint, constraints, pod, context)),
      );
    },
    preScore: (pod, nodes) => scorerFor(pod, nodes!, context),
    hints: {
      AssignedPodAdd: (pod, _before, now) => concerns(pod, now as Pod, context),
      AssignedPodDelete: (pod, before) => concerns(pod, before as Pod, context),
      AssignedPodLabelChange: (pod, before, now) =>
        pod.metadata.namespace === now!.metadata.namespace &&
        changesMatches(pod, before as Pod, now as Pod, context),
      PodLabelChange: (pod, before, now) => changesMatches(pod, before as Pod, now as Pod, context),
      PodTolerationChange: (pod) => strictConstraints(pod, context).some(({ honorsTaints }) => honorsTaints),
      NodeAdd: (pod, _before, now) => isDomain(pod, now as Node, context),
      NodeDelete: (pod, before) => isDomain(pod, before as Node, context),
      NodeLabelChange(pod, before, now) {
        const was = isDomain(pod, before as Node, context);
        if (was !== isDomain(pod, now as Node, context)) return true;
        return was && hasMoved(pod, before as Node, now as Node, context);
      },
      NodeTaintChange: (pod, _before, now) => isDomain(pod, now as Node, context),
    },
  };
}

/** What a pod, or else the profile, insists on. */
function strictConstraints(pod: Pod, context: SpreadContext): SpreadConstraint[] {
  return pod.spec.topologySpreadConstraints?.length
    ? constraintsOf(pod, 'DoNotSchedule')
    : defaultConstraints(pod, 'DoNotSchedule', context);
}

/** Whether another pod counts for a constraint of this one. */
function concerns(pod: Pod, other: Pod, context: SpreadContext): boolean {
  return (
    pod.metadata.namespace === other.metadata.namespace &&
    strictConstraints(pod, context).some(({ selector }) => selector.matches(other.metadata.labels))
  );
}

/** Whether a pod counts for other constraints of this one than before. */
function changesMatches(pod: Pod, before: Pod, now: Pod, context: SpreadContext): boolean {
  return strictConstraints(pod, context).some(
    ({ selector }) => selector.matches(before.metadata.labels) !== selector.matches(now.metadata.labels),
  );
}

/** Whether a node is in another domain than before. */
function hasMoved(pod: Pod, before: Node, now: Node, context: SpreadContext): boolean {
  return strictConstraints(pod, context).some(
    ({ topologyKey: key }) => before.metadata.labels?.[key] !== now.metadata.labels?.[key],
  );
}

function isDomain(pod: Pod, { metadata }: Node, context: SpreadContext): boolean {
  return strictConstraints(pod, context).every(
    ({ topologyKey }) => metadata.labels?.[topologyKey] !== undefined,
  );
}

/** Matching pods by domain; domains without a node that counts are -1. */
interface DomainCounts {
  readonly topology: Topology;
  readonly counts: Int32Array;
}

function countsOf(selector: Selector, pod: Pod, { groups }: SpreadContext): MatchCounts | null {
  // Upstream counts nothing for a selector that is empty, though such a selector matches everything.
  return selector.empty ? null : groups.countsOf(pod.metadata.namespace ?? '', selector);
}

function countDomains(
  constraint: SpreadConstraint,
  all: readonly SpreadConstraint[],
  pod: Pod,
  context: SpreadContext,
): DomainCounts {
  const topology = context.topologies.of(constraint.topologyKey);
  const matching = countsOf(constraint.selector, pod, context);
  const isWhole = all.every(({ topologyKey }) => context.topologies.of(topologyKey).isComplete);
  if (isWhole && includesAll(constraint, pod))
    return { topology, counts: matching?.in(topology).slice() ?? new Int32Array(topology.values.length) };
  const counts = new Int32Array(topology.values.length).fill(-1);
  for (const node of context.cache.order) {
    if (!hasTopologies(all, node) || !isIncluded(constraint, pod, node)) continue;
    const domain = topology.bySlot[node.slot]!;
    counts[domain] = Math.max(0, counts[domain]!) + (matching?.on(node.slot) ?? 0);
  }
  return { topology, counts };
}

class SpreadFilter implements PodFilter {
  readonly #pod: Pod;
  readonly #constraints: readonly SpreadConstraint[];
  readonly #domains: readonly DomainCounts[];
  /** The smallest count of each constraint; null after a change. */
  #minima: number[] | null = null;

  constructor(pod: Pod, constraints: readonly SpreadConstraint[], domains: readonly DomainCounts[]) {
    this.#pod = pod;
    this.#constraints = constraints;
    this.#domains = domains;
  }

  filter(node: NodeInfo): Rejection | null {
    this.#minima ??= this.#constraints.map((_, i) => this.#minimum(i));
    for (let i = 0; i < this.#constraints.length; i++) {
      const { maxSkew, selector } = this.#constraints[i]!;
      const { topology, counts } = this.#domains[i]!;
      const domain = topology.bySlot[node.slot]!;
      if (domain < 0) return missingLabel;
      const own = selector.matches(this.#pod.metadata.labels) ? 1 : 0;
      const present = Math.max(0, counts[domain]!);
      if (present + own - this.#minima[i]! > maxSkew) return mismatch;
    }
    return null;
  }

  clone(): SpreadFilter {
    const domains = this.#domains.map(({ topology, counts }) => ({ topology, counts: counts.slice() }));
    return new SpreadFilter(this.#pod, this.#constraints, domains);
  }

  addPod(other: Pod, node: NodeInfo): void {
    this.#change(other, node, 1);
  }

  removePod(other: Pod, node: NodeInfo): void {
    this.#change(other, node, -1);
  }

  #change(other: Pod, node: NodeInfo, by: 1 | -1): void {
    if (other.metadata.namespace !== this.#pod.metadata.namespace) return;
    if (!hasTopologies(this.#constraints, node)) return;
    this.#minima = null;
    for (const [i, constraint] of this.#constraints.entries()) {
      if (!constraint.selector.matches(other.metadata.labels)) continue;
      if (!isIncluded(constraint, this.#pod, node)) continue;
      const { topology, counts } = this.#domains[i]!;
      counts[topology.bySlot[node.slot]!]! += by;
    }
  }

  /** 0 while there are fewer domains than the constraint wants. */
  #minimum(at: number): number {
    let least = Infinity;
    let domains = 0;
    for (const count of this.#domains[at]!.counts) {
      if (count < 0) continue;
      domains++;
      if (count < least) least = count;
    }
    return domains < this.#constraints[at]!.minDomains ? 0 : least;
  }
}

const noCounts = new Int32Array(0);

/** One soft constraint, ready to score. */
interface SoftConstraint {
  readonly topology: Topology;
  readonly maxSkew: number;
  readonly weight: number;
  /** Matching pods per node, for the hostname. */
  readonly bySlot: Int32Array;
  /** Matching pods by domain, for all else. */
  readonly sums: Int32Array | null;
}

function scorerFor(pod: Pod, nodes: FeasibleNodes, context: SpreadContext): PodScorer | null {
  const hasOwn = (pod.spec.topologySpreadConstraints?.length ?? 0) > 0;
  const constraints = hasOwn
    ? constraintsOf(pod, 'ScheduleAnyway')
    : defaultConstraints(pod, 'ScheduleAnyway', context);
  if (constraints.length === 0) return null;
  // Nodes may lack a zone and still be spread by hostname, but only under upstream's own defaults.
  const needsAll = hasOwn || context.defaults !== undefined;
  const isIgnored = needsAll ? ignoredNodes(constraints, nodes) : null;
  const soft = constraints
    .map((constraint) =>
      softConstraint(constraint, needsAll ? constraints : [], pod, { nodes, isIgnored }, context),
    )
    .filter(({ topology }) => topology.values.length > 0);
  return {
    score: ({ slot }) => scoreOf(soft, slot),
    scoreAll({ slots, count }, scores) {
      for (let i = 0; i < count; i++) scores[i] = isIgnored?.[i] ? 0 : scoreOf(soft, slots[i]!);
    },
    normalize: (scores, count) => normalize(scores, count, isIgnored),
  };
}

function scoreOf(soft: readonly SoftConstraint[], slot: number): number {
  let score = 0;
  for (let i = 0; i < soft.length; i++) {
    const { topology, maxSkew, weight, bySlot, sums } = soft[i]!;
    const domain = topology.bySlot[slot]!;
    if (domain < 0) continue;
    const count = sums === null ? (bySlot[slot] ?? 0) : sums[domain]!;
    score += count * weight + (maxSkew - 1);
  }
  return Math.round(score);
}

/** By position among the nodes: 1 for those that lack a label of the constraints; null where none does. */
function ignoredNodes(constraints: readonly SpreadConstraint[], nodes: FeasibleNodes): Uint8Array | null {
  let ignored: Uint8Array | null = null;
  for (let i = 0; i < nodes.count; i++)
    if (!hasTopologies(constraints, nodes.node(i))) (ignored ??= new Uint8Array(nodes.count))[i] = 1;
  return ignored;
}

function defaultConstraints(
  pod: Pod,
  action: TopologySpreadConstraint['whenUnsatisfiable'],
  { defaults, selectorOf }: SpreadContext,
): SpreadConstraint[] {
  if (defaults === undefined && action === 'DoNotSchedule') return [];
  const own = defaults?.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === action) ?? null;
  if (own?.length === 0) return [];
  const selector = selectorOf(pod);
  if (selector.empty) return [];
  const constraints = own?.map((constraint) => spreadConstraint(constraint, selector));
  return constraints ?? systemDefaults.map((constraint) => ({ ...constraint, selector }));
}

interface Candidates {
  readonly nodes: FeasibleNodes;
  readonly isIgnored: Uint8Array | null;
}

function softConstraint(
  constraint: SpreadConstraint,
  required: readonly SpreadConstraint[],
  pod: Pod,
  candidates: Candidates,
  context: SpreadContext,
): SoftConstraint {
  const topology = context.topologies.of(constraint.topologyKey);
  const matching = countsOf(constraint.selector, pod, context);
  const bySlot = matching?.bySlot ?? noCounts;
  const { maxSkew } = constraint;
  const size = domainsOf(topology, candidates);
  const weight = naturalLogarithm(size + 2);
  if (topology.key === hostname || topology.values.length === 0)
    return { topology, maxSkew, weight, bySlot, sums: null };
  const sums = sumDomains(constraint, required, pod, topology, matching, context);
  return { topology, maxSkew, weight, bySlot, sums };
}

/** How many domains the candidates fall into; those without the label are one more, as upstream counts them. */
function domainsOf(topology: Topology, { nodes, isIgnored }: Candidates): number {
  const { slots, count } = nodes;
  if (topology.key === hostname) return isIgnored === null ? count : count - isIgnored.filter(Boolean).length;
  const seen = new Uint8Array(topology.values.length + 1);
  let size = 0;
  for (let i = 0; i < count; i++) {
    if (isIgnored?.[i]) continue;
    const domain = topology.bySlot[slots[i]!]! + 1;
    if (seen[domain] === 1) continue;
    seen[domain] = 1;
    size++;
  }
  return size;
}

function sumDomains(
  constraint: SpreadConstraint,
  required: readonly SpreadConstraint[],
  pod: Pod,
  topology: Topology,
  matching: MatchCounts | null,
  { cache, topologies }: SpreadContext,
): Int32Array {
  if (matching === null) return new Int32Array(topology.values.length);
  const isWhole = required.every(({ topologyKey }) => topologies.of(topologyKey).isComplete);
  if (isWhole && includesAll(constraint, pod)) return matching.in(topology);
  const sums = new Int32Array(topology.values.length);
  for (const node of cache.order) {
    const domain = topology.bySlot[node.slot]!;
    if (domain < 0 || !hasTopologies(required, node) || !isIncluded(constraint, pod, node)) continue;
    sums[domain]! += matching.on(node.slot);
  }
  return sums;
}

/** The fewer matching pods the better: the highest count becomes the lowest score. */
function normalize(scores: Int32Array, count: number, isIgnored: Uint8Array | null): void {
  let least = Infinity;
  let most = 0;
  for (let i = 0; i < count; i++) {
    if (isIgnored?.[i]) continue;
    const score = scores[i]!;
    if (score < least) least = score;
    if (score > most) most = score;
  }
  for (let i = 0; i < count; i++) {
    if (isIgnored?.[i]) scores[i] = 0;
    else if (most === 0) scores[i] = nodeScoreMax;
    else scores[i] = Math.floor((nodeScoreMax * (most + least - scores[i]!)) / most);
  }
}
