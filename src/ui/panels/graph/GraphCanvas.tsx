import { ReactFlow, ReactFlowProvider, useReactFlow, useStore, type NodeTypes } from '@xyflow/react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useStructure, useView } from '#ui/store/context.ts';
import { BandContext, useViewportBand } from './band.ts';
import { ClusterNode } from './ClusterNode.tsx';
import { ControlPlane } from './ControlPlane.tsx';
import { RelationLine, TrafficLine } from './EdgeLines.tsx';
import { FarCanvas } from './FarCanvas.tsx';
import { Layouts, placeOf, within } from './flows.ts';
import type { AnyEdge, AnyFlow } from './flowTypes.ts';
import { moveFocus } from './moveFocus.ts';
import { buildModel } from './model.ts';
import { textScale } from './zoom.ts';
import { Tray } from './Tray.tsx';
import { Endpoints, PodGroupBox, WorkloadCard } from './WorkloadCard.tsx';
import { ZoomButtons } from './ZoomButtons.tsx';

const nodeTypes: NodeTypes = {
  node: ClusterNode,
  controlPlane: ControlPlane,
  tray: Tray,
  card: WorkloadCard,
  podGroup: PodGroupBox,
  endpoints: Endpoints,
};
const edgeTypes = { relation: RelationLine, traffic: TrafficLine };

/** More boxes than this in sight are drawn as cells on one canvas. */
const boxesMax = 90;
const noNodes: AnyFlow[] = [];
const noEdges: AnyEdge[] = [];
const fitPadding = 0.05;
const fitZoomMax = 1.15;
/** A graph lower than its panel stands near the top, in px. */
const topMargin = 36;
/** Below this names cannot be read. */
const readableZoom = 0.62;

type BoxView = 'nodes' | 'workloads' | 'network';

export function GraphCanvas({ view }: { readonly view: BoxView }) {
  return (
    <ReactFlowProvider key={view}>
      <Canvas view={view} />
    </ReactFlowProvider>
  );
}

/** Shapes of a panel differ when one is this much wider than the other, for its height. */
const shapeStep = 1.5;

function shapeOf(aspect: number): number {
  return Math.round(Math.log(aspect) / Math.log(shapeStep));
}

/** Laid out again when the structure changes, and only then. */
function useFlows(view: BoxView) {
  const structure = useStructure();
  const showSystem = useView((state) => state.showSystem);
  const [layouts] = useState(() => new Layouts());
  const shape = useStore((state) => (state.height > 0 ? shapeOf(state.width / state.height) : 0));
  return useMemo(() => {
    const model = buildModel(structure.values(), { showSystem });
    return layouts.lay(view, model, shapeStep ** shape);
  }, [structure, showSystem, view, shape, layouts]);
}

function Canvas({ view }: { readonly view: BoxView }) {
  const flows = useFlows(view);
  const band = useViewportBand();
  const scale = useTextScale();
  const inSight = useInSight(flows.nodes);
  const asCells = inSight.length > boxesMax;
  const element = useRef<HTMLDivElement>(null);
  const moved = useRef(false);
  useFitting(flows.nodes, moved);
  useEffect(() => keepOneTabStop(element.current));

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrow keys move between its buttons
    <div
      ref={element}
      id="graph"
      role="group"
      aria-label="Graph of the cluster. Arrow keys move from one thing to the next."
      data-band={band}
      className="graph absolute inset-0"
      style={{ '--u': scale } as React.CSSProperties}
      onKeyDown={(event) => moveFocus(event)}
      onFocus={(event) => makeTabStop(element.current, event.target)}
    >
      <BandContext value={band}>
        <ReactFlow
          nodes={asCells ? noNodes : inSight}
          edges={asCells ? noEdges : flows.edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          minZoom={0.01}
          maxZoom={2.4}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          disableKeyboardA11y
          zoomOnDoubleClick={false}
          onMove={(event) => {
            // A move without an event is our own.
            if (event !== null) moved.current = true;
          }}
          proOptions={{ hideAttribution: true }}
        >
          {asCells && <FarCanvas flows={flows.nodes} />}
        </ReactFlow>
        <ZoomButtons />
      </BandContext>
    </div>
  );
}

function useTextScale(): number {
  const presenter = useView((state) => state.presenter);
  return useStore((state) => textScale(state.transform[2], presenter ? 18 / 14 : 1));
}

/** What is in the viewport, with a margin. Small graphs are handed over whole and are never culled. */
function useInSight(flows: AnyFlow[]): AnyFlow[] {
  const many = flows.length > boxesMax;
  // In coarse steps: panning by a few pixels changes nothing.
  const key = useStore((state) => {
    if (!many) return 'all';
    const [x, y, zoom] = state.transform;
    const step = 200 / zoom;
    return [-x / zoom, -y / zoom, state.width / zoom, state.height / zoom]
      .map((value) => Math.round(value / step) * step)
      .join(' ');
  });
  return useMemo(() => {
    if (key === 'all') return flows;
    const [x = 0, y = 0, width = 0, height = 0] = key.split(' ').map(Number);
    return within(flows, {
      x: x - width * 0.1,
      y: y - height * 0.1,
      width: width * 1.2,
      height: height * 1.2,
    });
  }, [flows, key]);
}

/**
 * Fits the graph to its panel until the learner has moved it, and again when the panel changes its size. Where all of it would be too
 * small to read, what is selected is in the middle instead.
 */
function useFitting(flows: readonly AnyFlow[], moved: React.RefObject<boolean>): void {
  const { setViewport } = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const selected = useView((state) => state.selected);
  const right = Math.max(0, ...flows.map(({ data: { box } }) => box.x + box.width));
  const bottom = Math.max(0, ...flows.map(({ data: { box } }) => box.y + box.height));
  const focus = selected === null ? null : placeOf(flows, selected);
  const [focusX, focusY] = [focus?.x ?? 0, focus?.y ?? 0];
  const few = flows.length <= boxesMax / 4;
  useEffect(() => {
    if (width === 0 || right === 0 || moved.current) return;
    const fitWidth = (width * (1 - 2 * fitPadding)) / right;
    const fitting = Math.min(fitZoomMax, fitWidth, (height * (1 - 2 * fitPadding)) / bottom);
    const zoom = few ? Math.max(fitting, Math.min(fitWidth, readableZoom)) : fitting;
    const along = (room: number, length: number, centre: number, margin: number): number =>
      length * zoom <= room
        ? Math.min((room - length * zoom) / 2, margin)
        : Math.min(topMargin / 2, Math.max(room - length * zoom - topMargin / 2, room / 2 - centre * zoom));
    void setViewport({
      x: along(width, right, focusX, width),
      y: along(height, bottom, focusY, topMargin),
      zoom,
    });
  }, [setViewport, width, height, right, bottom, focusX, focusY, few, moved]);
}

/** The whole graph is one stop of the Tab key. */
function keepOneTabStop(element: HTMLElement | null): void {
  if (element?.querySelector('[data-graph-item][tabindex="0"]') === null)
    element.querySelector('[data-graph-item]')?.setAttribute('tabindex', '0');
}

function makeTabStop(element: HTMLElement | null, target: Element): void {
  if (!target.hasAttribute('data-graph-item')) return;
  for (const item of element?.querySelectorAll('[data-graph-item][tabindex="0"]') ?? [])
    item.setAttribute('tabindex', '-1');
  target.setAttribute('tabindex', '0');
}
