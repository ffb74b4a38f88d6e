import { groupNetwork } from './grouping.ts';
import { boxPadding, chipGap, chipHeight, chipWidth, placePods, type Box } from './layoutNodes.ts';
import { cardHeight, cardWidth, groupHeaderHeight } from './layoutWorkloads.ts';
import type { GraphModel } from './model.ts';
import { assignSlots, slotsNeeded, stepUp } from './slots.ts';

/** Room for the rate and the errors of a flow to be written at it. */
const columnGap = 170;
const laneGap = 30;
const rowGap = 16;
/** Where the flow to each pod is drawn inside the box of endpoints. */
export const fanWidth = 120;
const podCapacities = [2, 4, 8, 16, 32, 64, 128, 256];
const endpointsWidth = chipWidth + 2 * boxPadding + fanWidth;

export interface EndpointsBox extends Box {
  readonly service: string;
  /** Edge row of each pod, in the order of `pods`. */
  readonly edges: readonly string[];
}

export interface NetworkMemory {
  readonly sources: ReadonlyMap<string, number>;
  readonly services: ReadonlyMap<string, number>;
  readonly pods: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly capacity: ReadonlyMap<string, number>;
}

export interface NetworkLayout {
  readonly cards: readonly Box[];
  readonly endpoints: readonly EndpointsBox[];
  /** Ids of the edge rows between cards. */
  readonly flows: readonly { readonly edgeId: string; readonly from: string; readonly to: string }[];
  readonly memory: NetworkMemory;
}

/** Requests from left to right: Ingresses and senders, Services, the pods that answer. */
export function layoutNetwork(model: GraphModel, before: NetworkMemory | null): NetworkLayout {
  const { sources, services } = groupNetwork(model);
  const sourceSlots = assignSlots(
    before?.sources,
    sources.map((source) => source.id),
  );
  const serviceSlots = assignSlots(
    before?.services,
    services.map((lane) => lane.service.id),
  );
  const cards: Box[] = sources.map((source) => ({
    id: source.id,
    x: 0,
    y: (sourceSlots.get(source.id) ?? 0) * (cardHeight + rowGap),
    width: cardWidth,
    height: cardHeight,
    pods: [],
    podWidth: chipWidth,
  }));
  const serviceX = sources.length === 0 ? 0 : cardWidth + columnGap;
  const endpoints: EndpointsBox[] = [];
  const pods = new Map<string, ReadonlyMap<string, number>>();
  const capacity = new Map<string, number>();
  let top = 0;
  const inOrder = [...services].sort(
    (a, b) =>
      Number(a.service.namespace === 'kube-system') - Number(b.service.namespace === 'kube-system') ||
      (serviceSlots.get(a.service.id) ?? 0) - (serviceSlots.get(b.service.id) ?? 0),
  );
  for (const { service, pods: podsOfService } of inOrder) {
    const slots = assignSlots(
      before?.pods.get(service.id),
      podsOfService.map(({ pod }) => pod.id),
    );
    const room = stepUp(podCapacities, slotsNeeded(slots), before?.capacity.get(service.id));
    pods.set(service.id, slots);
    capacity.set(service.id, room);
    const height = groupHeaderHeight + room * (chipHeight + chipGap) - chipGap + boxPadding;
    const placed = placePods(slots, 1, boxPadding + fanWidth, groupHeaderHeight);
    const edgeOf = new Map(podsOfService.map(({ pod, edgeId }) => [pod.id, edgeId]));
    cards.push({
      id: service.id,
      x: serviceX,
      y: top + (height - cardHeight) / 2,
      width: cardWidth,
      height: cardHeight,
      pods: [],
      podWidth: chipWidth,
    });
    endpoints.push({
      id: `endpoints:${service.id}`,
      service: service.id,
      x: serviceX + cardWidth,
      y: top,
      width: endpointsWidth,
      height,
      pods: placed,
      podWidth: chipWidth,
      edges: placed.map((pod) => edgeOf.get(pod.id) ?? ''),
    });
    top += height + laneGap;
  }
  const shown = new Set(cards.map((box) => box.id));
  return {
    cards,
    endpoints,
    flows: model.edges
      .filter((edge) => edge.relation === 'routes' && shown.has(edge.from) && shown.has(edge.to))
      .map((edge) => ({ edgeId: edge.id, from: edge.from, to: edge.to })),
    memory: { sources: sourceSlots, services: serviceSlots, pods, capacity },
  };
}
