// Upstream: pkg/scheduler/framework/plugins/noderesources/{fit,least_allocated,most_allocated,requested_to_capacity_ratio}.go
import type { Node, Pod } from '#generated/types/core.v1.ts';
import { type Amounts, amountsOf, podRequests } from '#kubernetes/api/podRequests.ts';
import { reduced } from '../clusterEvents.ts';
import type { Plugin, Rejection } from '../framework.ts';
import type { NodeInfo } from '../nodeInfo.ts';
import { leastAllocated, roomOf, scoreOf, type ScoringStrategy, takenOf } from '../resourceScores.ts';

const name = 'NodeResourcesFit';

/** Rejections by their reasons, so that equal ones are one object. */
const refusals = new Map<string, Rejection>();

function refusalFor(reasons: readonly string[], isResolvable: boolean): Rejection {
  const key = `${isResolvable}|${reasons.join('|')}`;
  let refusal = refusals.get(key);
  if (refusal === undefined) {
    refusal = { plugin: name, reasons, isResolvable };
    refusals.set(key, refusal);
  }
  return refusal;
}

/** Upstream names the plain resources first, then the extended ones. */
const plainOrder = ['cpu', 'memory', 'ephemeral-storage'];

/** Extended resources that do not count. */
type IsIgnored = (resource: string) => boolean;

function wantedResources(requests: Amounts, isIgnored: IsIgnored): [string, number][] {
  const names = Object.keys(requests).filter(
    (resource) => requests[resource]! > 0 && resource !== 'pods' && !isIgnored(resource),
  );
  const extended = names.filter((resource) => !plainOrder.includes(resource)).sort();
  const plain = plainOrder.filter((resource) => names.includes(resource));
  return [...plain, ...extended].map((resource) => [resource, requests[resource]!]);
}

function isTooSmall(wanted: readonly (readonly [string, number])[], node: NodeInfo): boolean {
  if (node.pods.size + 1 > node.podsMax) return true;
  for (const [resource, amount] of wanted)
    if (amount > roomOf(node, resource) - takenOf(node, resource)) return true;
  return false;
}

function explain(wanted: readonly (readonly [string, number])[], node: NodeInfo): Rejection {
  const reasons = node.pods.size + 1 > node.podsMax ? ['Too many pods'] : [];
  let isResolvable = true;
  for (const [resource, amount] of wanted) {
    if (amount <= roomOf(node, resource) - takenOf(node, resource)) continue;
    reasons.push(`Insufficient ${resource}`);
    if (amount > roomOf(node, resource)) isResolvable = false;
  }
  return refusalFor(reasons, isResolvable);
}

/** True when a node as it is registered has room for the pod if it were empty. */
function couldFit(pod: Pod, node: Node, isIgnored: IsIgnored): boolean {
  const room = amountsOf(node.status.allocatable);
  return (
    (room['pods'] ?? 0) > 0 &&
    wantedResources(podRequests(pod.spec).requests, isIgnored).every(
      ([resource, amount]) => amount <= (room[resource] ?? 0),
    )
  );
}

/**
 * Nodes need room for what a pod asks for; the strategy says whether full or empty ones are better. Extended resources
 * that are `ignored`, by their names or by what is before the slash, somebody else looks after.
 */
export function nodeResourcesFit(
  strategy: ScoringStrategy = leastAllocated,
  ignored: { readonly resources: readonly string[]; readonly groups: readonly string[] } = noneIgnored,
): Plugin {
  const isIgnored: IsIgnored = (resource) =>
    resource.includes('/') &&
    (ignored.resources.includes(resource) || ignored.groups.includes(resource.split('/')[0]!));
  return {
    name,
    reads: 'node',
    preFilter({ spec }) {
      const wanted = wantedResources(podRequests(spec).requests, isIgnored);
      return { filter: (node) => (isTooSmall(wanted, node) ? explain(wanted, node) : null) };
    },
    preScore: ({ spec }) => ({ score: (node) => scoreOf(strategy, podRequests(spec), node) }),
    hints: {
      NodeAdd: (pod, _before, now) => couldFit(pod, now as Node, isIgnored),
      NodeAllocatableChange: (pod, before, now) =>
        couldFit(pod, now as Node, isIgnored) && hasMore(pod, before as Node, now as Node, isIgnored),
      AssignedPodDelete: () => true,
      AssignedPodScaleDown(pod, before, now) {
        const { requests } = podRequests(pod.spec);
        return reduced(before as Pod, now as Pod).some((resource) => (requests[resource] ?? 0) > 0);
      },
      PodScaleDown: () => true,
    },
  };
}

const noneIgnored = { resources: [], groups: [] };

function hasMore(pod: Pod, before: Node, now: Node, isIgnored: IsIgnored): boolean {
  const had = amountsOf(before.status.allocatable);
  const has = amountsOf(now.status.allocatable);
  const wanted = wantedResources(podRequests(pod.spec).requests, isIgnored);
  return [['pods'], ...wanted].some(([resource]) => (has[resource] ?? 0) > (had[resource] ?? 0));
}
