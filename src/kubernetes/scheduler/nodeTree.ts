// Upstream: pkg/scheduler/backend/cache/node_tree.go, component-helpers/node/topology
import type { Node } from '#generated/types/core.v1.ts';

const zoneLabels = ['topology.kubernetes.io/zone', 'failure-domain.beta.kubernetes.io/zone'];
const regionLabels = ['topology.kubernetes.io/region', 'failure-domain.beta.kubernetes.io/region'];

function labelOf(node: Node, names: readonly string[]): string {
  for (const name of names) {
    const value = node.metadata.labels?.[name];
    if (value !== undefined) return value;
  }
  return '';
}

/** The region and zone of a node as one text; the same for all nodes that have neither. */
export function zoneOf(node: Node): string {
  return `${labelOf(node, regionLabels)}:${labelOf(node, zoneLabels)}`;
}

/** Nodes in the order in which pods try them: one of each zone in turn, zones and nodes as they came. */
export class NodeTree<T extends { readonly name: string }> {
  readonly #zones = new Map<string, T[]>();
  #order: readonly T[] | null = [];

  add(zone: string, node: T): void {
    const known = this.#zones.get(zone);
    if (known === undefined) this.#zones.set(zone, [node]);
    else known.push(node);
    this.#order = null;
  }

  remove(zone: string, node: T): void {
    const known = this.#zones.get(zone)!;
    known.splice(known.indexOf(node), 1);
    if (known.length === 0) this.#zones.delete(zone);
    this.#order = null;
  }

  get order(): readonly T[] {
    this.#order ??= this.#interleave();
    return this.#order;
  }

  #interleave(): T[] {
    const zones = [...this.#zones.values()];
    const longest = Math.max(0, ...zones.map((zone) => zone.length));
    const order: T[] = [];
    for (let i = 0; i < longest; i++) for (const zone of zones) if (i < zone.length) order.push(zone[i]!);
    return order;
  }
}
