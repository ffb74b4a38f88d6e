import type { Node, Pod } from '#generated/types/core.v1.ts';
import { type AnyKind, resourceName } from '#kubernetes/api/kind.ts';
import type { KindSet } from '#kubernetes/api/kindSet.ts';
import { type KubeObject, keyOf } from '#kubernetes/api/object.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import type { Client } from '#kubernetes/client/client.ts';
import { type Informer, Informers } from '#kubernetes/client/informer.ts';
import type { ComponentRow, Row, RowDelta } from '#protocol/rows.ts';
import type { Simulation } from '#sim/simulation.ts';
import { edgePlurals, edgesOf } from './edges.ts';
import { nodeRow } from './nodeRow.ts';
import { podRow, type Usage } from './podRow.ts';
import { rowId } from './rowBase.ts';
import { isWorkload, workloadRow } from './workloadRows.ts';

/** What pods and nodes use at present, by row id; from whoever measures it. */
export type UsageOf = (id: string) => Usage | undefined;

/** A part of the cluster that can be seen and broken, as it stands. */
export interface ComponentState {
  readonly name: string;
  readonly node: string | null;
  readonly isRunning: boolean;
}

/**
 * The page's rows, kept from informers over an observing client: rows of what changed are made when the page
 * asks, so that a thousand changes between two frames cost one row each.
 */
export class Projection {
  readonly #informers: Informers;
  readonly #pods: Informer<Pod>;
  readonly #nodes: Informer<Node>;
  readonly #usageOf: UsageOf;
  readonly #slownessOf: (node: string) => number;
  readonly #unfollow: () => void;
  readonly #components: readonly ComponentState[];
  readonly #componentsShown = new Map<string, boolean>();
  readonly #followed = new Set<string>();
  /** Resources of custom kinds by `group/kind`, for who is owned by one. */
  readonly #customResources = new Map<string, string>();
  readonly #changed = new Map<string, () => Row | undefined>();
  readonly #edgesBefore = new Map<string, Set<string>>();
  readonly #edges = new Map<string, Row | undefined>();

  constructor(
    simulation: Simulation,
    client: Client,
    kinds: KindSet,
    usageOf: UsageOf,
    components: readonly ComponentState[],
    slownessOf: (node: string) => number,
  ) {
    this.#components = components;
    this.#informers = new Informers(simulation, client);
    this.#usageOf = usageOf;
    this.#slownessOf = slownessOf;
    this.#pods = this.#informers.of(pods);
    this.#nodes = this.#informers.of(nodes);
    this.#pods.addIndex('node', (pod) => (pod.spec.nodeName ? [pod.spec.nodeName] : []));
    this.#pods.onChange((now, before) => {
      this.#touchPod(now ?? before!);
      for (const name of new Set([now?.spec.nodeName, before?.spec.nodeName]))
        if (name) this.#touchNode(name);
    });
    this.#nodes.onChange((now, before) => this.#touchNode((now ?? before!).metadata.name));
    this.#unfollow = kinds.follow({
      added: (kind) => this.#follow(kind),
      removed: (kind) => this.#forget(kind),
    });
    this.#informers.start();
  }

  /** Makes rows anew of pods and nodes whose use changed. */
  touchUsage(): void {
    for (const pod of this.#pods.list()) if (pod.spec.nodeName) this.#touchPod(pod);
    for (const node of this.#nodes.list()) this.#touchNode(node.metadata.name);
  }

  /** What changed since the last call. */
  takeDelta(): RowDelta {
    const upserts: Row[] = [];
    const deletes: string[] = [];
    for (const [id, make] of this.#changed) {
      const row = make();
      if (row === undefined) deletes.push(id);
      else upserts.push(row);
    }
    for (const [id, row] of this.#edges) {
      if (row === undefined) deletes.push(id);
      else upserts.push(row);
    }
    upserts.push(...this.#changedComponents());
    this.#changed.clear();
    this.#edges.clear();
    return { upserts, deletes };
  }

  #changedComponents(): ComponentRow[] {
    const rows: ComponentRow[] = [];
    for (const { name, node, isRunning } of this.#components) {
      const id = `component:${name}${node === null ? '' : `@${node}`}`;
      if (this.#componentsShown.get(id) === isRunning) continue;
      this.#componentsShown.set(id, isRunning);
      rows.push({ type: 'component', id, name, node: node && `nodes/${node}`, running: isRunning });
    }
    return rows;
  }

  stop(): void {
    this.#unfollow();
    this.#informers.stop();
  }

  #follow(kind: AnyKind): void {
    const resource = resourceName(kind);
    const draws = kind.custom === undefined && edgePlurals.has(kind.plural);
    if (kind.storage !== undefined || this.#followed.has(resource)) return;
    if (!isWorkload(kind) && !draws) return;
    this.#followed.add(resource);
    if (kind.custom) this.#customResources.set(`${kind.group}/${kind.kind}`, resource);
    const informer = this.#informers.of(kind);
    informer.onChange((now, before) => {
      const object = now ?? before!;
      if (isWorkload(kind)) {
        const { namespace, name } = object.metadata;
        this.#changed.set(rowId(resource, namespace, name), () => {
          const current = informer.get(keyOf(object));
          return current && workloadRow(kind, current, this.#customOwner);
        });
      }
      if (draws) this.#drawEdges(kind.plural, object, now);
    });
  }

  /** Custom resources are followed no longer once nothing defines them; their rows have gone with the objects. */
  #forget(kind: AnyKind): void {
    if (kind.custom === undefined || !this.#followed.delete(resourceName(kind))) return;
    this.#informers.forget(kind);
  }

  readonly #customOwner = (group: string, kind: string): string | undefined =>
    this.#customResources.get(`${group}/${kind}`);

  #drawEdges(plural: string, object: KubeObject, now: KubeObject | undefined): void {
    const key = `${plural}/${keyOf(object)}`;
    const before = this.#edgesBefore.get(key) ?? new Set();
    const edges = edgesOf(plural, now);
    const after = new Set(edges.map((edge) => edge.id));
    for (const id of before) if (!after.has(id)) this.#edges.set(id, undefined);
    for (const edge of edges) if (!before.has(edge.id)) this.#edges.set(edge.id, edge);
    if (after.size > 0) this.#edgesBefore.set(key, after);
    else this.#edgesBefore.delete(key);
  }

  #touchPod(pod: Pod): void {
    const key = keyOf(pod);
    const id = `pods/${key}`;
    this.#changed.set(id, () => {
      const current = this.#pods.get(key);
      return current && podRow(current, this.#usageOf(id));
    });
  }

  #touchNode(name: string): void {
    const id = `nodes/${name}`;
    this.#changed.set(id, () => {
      const node = this.#nodes.get(name);
      return node && nodeRow(node, this.#pods.by('node', name), this.#usageOf(id), this.#slownessOf(name));
    });
  }
}
