import { groupLanes, type PodGroup } from './grouping.ts';
import { boxPadding, chipGap, chipHeight, chipWidth, placePods, type Box } from './layoutNodes.ts';
import type { GraphModel } from './model.ts';
import { assignSlots, slotsNeeded, stepUp } from './slots.ts';

export const cardWidth = 230;
export const cardHeight = 66;
export const groupHeaderHeight = 40;
/** An autoscaler or a Service under what it is for. */
export const attachmentHeight = 38;
const columnGap = 48;
const rowGap = 14;
const attachmentGap = 6;
const laneGap = 30;
const podColumns = 2;
const podCapacities = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
const groupWidth = podColumns * (chipWidth + chipGap) - chipGap + 2 * boxPadding;

const groupX = cardWidth + columnGap;

export interface Line {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

export interface WorkloadsMemory {
  readonly lanes: ReadonlyMap<string, number>;
  readonly pods: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly capacity: ReadonlyMap<string, number>;
}

export interface WorkloadsLayout {
  /** Small boxes for what has no pods of its own. */
  readonly cards: readonly Box[];
  readonly groups: readonly Box[];
  readonly lines: readonly Line[];
  readonly memory: WorkloadsMemory;
}

/** Ownership from left to right, a lane per root. Lanes keep their order, pods keep their slots. */
export function layoutWorkloads(model: GraphModel, before: WorkloadsMemory | null): WorkloadsLayout {
  const lanes = groupLanes(model);
  const order = assignSlots(
    before?.lanes,
    lanes.map((lane) => lane.id),
  );
  // What every cluster boots with stands below what the learner made.
  lanes.sort(
    (a, b) => Number(a.system) - Number(b.system) || (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0),
  );

  const cards: Box[] = [];
  const groups: Box[] = [];
  const lines: Line[] = [];
  const pods = new Map<string, ReadonlyMap<string, number>>();
  const capacity = new Map<string, number>();
  const placed = new Set<string>();
  let top = 0;
  const card = (id: string, y: number, height: number): void => {
    cards.push({ id, x: 0, y, width: cardWidth, height, pods: [], podWidth: chipWidth });
  };

  for (const lane of lanes) {
    let groupTop = top;
    for (const group of lane.groups) {
      const slots = assignSlots(
        before?.pods.get(group.id),
        group.pods.map((pod) => pod.id),
      );
      const room = isEmpty(group)
        ? 0
        : stepUp(podCapacities, slotsNeeded(slots), before?.capacity.get(group.id));
      pods.set(group.id, slots);
      capacity.set(group.id, room);
      const height =
        groupHeaderHeight +
        (room === 0 ? 0 : Math.ceil(room / podColumns) * (chipHeight + chipGap) - chipGap + boxPadding);
      groups.push({
        id: group.id,
        x: groupX,
        y: groupTop,
        width: groupWidth,
        height,
        pods: placePods(slots, podColumns, boxPadding, groupHeaderHeight),
        podWidth: chipWidth,
      });
      // A Job or a bare ReplicaSet has its pods itself: its group is its card.
      if (lane.root !== null && lane.root.id !== group.id)
        lines.push({ id: `${lane.root.id}>${group.id}`, from: lane.root.id, to: group.id });
      groupTop += height + rowGap;
    }
    let cardTop = top;
    if (lane.root !== null && lane.groups.every((group) => group.id !== lane.root?.id)) {
      card(lane.root.id, cardTop, cardHeight);
      cardTop += cardHeight + attachmentGap;
    }
    for (const { id } of [...lane.scalers, ...lane.services]) {
      // A Service of several owners stands under the first of them.
      if (placed.has(id)) continue;
      placed.add(id);
      card(id, cardTop, attachmentHeight);
      cardTop += attachmentHeight + attachmentGap;
    }
    top = Math.max(groupTop - rowGap, cardTop - attachmentGap, top) + laneGap;
  }
  return { cards, groups, lines, memory: { lanes: order, pods, capacity } };
}

function isEmpty(group: PodGroup): boolean {
  return group.pods.length === 0 && (group.owner?.desired ?? 0) === 0;
}
