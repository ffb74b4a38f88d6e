import { layoutNetwork, type NetworkMemory } from './layoutNetwork.ts';
import { layoutNodes, type Box, type NodesMemory } from './layoutNodes.ts';
import { layoutWorkloads, type WorkloadsMemory } from './layoutWorkloads.ts';
import type { AnyEdge, AnyFlow } from './flowTypes.ts';
import type { GraphModel } from './model.ts';

/** Memories of the three layouts, kept while the page is open. */
export interface Memories {
  nodes: NodesMemory | null;
  workloads: WorkloadsMemory | null;
  network: NetworkMemory | null;
}

export interface Flows {
  readonly nodes: readonly AnyFlow[];
  readonly edges: readonly AnyEdge[];
}

type BoxView = 'nodes' | 'workloads' | 'network';

/** Lays one view out and turns its boxes into what React Flow draws. Updates `memories`. */
export function flowsOf(view: BoxView, model: GraphModel, memories: Memories): Flows {
  if (view === 'nodes') return nodesFlows(model, memories);
  return view === 'workloads' ? workloadsFlows(model, memories) : networkFlows(model, memories);
}

/** What every box tells React Flow: its place, and its size before it is measured. */
function frame(box: Box) {
  return {
    id: box.id,
    position: { x: box.x, y: box.y },
    width: box.width,
    height: box.height,
    draggable: false,
    selectable: false,
    focusable: false,
  };
}

function nodesFlows(model: GraphModel, memories: Memories): Flows {
  const layout = layoutNodes(model, memories.nodes);
  memories.nodes = layout.memory;
  return {
    nodes: [
      ...(model.components.length > 0
        ? [
            {
              ...frame(layout.controlPlane),
              type: 'controlPlane' as const,
              data: { box: layout.controlPlane },
            },
          ]
        : []),
      { ...frame(layout.tray), type: 'tray', data: { box: layout.tray, hidden: layout.trayHidden } },
      ...layout.nodes.map((box) => ({ ...frame(box), type: 'node' as const, data: { box } })),
    ],
    edges: [],
  };
}

function workloadsFlows(model: GraphModel, memories: Memories): Flows {
  const layout = layoutWorkloads(model, memories.workloads);
  memories.workloads = layout.memory;
  return {
    nodes: [
      ...layout.groups.map((box) => ({ ...frame(box), type: 'group' as const, data: { box } })),
      ...layout.cards.map((box) => ({ ...frame(box), type: 'card' as const, data: { box } })),
    ],
    // A Service stands to the right of what it selects, so its line is drawn from there.
    edges: layout.lines.map((line) => ({
      id: line.id,
      source: line.kind === 'selects' ? line.to : line.from,
      target: line.kind === 'selects' ? line.from : line.to,
      type: 'relation',
      data: { kind: line.kind },
    })),
  };
}

function networkFlows(model: GraphModel, memories: Memories): Flows {
  const layout = layoutNetwork(model, memories.network);
  memories.network = layout.memory;
  return {
    nodes: [
      ...layout.cards.map((box) => ({ ...frame(box), type: 'card' as const, data: { box } })),
      ...layout.endpoints.map((box) => ({ ...frame(box), type: 'endpoints' as const, data: { box } })),
    ],
    edges: [
      ...layout.flows.map((flow) => ({
        id: flow.edgeId,
        source: flow.from,
        target: flow.to,
        type: 'traffic' as const,
        data: { edgeId: flow.edgeId },
      })),
      ...layout.endpoints.map((box) => ({
        id: `to:${box.id}`,
        source: box.service,
        target: box.id,
        type: 'relation' as const,
        data: { kind: 'owns' as const },
      })),
    ],
  };
}

/**
 * Gives back the objects of before where nothing about them changed, so that React skips what stands still. Data of
 * boxes is plain, so comparing it is comparing its text.
 */
export function reuse(before: readonly AnyFlow[], after: readonly AnyFlow[]): AnyFlow[] {
  const known = new Map(before.map((flow) => [flow.id, flow]));
  return after.map((flow) => {
    const old = known.get(flow.id);
    return old !== undefined &&
      old.type === flow.type &&
      JSON.stringify(old.data) === JSON.stringify(flow.data)
      ? old
      : flow;
  });
}

/** Boxes that a rectangle of the graph touches. */
export function within(
  flows: readonly AnyFlow[],
  area: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): AnyFlow[] {
  return flows.filter(
    ({ data: { box } }) =>
      box.x < area.x + area.width &&
      box.x + box.width > area.x &&
      box.y < area.y + area.height &&
      box.y + box.height > area.y,
  );
}
