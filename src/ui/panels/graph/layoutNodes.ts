import { controlPlaneComponents, type GraphModel } from './model.ts';
import { assignSlots, slotsNeeded, stepUp } from './slots.ts';

/** Lengths of the graph's own space; a unit is a pixel at zoom 1. */
export const chipWidth = 216;
export const chipHeight = 30;
export const chipGap = 5;
export const boxPadding = 10;
/** Name, zone, and the two bars. */
export const nodeHeaderHeight = 128;
/** The row of system pods at the foot. */
export const nodeFooterHeight = 38;
const boxGap = 22;
const bandHeightMin = 112;
/** A line of components in the band. */
const bandLine = 44;
/** A chip is drawn wider than `chipWidth` where the panel has room for it, but not wider than this. */
const chipWidthMax = 330;
const trayWidthMin = chipWidth + 2 * boxPadding;
const bandWidthMin = 330;

/** Slots per node, and how many of them stand side by side. */
const capacities = [4, 8, 12, 24, 48, 112, 256];
const columnsOfCapacity: Readonly<Record<number, number>> = {
  4: 1,
  8: 1,
  12: 2,
  24: 3,
  48: 4,
  112: 7,
  256: 12,
};

export interface PlacedPod {
  readonly id: string;
  /** Within its box. */
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly pods: readonly PlacedPod[];
  /** How wide each of them is drawn. */
  readonly podWidth: number;
}

export interface NodeBox extends Box {
  /** Ids of the pods of kube-system, drawn small at the foot. */
  readonly systemPods: readonly string[];
}

/** What a layout must know of the one before it, so that things keep their places. */
export interface NodesMemory {
  readonly nodes: ReadonlyMap<string, number>;
  readonly pods: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly tray: ReadonlyMap<string, number>;
  readonly capacity: number;
  readonly columns: number;
  readonly rows: number;
  readonly gridWidth: number;
  readonly aspect: number;
}

export interface NodesLayout {
  readonly nodes: readonly NodeBox[];
  readonly controlPlane: Box;
  readonly tray: Box;
  /** How many unscheduled pods found no room in the tray. */
  readonly trayHidden: number;
  readonly memory: NodesMemory;
}

/**
 * The nodes view. The same model and memory give the same places. `aspect` is the panel's width over its height: it
 * chooses how many nodes stand side by side, and they are arranged anew only for another shape or many more nodes.
 */
export function layoutNodes(model: GraphModel, before: NodesMemory | null, aspect = 1.3): NodesLayout {
  const nodes = assignSlots(
    before?.nodes,
    model.nodes.map((node) => node.id),
  );
  const ordinary = new Map(
    model.nodes.map((node) => [
      node.id,
      (model.podsOfNode.get(node.id) ?? []).filter((pod) => !pod.system).map((pod) => pod.id),
    ]),
  );
  const pods = new Map(
    [...ordinary].map(([node, ids]) => [node, assignSlots(before?.pods.get(node), ids)] as const),
  );
  const capacity = stepUp(
    capacities,
    Math.max(0, ...[...pods.values()].map((slots) => slotsNeeded(slots))),
    before?.capacity,
  );
  const podColumns = columnsOfCapacity[capacity] ?? 12;
  const widthMin = podColumns * (chipWidth + chipGap) - chipGap + 2 * boxPadding;
  const height =
    nodeHeaderHeight +
    Math.ceil(capacity / podColumns) * (chipHeight + chipGap) +
    nodeFooterHeight +
    boxPadding;
  const bandHeight = bandHeightOf(model);
  const count = slotsNeeded(nodes);
  const keepsColumns =
    before !== null && before.aspect === aspect && count <= before.columns * before.rows * 2;
  const columns = keepsColumns ? before.columns : bestColumns(count, widthMin, height, aspect, bandHeight);
  const rows = keepsColumns ? before.rows : Math.max(1, Math.ceil(count / columns));

  const hasControlPlane = model.components.length > 0;
  const narrowest = Math.max(
    columns * (widthMin + boxGap) - boxGap,
    (hasControlPlane ? bandWidthMin + boxGap : 0) + trayWidthMin,
  );
  const widest = narrowest + columns * podColumns * (chipWidthMax - chipWidth);
  const gridHeight = bandHeight + rows * (height + boxGap);
  const gridWidth = keepsColumns
    ? Math.max(narrowest, before.gridWidth)
    : Math.round(Math.min(widest, Math.max(narrowest, gridHeight * aspect)));
  // A few nodes share the width that the bands above them need anyway.
  const width = (gridWidth + boxGap) / columns - boxGap;
  const podWidth = (width - 2 * boxPadding + chipGap) / podColumns - chipGap;
  const trayWidth = hasControlPlane
    ? Math.max(trayWidthMin, Math.min(gridWidth * 0.4, gridWidth - boxGap - bandWidthMin, 6 * chipWidth))
    : gridWidth;
  const boxes = model.nodes.map((node): NodeBox => {
    const slot = nodes.get(node.id) ?? 0;
    return {
      id: node.id,
      x: (slot % columns) * (width + boxGap),
      y: bandHeight + boxGap + Math.floor(slot / columns) * (height + boxGap),
      width,
      height,
      pods: placePods(pods.get(node.id), podColumns, boxPadding, nodeHeaderHeight, podWidth),
      podWidth,
      systemPods: (model.podsOfNode.get(node.id) ?? []).filter((pod) => pod.system).map((pod) => pod.id),
    };
  });
  const tray = assignSlots(
    before?.tray,
    model.unscheduled.map((pod) => pod.id),
  );
  const trayColumns = Math.floor((trayWidth - 2 * boxPadding + chipGap) / (chipWidth + chipGap));
  const trayRoom = trayColumns * 2;
  const inTray = new Map([...tray].filter(([, slot]) => slot < trayRoom));
  return {
    nodes: boxes,
    controlPlane: {
      id: 'control-plane',
      x: 0,
      y: 0,
      width: gridWidth - boxGap - trayWidth,
      height: bandHeight,
      pods: [],
      podWidth: chipWidth,
    },
    tray: {
      id: 'unscheduled',
      x: gridWidth - trayWidth,
      y: 0,
      width: trayWidth,
      height: bandHeight,
      pods: placePods(inTray, trayColumns, boxPadding, 38),
      podWidth: chipWidth,
    },
    trayHidden: tray.size - inTray.size,
    memory: { nodes, pods, tray, capacity, columns, rows, gridWidth, aspect },
  };
}

export function placePods(
  slots: ReadonlyMap<string, number> | undefined,
  columns: number,
  left: number,
  top: number,
  width = chipWidth,
): PlacedPod[] {
  return [...(slots ?? [])]
    .sort((a, b) => a[1] - b[1])
    .map(([id, slot]) => ({
      id,
      x: left + (slot % columns) * (width + chipGap),
      y: top + Math.floor(slot / columns) * (chipHeight + chipGap),
    }));
}

/** The bands above the nodes: where the control plane has several nodes, each component takes a line of its own. */
function bandHeightOf({ components }: GraphModel): number {
  const names = components.map(({ name }) => name).filter((name) => controlPlaneComponents.includes(name));
  return new Set(names).size === names.length ? bandHeightMin : bandHeightMin + bandLine * 2;
}

/** The number of columns at which boxes of a size are drawn largest in a panel of an aspect. */
function bestColumns(
  count: number,
  width: number,
  height: number,
  aspect: number,
  bandHeight: number,
): number {
  let best = 1;
  let bestScale = 0;
  for (let columns = 1; columns <= Math.max(1, count); columns += 1) {
    const rows = Math.ceil(count / columns);
    const gridWidth = Math.max(columns * (width + boxGap), bandWidthMin + trayWidthMin);
    const gridHeight = bandHeight + boxGap + rows * (height + boxGap);
    const scale = Math.min(aspect / gridWidth, 1 / gridHeight);
    if (scale <= bestScale) continue;
    best = columns;
    bestScale = scale;
  }
  return best;
}
