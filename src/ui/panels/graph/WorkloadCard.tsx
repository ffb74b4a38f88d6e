import { Handle, Position, type NodeProps } from '@xyflow/react';
import { memo, useEffect } from 'react';
import type { Row } from '#protocol/rows.ts';
import { HealthMark } from '#ui/parts/HealthMark.tsx';
import { KindIcon } from '#ui/parts/KindIcon.tsx';
import { usePage, useRow, useView } from '#ui/store/context.ts';
import { inspect } from '#ui/store/view.ts';
import { useBand } from './band.ts';
import type { CardFlow, EndpointsFlow, GroupFlow } from './flowTypes.ts';
import { rememberPlace } from './flight.ts';
import { fanWidth } from './layoutNetwork.ts';
import { boxPadding, chipHeight } from './layoutNodes.ts';
import { attachmentHeight } from './layoutWorkloads.ts';
import { PodChips } from './PodChip.tsx';
import { errorColour, flowWidth } from './traffic.ts';

/** Lines join a box at its sides; nobody drags them. */
function Ends() {
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} className="invisible" />
      <Handle type="source" position={Position.Right} isConnectable={false} className="invisible" />
    </>
  );
}

function healthOf(row: Row): 'unknown' | Exclude<Row, { type: 'edge' | 'component' }>['health'] {
  return row.type === 'node' || row.type === 'pod' || row.type === 'workload' ? row.health : 'unknown';
}

/** A Deployment, an autoscaler, a Service …: what it is and how it is, in two lines. */
export const WorkloadCard = memo(function WorkloadCard({ data }: NodeProps<CardFlow>) {
  const { box } = data;
  const row = useRow(box.id);
  const { view } = usePage();
  const selected = useView((state) => state.selected === box.id);
  useEffect(() => rememberPlace(box.id, box.x + box.width / 2, box.y), [box]);
  if (row === undefined || row.type === 'edge' || row.type === 'component') return null;
  const kind = row.type === 'workload' ? row.kind : 'Pod';
  const status = row.status;
  const slim = box.height <= attachmentHeight;
  return (
    <div
      className="graph-box"
      data-health={healthOf(row)}
      data-selected={selected || undefined}
      style={{ width: box.width, height: box.height }}
    >
      <button
        type="button"
        data-graph-item={box.id}
        tabIndex={-1}
        aria-label={`${kind} ${row.name}, ${status}`}
        title={`${kind} ${row.name}: ${status}`}
        onClick={() => inspect(view, box.id)}
        className={`nodrag flex size-full justify-center gap-x-2 gap-y-0.5 px-3 text-left ${slim ? 'items-center' : 'flex-col'}`}
      >
        <span className="flex min-w-0 items-center gap-2">
          <KindIcon kind={kind} className="size-[1.2em] text-dim" />
          <span className={`truncate ${slim ? '' : 'font-semibold'}`}>{row.name}</span>
        </span>
        <span
          className={`flex items-center gap-1.5 overflow-hidden whitespace-nowrap ${slim ? 'ml-auto max-w-[55%] shrink-0' : ''}`}
        >
          <HealthMark health={row.health} className="size-[0.9em]" />
          <span className="truncate text-dim">{status === '' ? kind : status}</span>
        </span>
      </button>
      <Ends />
    </div>
  );
});

/** An owner with the pods that it owns. */
export const PodGroupBox = memo(function PodGroupBox({ data }: NodeProps<GroupFlow>) {
  const { box } = data;
  const row = useRow(box.id);
  const { view } = usePage();
  const band = useBand();
  const selected = useView((state) => state.selected === box.id);
  useEffect(() => rememberPlace(box.id, box.x + boxPadding, box.y), [box]);
  const workload = row?.type === 'workload' ? row : null;
  return (
    <div
      className="graph-box"
      data-health={workload?.health ?? 'unknown'}
      data-selected={selected || undefined}
      style={{ width: box.width, height: box.height }}
    >
      {workload === null ? (
        <span className="flex h-[38px] items-center gap-2 px-3 font-semibold">
          <KindIcon kind="Pod" className="size-[1.2em] text-dim" /> Pods without an owner
        </span>
      ) : (
        <button
          type="button"
          data-graph-item={box.id}
          tabIndex={-1}
          aria-label={`${workload.kind} ${workload.name}, ${workload.status}`}
          onClick={() => inspect(view, box.id)}
          className="nodrag flex h-[38px] w-full items-center gap-2 overflow-hidden px-3 text-left whitespace-nowrap"
        >
          <KindIcon kind={workload.kind} className="size-[1.2em] text-dim" />
          <span className="truncate font-semibold">{workload.name}</span>
          {workload.revision > 0 && band !== 'far' && (
            <span className="shrink-0 text-[0.93em] text-dim">rev {workload.revision}</span>
          )}
          <span className="ml-auto flex shrink-0 items-center gap-1.5">
            <HealthMark health={workload.health} className="size-[0.9em]" />
            {band !== 'far' && <span className="text-dim">{workload.status}</span>}
          </span>
        </button>
      )}
      <PodChips box={box} />
      <Ends />
    </div>
  );
});

/** The pods that answer for a Service, each at the end of its own strand of the flow. */
export const Endpoints = memo(function Endpoints({ data }: NodeProps<EndpointsFlow>) {
  const { box } = data;
  const middle = box.height / 2;
  return (
    <div className="relative" style={{ width: box.width, height: box.height }}>
      <svg
        className="absolute inset-0 overflow-visible"
        width={fanWidth + boxPadding}
        height={box.height}
        aria-hidden="true"
      >
        {box.pods.map((pod, index) => (
          <Strand key={pod.id} edgeId={box.edges[index] ?? ''} fromY={middle} toY={pod.y + chipHeight / 2} />
        ))}
      </svg>
      {box.pods.length === 0 && (
        <span className="absolute inset-x-0 top-1/2 -translate-y-1/2 pl-3 text-failing">
          No ready pod answers for it
        </span>
      )}
      <PodChips box={box} />
    </div>
  );
});

function Strand(props: { readonly edgeId: string; readonly fromY: number; readonly toY: number }) {
  const { edgeId, fromY, toY } = props;
  const row = useRow(edgeId);
  const edge = row?.type === 'edge' ? row : null;
  const end = fanWidth + boxPadding;
  const path = `M0 ${fromY}C${end * 0.55} ${fromY} ${end * 0.45} ${toY} ${end} ${toY}`;
  return <Flow path={path} milliRequests={edge?.milliRequests ?? 0} milliErrors={edge?.milliErrors ?? 0} />;
}

/** A stroke as wide as its rate, in the colour of its error share, with samples moving along it. */
export function Flow(props: {
  readonly path: string;
  readonly milliRequests: number;
  readonly milliErrors: number;
}) {
  const { path, milliRequests, milliErrors } = props;
  const width = flowWidth(milliRequests);
  const colour = errorColour(milliRequests, milliErrors);
  return (
    <>
      <path
        d={path}
        fill="none"
        stroke={colour}
        strokeWidth={width}
        strokeOpacity={milliRequests > 0 ? 0.45 : 0.7}
      />
      {milliRequests > 0 && (
        <path
          d={path}
          fill="none"
          stroke={colour}
          strokeWidth={Math.min(5, width)}
          className="flow-samples"
        />
      )}
    </>
  );
}
