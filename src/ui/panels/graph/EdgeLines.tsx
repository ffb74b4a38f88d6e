import { BaseEdge, getBezierPath, type EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { formatRate, formatShare } from '#ui/parts/format.ts';
import { useRow } from '#ui/store/context.ts';
import type { RelationFlow, TrafficFlow } from './flowTypes.ts';
import { Flow } from './WorkloadCard.tsx';

/** Who owns what. */
export const RelationLine = memo(function RelationLine(props: EdgeProps<RelationFlow>) {
  const { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition } = props;
  const [path] = getBezierPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition });
  return <BaseEdge path={path} style={{ stroke: 'var(--line-strong)', strokeWidth: 1.5 }} />;
});

/** Traffic between two boxes, with its rate and its errors in words. */
export const TrafficLine = memo(function TrafficLine(props: EdgeProps<TrafficFlow>) {
  const { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, data } = props;
  const row = useRow(data?.edgeId ?? null);
  const edge = row?.type === 'edge' ? row : null;
  const [path, labelX, labelY] = getBezierPath({
    sourceX,
    sourceY,
    targetX,
    targetY,
    sourcePosition,
    targetPosition,
  });
  return (
    <g>
      <Flow path={path} milliRequests={edge?.milliRequests ?? 0} milliErrors={edge?.milliErrors ?? 0} />
      {edge !== null && edge.milliRequests > 0 && (
        <text x={labelX} y={labelY - 8} textAnchor="middle" className="flow-label">
          {formatRate(edge.milliRequests)}/s
          {edge.milliErrors > 0 && (
            <tspan className="fill-failing"> · {formatShare(edge.milliErrors / 1000)} err</tspan>
          )}
        </text>
      )}
    </g>
  );
});
