// Upstream: pkg/scheduler/framework/plugins/noderesources/{fit,least_allocated,most_allocated,requested_to_capacity_ratio}.go
import type { Node, Pod } from '#generated/types/core.v1.ts';
import { type Amounts, amountsOf, podRequests } from '#kubernetes/api/podRequests.ts';
import type { Plugin, Rejection } from '../framework.ts';
import type { NodeInfo } from '../nodeInfo.ts';
import { scoreOf, type ScoringStrategy, leastAllocated } from '../resourceScores.ts';

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

function allocatable(node: NodeInfo, resource: string): number {
  if (resource === 'cpu') return node.cpu;
  if (resource === 'memory') return node.memory;
  return resource === 'ephemeral-storage' ? node.storage : (node.extended[resource] ?? 0);
}

function requested(node: NodeInfo, resource: string): number {
  if (resource === 'cpu') return node.requestedCpu;
  if (resource === 'memory') return node.requestedMemory;
  return resource === 'ephemeral-storage'
    ? node.requestedStorage
    : (node.requestedExtended.get(resource) ?? 0);
}

/** Upstream names the plain resources first, then the extended ones. */
const plainOrder = ['cpu', 'memory', 'ephemeral-storage'];

function wantedResources(requests: Amounts): [string, number][] {
  const names = Object.keys(requests).filter((resource) => requests[resource]! > 0 && resource !== 'pods');
  const extended = names.filter((resource) => !plainOrder.includes(resource)).sort();
  const plain = plainOrder.filter((resource) => names.includes(resource));
  return [...plain, ...extended].map((resource) => [resource, requests[resource]!]);
}

function isTooSmall(wanted: readonly (readonly [string, number])[], node: NodeInfo): boolean {
  if (node.pods.size + 1 > node.podsMax) return true;
  for (const [resource, amount] of wanted)
    if (amount > allocatable(node, resource) - requested(node, resource)) return true;
  return false;
}

function explain(wanted: readonly (readonly [string, number])[], node: NodeInfo): Rejection {
  const reasons = node.pods.size + 1 > node.podsMax ? ['Too many pods'] : [];
  let isResolvable = true;
  for (const [resource, amount] of wanted) {
    if (amount <= allocatable(node, resource) - requested(node, resource)) continue;
    reasons.push(`Insufficient ${resource}`);
    if (amount > allocatable(node, resource)) isResolvable = false;
  }
  return refusalFor(reasons, isResolvable);
}

/** True when a node as it is registered has room for the pod if it were empty. */
function couldFit(pod: Pod, node: Node): boolean {
  const room = amountsOf(node.status.allocatable);
  return (
    (room['pods'] ?? 0) > 0 &&
    wantedResources(podRequests(pod.spec).requests).every(
      ([resource, amount]) => amount <= (room[resource] ?? 0),
    )
  );
}

/** Nodes need room for what a pod asks for; the strategy says whether full or empty ones are better. */
export function nodeResourcesFit(strategy: ScoringStrategy = leastAllocated): Plugin {
  return {
    name,
    reads: 'node',
    preFilter({ spec }) {
      const wanted = wantedResources(podRequests(spec).requests);
      return { filter: (node) => (isTooSmall(wanted, node) ? explain(wanted, node) : null) };
    },
    preScore: ({ spec }) => ({ score: (node) => scoreOf(strategy, podRequests(spec), node) }),
    hints: {
      NodeAdd: (pod, _before, now) => couldFit(pod, now as Node),
      NodeAllocatableChange: (pod, before, now) =>
        couldFit(pod, now as Node) && hasMore(pod, before as Node, now as Node),
      AssignedPodDelete: () => true,
    },
  };
}

function hasMore(pod: Pod, before: Node, now: Node): boolean {
  const had = amountsOf(before.status.allocatable);
  const has = amountsOf(now.status.allocatable);
  const wanted = wantedResources(podRequests(pod.spec).requests);
  return [['pods'], ...wanted].some(([resource]) => (has[resource] ?? 0) > (had[resource] ?? 0));
}
