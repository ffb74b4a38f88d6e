import type { NodeProps } from '@xyflow/react';
import { memo } from 'react';
import type { TrayFlow } from './flowTypes.ts';
import { PodChips } from './PodChip.tsx';

/** Pods that no node has yet. It keeps its place when it is empty, so that nothing jumps when it is not. */
export const Tray = memo(function Tray({ data }: NodeProps<TrayFlow>) {
  const { box, hidden } = data;
  const count = box.pods.length + hidden;
  return (
    <div className="graph-box graph-band graph-tray" style={{ width: box.width, height: box.height }}>
      <span className="flex h-[36px] items-center gap-2 overflow-hidden px-3 whitespace-nowrap">
        <span className="font-semibold">Unscheduled</span>
        <span className="num truncate text-dim">{count === 0 ? 'no pod waits for a node' : count}</span>
        {hidden > 0 && <span className="ml-auto text-dim">{hidden} more</span>}
      </span>
      <PodChips box={box} />
    </div>
  );
});
