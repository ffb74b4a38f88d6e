import type { NodeProps } from '@xyflow/react';
import { memo, useEffect } from 'react';
import type { Amounts, NodeRow } from '#protocol/rows.ts';
import { formatBytes, formatCpu } from '#ui/parts/format.ts';
import { HealthMark } from '#ui/parts/HealthMark.tsx';
import { KindIcon } from '#ui/parts/KindIcon.tsx';
import { usePage, useRow, useView } from '#ui/store/context.ts';
import { inspect } from '#ui/store/view.ts';
import { useBand } from './band.ts';
import type { NodeFlow } from './flowTypes.ts';
import { rememberPlace } from './flight.ts';
import { nodeFooterHeight } from './layoutNodes.ts';
import { PodChips } from './PodChip.tsx';

/** A machine of the cluster, with the pods that run on it. */
export const ClusterNode = memo(function ClusterNode({ data }: NodeProps<NodeFlow>) {
  const { box } = data;
  const row = useRow(box.id);
  const { view } = usePage();
  const selected = useView((state) => state.selected === box.id);
  const band = useBand();
  useEffect(() => rememberPlace(box.id, box.x, box.y), [box.id, box.x, box.y]);
  if (row?.type !== 'node') return null;
  return (
    <div
      className="graph-box"
      data-health={row.health}
      data-selected={selected || undefined}
      data-lit-name={`kubelet@${row.id}`}
      style={{ width: box.width, height: box.height }}
    >
      <button
        type="button"
        data-graph-item={box.id}
        tabIndex={-1}
        aria-label={`Node ${row.name}, ${row.status}, ${box.pods.length + box.systemPods.length} pods`}
        onClick={() => inspect(view, box.id)}
        className="nodrag flex w-full flex-col gap-1 px-3 pt-2 text-left"
      >
        <NodeTitle row={row} far={band === 'far'} />
        {band === 'far' ? (
          <FarBars row={row} />
        ) : (
          <>
            <span className="flex h-[24px] items-center gap-2 overflow-hidden text-[0.93em] whitespace-nowrap text-dim">
              <span className="flex shrink-0 items-center gap-1.5 text-(--c)">
                <HealthMark health={row.health} className="size-[0.9em]" />
                <span>{row.status}</span>
              </span>
              {row.roles.includes('control-plane') && row.taints.length === 0 && (
                <span className="truncate">control plane</span>
              )}
              {row.zone !== '' && row.taints.length === 0 && <span className="truncate">{row.zone}</span>}
              {row.taints.length > 0 && (
                <span title={`Taints ${row.taints.join(', ')}`} className="taint truncate">
                  {row.taints.map((taint) => taint.slice(taint.indexOf('/') + 1)).join(', ')}
                </span>
              )}
            </span>
            <Bar label="CPU" amounts={row.cpu} format={formatCpu} />
            <Bar label="Mem" amounts={row.memory} format={formatBytes} />
          </>
        )}
      </button>
      <PodChips box={box} />
      {box.systemPods.length > 0 && (
        <div
          className="absolute inset-x-0 bottom-0 flex items-center gap-1.5 border-t border-line px-3"
          style={{ height: nodeFooterHeight - 4 }}
        >
          {band !== 'far' && <span className="mr-1 text-[0.93em] text-dim">system</span>}
          {box.systemPods.map((id) => (
            <SystemPod key={id} id={id} />
          ))}
        </div>
      )}
    </div>
  );
});

function NodeTitle({ row, far }: { readonly row: NodeRow; readonly far: boolean }) {
  return (
    <span
      className={`flex items-center gap-2 overflow-hidden whitespace-nowrap ${far ? 'h-[58px]' : 'h-[30px]'}`}
    >
      <KindIcon kind="Node" className="size-[1.2em] text-dim" />
      <span className="truncate font-semibold">{row.name}</span>
      {far && (
        <span className="ml-auto flex shrink-0 text-(--c)">
          <HealthMark health={row.health} className="size-[0.95em]" />
        </span>
      )}
    </span>
  );
}

const share = (part: number, whole: number): string =>
  `${whole <= 0 ? 0 : Math.min(100, (part / whole) * 100).toFixed(1)}%`;

/** Requests as a pale bar, use as a solid one over it, both against what the node can give. */
function Bar(props: {
  readonly label: string;
  readonly amounts: Amounts;
  readonly format: (value: number) => string;
}) {
  const { label, amounts, format } = props;
  const { allocatable, requested, used } = amounts;
  return (
    <span
      className="flex h-[22px] items-center gap-2"
      title={`${label}: ${format(used)} used, ${format(requested)} requested, ${format(allocatable)} allocatable`}
    >
      <span className="w-[2.4em] shrink-0 text-[0.93em] text-dim">{label}</span>
      <span className="bar">
        <i className="bar-requested" style={{ width: share(requested, allocatable) }} />
        <i
          className="bar-used"
          style={{ width: share(used, allocatable) }}
          data-hot={used > allocatable * 0.9}
        />
      </span>
      <span className="num shrink-0 text-[0.93em] text-dim">
        {format(requested)}/{format(allocatable)}
      </span>
    </span>
  );
}

function FarBars({ row }: { readonly row: NodeRow }) {
  return (
    <span className="flex flex-col gap-1.5">
      {[row.cpu, row.memory].map((amounts, index) => (
        <span key={index === 0 ? 'cpu' : 'memory'} className="bar h-[14px]!">
          <i className="bar-requested" style={{ width: share(amounts.requested, amounts.allocatable) }} />
          <i className="bar-used" style={{ width: share(amounts.used, amounts.allocatable) }} />
        </span>
      ))}
    </span>
  );
}

/** A pod of kube-system: part of the picture, but not in its way. */
function SystemPod({ id }: { readonly id: string }) {
  const row = useRow(id);
  const { view } = usePage();
  const selected = useView((state) => state.selected === id);
  if (row?.type !== 'pod') return null;
  return (
    <button
      type="button"
      data-graph-item={id}
      data-selected={selected || undefined}
      tabIndex={-1}
      aria-label={`System pod ${row.name}, ${row.status}`}
      title={`${row.name}: ${row.status}`}
      onClick={() => inspect(view, id)}
      className="nodrag system-pod"
    >
      <HealthMark health={row.health} className="size-[13px]" />
    </button>
  );
}
