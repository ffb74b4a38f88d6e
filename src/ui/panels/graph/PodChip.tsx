import { memo, useEffect, useRef } from 'react';
import type { PodRow } from '#protocol/rows.ts';
import { HealthMark } from '#ui/parts/HealthMark.tsx';
import { useRow, useView, usePage } from '#ui/store/context.ts';
import { inspect } from '#ui/store/view.ts';
import { flight } from './flight.ts';
import { type Box, chipHeight } from './layoutNodes.ts';
import { useBand } from './band.ts';

interface Props {
  readonly id: string;
  /** Within its box. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Where the box is in the graph, so that a pod that changes boxes flies from the one to the other. */
  readonly boxX: number;
  readonly boxY: number;
}

/** A pod. Near it shows its containers, at middle distance its name and status, far away only its colour. */
const PodChip = memo(function PodChip({ id, x, y, width, boxX, boxY }: Props) {
  const row = useRow(id);
  const { view } = usePage();
  const band = useBand();
  const selected = useView((state) => state.selected === id);
  const element = useRef<HTMLButtonElement>(null);
  const owner = row?.type === 'pod' ? row.owner : null;
  useEffect(() => {
    if (element.current !== null) flight(element.current, id, owner, boxX + x, boxY + y);
  }, [id, owner, boxX, boxY, x, y]);
  if (row?.type !== 'pod') return null;
  return (
    <button
      ref={element}
      type="button"
      data-graph-item={id}
      data-health={row.health}
      data-selected={selected || undefined}
      tabIndex={-1}
      aria-label={podLabel(row)}
      title={podLabel(row)}
      onClick={() => inspect(view, id)}
      className="chip nodrag"
      style={{ left: x, top: y, width, height: chipHeight }}
    >
      {band !== 'far' && <HealthMark health={row.health} className="size-[1.05em]" />}
      {band === 'middle' && <PodName name={row.name} short={row.health !== 'running'} />}
      {band === 'middle' && row.health !== 'running' && <span className="chip-status">{row.status}</span>}
      {band === 'near' && <PodDetail row={row} />}
    </button>
  );
});

/** The pods of a box, where its layout has put them. */
export function PodChips({ box }: { readonly box: Box }) {
  return box.pods.map((pod) => (
    <PodChip key={pod.id} id={pod.id} x={pod.x} y={pod.y} width={box.podWidth} boxX={box.x} boxY={box.y} />
  ));
}

function podLabel(row: PodRow): string {
  return `Pod ${row.name}, ${row.status}${row.ready || row.health !== 'running' ? '' : ', not ready'}${row.restarts > 0 ? `, ${row.restarts} restarts` : ''}`;
}

/** What tells two pods apart stands at the end of their names, so the middle gives way. */
function PodName({ name, short = false }: { readonly name: string; readonly short?: boolean }) {
  const cut = Math.max(name.lastIndexOf('-'), 0);
  return (
    <span className={`flex min-w-0 ${short ? 'max-w-[58%] shrink-0' : 'flex-1'}`}>
      <span className="truncate">{name.slice(0, cut)}</span>
      <span className="shrink-0 font-medium">{name.slice(cut)}</span>
    </span>
  );
}

function PodDetail({ row }: { readonly row: PodRow }) {
  return (
    <span className="flex min-w-0 flex-1 flex-col justify-center leading-[1.15]">
      <PodName name={row.name} />
      <span className="flex items-center gap-1.5 text-[0.82em]">
        <span className="truncate text-(--c)">{row.status}</span>
        <span className="ml-auto flex shrink-0 items-center gap-0.5" aria-hidden="true">
          {row.containers.map((container) => (
            <i
              key={container.name}
              className="container-dot"
              data-state={container.state}
              data-ready={container.ready}
            />
          ))}
        </span>
        {row.restarts > 0 && <span className="shrink-0 text-pending">↻{row.restarts}</span>}
      </span>
    </span>
  );
}
