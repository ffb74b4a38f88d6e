// Upstream: pkg/scheduler/framework/plugins/noderesources/{most_allocated,requested_to_capacity_ratio}.go
import { nodeScoreMax } from './framework.ts';
import { leastAllocated, type ResourceWeight, type ScoringStrategy } from './resourceScores.ts';

/** A point of the shape that RequestedToCapacityRatio draws: utilization in percent, score from 0 to 10. */
export interface ShapePoint {
  readonly utilization: number;
  readonly score: number;
}

/** The highest score of a shape's point, which becomes 100. Upstream: MaxCustomPriorityScore */
const shapeScoreMax = 10;

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

/** The strategy of that name; `shape` is that of RequestedToCapacityRatio. */
export function scoringStrategy(
  type: string,
  resources: readonly ResourceWeight[],
  shape: readonly ShapePoint[] = [],
): ScoringStrategy {
  switch (type) {
    case 'MostAllocated':
      return {
        resources,
        score: (asked, room) => Math.floor((Math.min(asked, room) * nodeScoreMax) / room),
      };
    case 'RequestedToCapacityRatio':
      return {
        resources,
        score: (asked, room) => shapeScore(shape, asked > room ? 100 : Math.floor((asked * 100) / room)),
        skipsZero: true,
      };
    default:
      return { ...leastAllocated, resources };
  }
}
