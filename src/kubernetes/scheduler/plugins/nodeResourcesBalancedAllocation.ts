// Upstream: pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go
import { podRequests } from '#kubernetes/api/podRequests.ts';
import { nodeScoreMax, type Plugin } from '../framework.ts';
import type { NodeInfo } from '../nodeInfo.ts';
import { defaultResources, type ResourceWeight, roomOf, takenOf } from '../resourceScores.ts';

type Asked = readonly (readonly [resource: string, amount: number])[];

/** How much of a resource is used, with a pod or (0) without it; null where the node has none. */
function fractionOf(node: NodeInfo, resource: string, amount: number): number | null {
  const room = roomOf(node, resource);
  return room === 0 ? null : Math.min(1, (takenOf(node, resource) + amount) / room);
}

/** How evenly resources are used, from 0 to 100: by the spread of their fractions. */
function balanceOf(node: NodeInfo, asked: Asked, withPod: 0 | 1): number {
  if (asked.length === 2) {
    const first = fractionOf(node, asked[0]![0], withPod * asked[0]![1]);
    const second = fractionOf(node, asked[1]![0], withPod * asked[1]![1]);
    if (first === null || second === null) return nodeScoreMax;
    return Math.trunc((1 - Math.abs((first - second) / 2)) * nodeScoreMax);
  }
  const fractions = asked
    .map(([resource, amount]) => fractionOf(node, resource, withPod * amount))
    .filter((fraction) => fraction !== null);
  if (fractions.length < 2) return nodeScoreMax;
  const mean = fractions.reduce((sum, fraction) => sum + fraction, 0) / fractions.length;
  const squares = fractions.reduce((sum, fraction) => sum + (fraction - mean) * (fraction - mean), 0);
  const [one, other] = fractions as [number, number];
  const spread = fractions.length === 2 ? Math.abs((one - other) / 2) : Math.sqrt(squares / fractions.length);
  return Math.trunc((1 - spread) * nodeScoreMax);
}

const half = nodeScoreMax / 2;

/**
 * Nodes that the pod leaves more evenly used than they were are better: 75 where it changes nothing. A pod
 * that asks for none of the resources does not tip the balance.
 */
export function nodeResourcesBalancedAllocation(
  resources: readonly ResourceWeight[] = defaultResources,
): Plugin {
  return {
    name: 'NodeResourcesBalancedAllocation',
    reads: 'node',
    preScore({ spec }) {
      const { requests } = podRequests(spec);
      // Extended resources that the pod does not ask for are none of its business.
      const asked = resources
        .map(({ resource }) => [resource, requests[resource] ?? 0] as const)
        .filter(([resource, amount]) => amount > 0 || !resource.includes('/'));
      if (asked.every(([, amount]) => amount === 0)) return null;
      return {
        score: (node) =>
          half + Math.trunc((half + balanceOf(node, asked, 1) - balanceOf(node, asked, 0)) / 2),
      };
    },
  };
}
