// Upstream: pkg/scheduler/framework/plugins/noderesources/{resource_allocation,least_allocated,most_allocated,requested_to_capacity_ratio}.go
import type { PodRequests } from '#kubernetes/api/podRequests.ts';
import { nodeScoreMax } from './framework.ts';
import type { NodeInfo } from './nodeInfo.ts';

/** How much a resource counts in a score. */
export interface ResourceWeight {
  readonly resource: string;
  readonly weight: number;
}

/** A point of the shape that RequestedToCapacityRatio draws: utilization in percent, score from 0 to 10. */
export interface ShapePoint {
  readonly utilization: number;
  readonly score: number;
}

export type ScoringStrategy =
  | { readonly type: 'LeastAllocated' | 'MostAllocated'; readonly resources: readonly ResourceWeight[] }
  | {
      readonly type: 'RequestedToCapacityRatio';
      readonly resources: readonly ResourceWeight[];
      readonly shape: readonly ShapePoint[];
    };

/** Upstream: pkg/scheduler/apis/config/v1/defaults.go, cpu and memory alike. */
export const defaultResources: readonly ResourceWeight[] = [
  { resource: 'cpu', weight: 1 },
  { resource: 'memory', weight: 1 },
];

export const leastAllocated: ScoringStrategy = { type: 'LeastAllocated', resources: defaultResources };

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

/** The highest score of a shape's point, which becomes 100. Upstream: MaxCustomPriorityScore */
const shapeScoreMax = 10;

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

function scoreResource(strategy: ScoringStrategy, asked: number, room: number): number {
  switch (strategy.type) {
    case 'LeastAllocated':
      return asked > room ? 0 : Math.floor(((room - asked) * nodeScoreMax) / room);
    case 'MostAllocated':
      return Math.floor((Math.min(asked, room) * nodeScoreMax) / room);
    case 'RequestedToCapacityRatio':
      return shapeScore(strategy.shape, asked > room ? 100 : Math.floor((asked * 100) / room));
  }
}

/** The line through the shape's points, scaled to 100. */
function shapeScore(shape: readonly ShapePoint[], utilization: number): number {
  const scale = nodeScoreMax / shapeScoreMax;
  const at = shape.findIndex((point) => utilization <= point.utilization);
  if (at < 0) return shape.at(-1)!.score * scale;
  const right = shape[at]!;
  const left = shape[at - 1];
  if (left === undefined) return right.score * scale;
  const rise = (right.score - left.score) * scale * (utilization - left.utilization);
  return left.score * scale + Math.trunc(rise / (right.utilization - left.utilization));
}

/** The score of a node for a pod, from 0 to 100. */
export function scoreOf(strategy: ScoringStrategy, pod: PodRequests, node: NodeInfo): number {
  let score = 0;
  let weights = 0;
  for (const { resource, weight } of strategy.resources) {
    const used = usage(resource, pod, node);
    if (used === null || used[1] === 0) continue;
    const own = scoreResource(strategy, used[0], used[1]);
    if (strategy.type === 'RequestedToCapacityRatio' && own === 0) continue;
    score += own * weight;
    weights += weight;
  }
  if (weights === 0) return 0;
  return strategy.type === 'RequestedToCapacityRatio'
    ? Math.round(score / weights)
    : Math.floor(score / weights);
}
