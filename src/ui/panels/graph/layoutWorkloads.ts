import { groupLanes, type PodGroup } from './grouping.ts';
import { boxPadding, chipGap, chipHeight, chipWidth, placePods, type Box } from './layoutNodes.ts';
import type { GraphModel } from './model.ts';
import { assignSlots, slotsNeeded, stepUp } from './slots.ts';

export const cardWidth = 230;
export const cardHeight = 66;
export const groupHeaderHeight = 40;
const columnGap = 64;
const rowGap = 14;
const laneGap = 30;
const podColumns = 2;
const podCapacities = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
const groupWidth = podColumns * (chipWidth + chipGap) - chipGap + 2 * boxPadding;

/** x of each column: autoscalers (when there are any), owners, pods, Services. */
function columnsFrom(hasScalers: boolean) {
  const root = hasScalers ? cardWidth + columnGap : 0;
  const group = root + cardWidth + columnGap;
  return { scaler: 0, root, group, service: group + groupWidth + columnGap };
}

export interface Line {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly kind: 'owns' | 'scales' | 'selects';
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
  const columnX = columnsFrom(lanes.some((lane) => lane.scalers.length > 0));
  const order = assignSlots(
    before?.lanes,
    lanes.map((lane) => lane.id),
  );
  lanes.sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));

  const cards: Box[] = [];
  const groups: Box[] = [];
  const lines: Line[] = [];
  const pods = new Map<string, ReadonlyMap<string, number>>();
  const capacity = new Map<string, number>();
  const placedServices = new Set<string>();
  let top = 0;
  const card = (id: string, x: number, y: number): void => {
    cards.push({ id, x, y, width: cardWidth, height: cardHeight, pods: [], podWidth: chipWidth });
  };
  const line = (kind: Line['kind'], from: string, to: string): void => {
    lines.push({ id: `${kind}:${from}>${to}`, kind, from, to });
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
        x: columnX.group,
        y: groupTop,
        width: groupWidth,
        height,
        pods: placePods(slots, podColumns, boxPadding, groupHeaderHeight),
        podWidth: chipWidth,
      });
      // A Job or a bare ReplicaSet has its pods itself: its group is its card.
      if (lane.root !== null && lane.root.id !== group.id) line('owns', lane.root.id, group.id);
      groupTop += height + rowGap;
    }
    const hasCard = lane.root !== null && lane.groups.every((group) => group.id !== lane.root?.id);
    if (lane.root !== null && hasCard) card(lane.root.id, columnX.root, top);
    lane.scalers.forEach((scaler, index) => {
      card(scaler.id, columnX.scaler, top + index * (cardHeight + rowGap));
      line('scales', scaler.id, lane.id);
    });
    const fresh = lane.services.filter((service) => !placedServices.has(service.id));
    fresh.forEach((service, index) => {
      placedServices.add(service.id);
      card(service.id, columnX.service, top + index * (cardHeight + rowGap));
    });
    for (const service of lane.services)
      for (const group of lane.groups.slice(0, 1)) line('selects', service.id, group.id);
    const cardCount = Math.max(1, lane.scalers.length, fresh.length);
    top = Math.max(groupTop - rowGap, top + cardCount * (cardHeight + rowGap) - rowGap) + laneGap;
  }
  return { cards, groups, lines, memory: { lanes: order, pods, capacity } };
}

function isEmpty(group: PodGroup): boolean {
  return group.pods.length === 0 && (group.owner?.desired ?? 0) === 0;
}
