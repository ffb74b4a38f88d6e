// Upstream: pkg/scheduler/framework/plugins/noderesources/{resource_allocation,least_allocated}.go
import type { PodRequests } from '#kubernetes/api/podRequests.ts';
import { nodeScoreMax } from './framework.ts';
import type { NodeInfo } from './nodeInfo.ts';

/** How much a resource counts in a score. */
export interface ResourceWeight {
  readonly resource: string;
  readonly weight: number;
}

/** How a node is scored by how much of it is asked for. */
export interface ScoringStrategy {
  readonly resources: readonly ResourceWeight[];
  /** From 0 to 100, of a resource of which `room` is more than 0. */
  score(asked: number, room: number): number;
  /** Whether resources that score 0 do not count, and the mean is rounded to the nearest. */
  readonly skipsZero?: boolean;
}

/** Upstream: pkg/scheduler/apis/config/v1/defaults.go, cpu and memory alike. */
export const defaultResources: readonly ResourceWeight[] = [
  { resource: 'cpu', weight: 1 },
  { resource: 'memory', weight: 1 },
];

/** The emptier the better. */
export const leastAllocated: ScoringStrategy = {
  resources: defaultResources,
  score: (asked, room) => (asked > room ? 0 : Math.floor(((room - asked) * nodeScoreMax) / room)),
};

/** What a node has for pods of a resource. */
export function roomOf(node: NodeInfo, resource: string): number {
  if (resource === 'cpu') return node.cpu;
  if (resource === 'memory') return node.memory;
  return resource === 'ephemeral-storage' ? node.storage : (node.extended[resource] ?? 0);
}

/** What the pods on a node ask for of a resource. */
export function takenOf(node: NodeInfo, resource: string): number {
  if (resource === 'cpu') return node.requestedCpu;
  if (resource === 'memory') return node.requestedMemory;
  return resource === 'ephemeral-storage'
    ? node.requestedStorage
    : (node.requestedExtended.get(resource) ?? 0);
}

/** What the node could give and what would be asked of it with the pod; null where the resource does not count. */
function usage(
  resource: string,
  { requests, nonZeroCpu, nonZeroMemory }: PodRequests,
  node: NodeInfo,
): readonly [asked: number, room: number] | null {
  if (resource === 'cpu') return [node.nonZeroCpu + nonZeroCpu, node.cpu];
  if (resource === 'memory') return [node.nonZeroMemory + nonZeroMemory, node.memory];
  const own = requests[resource] ?? 0;
  if (resource === 'ephemeral-storage') return [node.requestedStorage + own, node.storage];
  if (own === 0) return null;
  return [(node.requestedExtended.get(resource) ?? 0) + own, node.extended[resource] ?? 0];
}

/** The score of a node for a pod, from 0 to 100. */
export function scoreOf(strategy: ScoringStrategy, pod: PodRequests, node: NodeInfo): number {
  let score = 0;
  let weights = 0;
  for (const { resource, weight } of strategy.resources) {
    const used = usage(resource, pod, node);
    if (used === null || used[1] === 0) continue;
    const own = strategy.score(used[0], used[1]);
    if (strategy.skipsZero && own === 0) continue;
    score += own * weight;
    weights += weight;
  }
  if (weights === 0) return 0;
  return strategy.skipsZero ? Math.round(score / weights) : Math.floor(score / weights);
}
