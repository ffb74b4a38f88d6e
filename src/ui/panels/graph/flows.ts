import { layoutNetwork, type NetworkLayout, type NetworkMemory } from './layoutNetwork.ts';
import { layoutNodes, type Box, type NodesLayout, type NodesMemory } from './layoutNodes.ts';
import { layoutWorkloads, type WorkloadsLayout, type WorkloadsMemory } from './layoutWorkloads.ts';
import type { AnyEdge, AnyFlow } from './flowTypes.ts';
import type { GraphModel } from './model.ts';

export interface Flows {
  readonly nodes: AnyFlow[];
  readonly edges: AnyEdge[];
}

type BoxView = 'nodes' | 'workloads' | 'network';

/** The three layouts with their memories, kept while the graph is on the page. */
export class Layouts {
  #nodes: NodesMemory | null = null;
  #workloads: WorkloadsMemory | null = null;
  #network: NetworkMemory | null = null;
  #drawn: readonly AnyFlow[] = [];

  /** Lays one view out and turns its boxes into what React Flow draws. `aspect` is the panel's. */
  lay(view: BoxView, model: GraphModel, aspect: number): Flows {
    const flows = this.#flows(view, model, aspect);
    const nodes = reuse(this.#drawn, flows.nodes);
    this.#drawn = nodes;
    return { nodes, edges: flows.edges };
  }

  #flows(view: BoxView, model: GraphModel, aspect: number): Flows {
    if (view === 'nodes') {
      const layout = layoutNodes(model, this.#nodes, aspect);
      this.#nodes = layout.memory;
      return nodesFlows(model, layout);
    }
    if (view === 'workloads') {
      const layout = layoutWorkloads(model, this.#workloads);
      this.#workloads = layout.memory;
      return workloadsFlows(layout);
    }
    const layout = layoutNetwork(model, this.#network);
    this.#network = layout.memory;
    return networkFlows(layout);
  }
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

function nodesFlows(model: GraphModel, layout: NodesLayout): Flows {
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

function workloadsFlows(layout: WorkloadsLayout): Flows {
  return {
    nodes: [
      ...layout.groups.map((box) => ({ ...frame(box), type: 'podGroup' as const, data: { box } })),
      ...layout.cards.map((box) => ({ ...frame(box), type: 'card' as const, data: { box } })),
    ],
    edges: layout.lines.map(({ id, from, to }) => ({ id, source: from, target: to, type: 'relation' })),
  };
}

function networkFlows(layout: NetworkLayout): Flows {
  return {
    nodes: [
      ...layout.cards.map((box) => ({ ...frame(box), type: 'card' as const, data: { box } })),
      ...layout.endpoints.map((box) => ({ ...frame(box), type: 'endpoints' as const, data: { box } })),
    ],
    edges: layout.flows.map((flow) => ({
      id: flow.edgeId,
      source: flow.from,
      target: flow.to,
      type: 'traffic' as const,
      data: { edgeId: flow.edgeId },
    })),
  };
}

/** Gives back the objects of before where nothing about them changed, so that React skips what stands still. */
function reuse(before: readonly AnyFlow[], after: readonly AnyFlow[]): AnyFlow[] {
  const known = new Map(before.map((flow) => [flow.id, flow]));
  return after.map((flow) => {
    const old = known.get(flow.id);
    return old !== undefined && old.type === flow.type && sameValue(old.data, flow.data) ? old : flow;
  });
}

/** Equality of the plain data of boxes: numbers, texts, and lists and records of them. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => sameValue(left[key], right[key]));
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

/** Where a row is drawn, in the graph's space; null when it is not. */
export function placeOf(
  flows: readonly AnyFlow[],
  id: string,
): { readonly x: number; readonly y: number } | null {
  for (const { data } of flows) {
    const { box } = data;
    if (box.id === id) return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const pod = box.pods.find((placed) => placed.id === id);
    if (pod !== undefined) return { x: box.x + pod.x, y: box.y + pod.y };
  }
  return null;
}
