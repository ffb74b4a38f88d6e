import type { Row, RowDelta } from '#protocol/rows.ts';

type Listener = () => void;

/** A new one for every structure: what was computed from it is right for as long as it is the same object. */
export interface Structure {
  values(): IterableIterator<Row>;
}

/** What the top bar counts. Finished pods are not expected to be ready, so they are left out. */
export interface Totals {
  readonly nodes: number;
  readonly nodesReady: number;
  readonly pods: number;
  readonly podsReady: number;
  readonly podsFailing: number;
}

const noTotals: Totals = { nodes: 0, nodesReady: 0, pods: 0, podsReady: 0, podsFailing: 0 };

/**
 * The page's mirror of the projection. A listener hears of one row, of the totals, or of the structure: which
 * rows exist and how they hang together, which is all that a layout depends on. So a hundred status
 * changes a second wake a hundred chips and no layout.
 */
export class RowTable {
  readonly #rows = new Map<string, Row>();
  readonly #rowListeners = new Map<string, Set<Listener>>();
  readonly #structureListeners = new Set<Listener>();
  readonly #totalsListeners = new Set<Listener>();
  #structure: Structure = { values: () => this.#rows.values() };
  #version = 0;
  #totals = noTotals;

  get(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  values(): IterableIterator<Row> {
    return this.#rows.values();
  }

  get size(): number {
    return this.#rows.size;
  }

  get structure(): Structure {
    return this.#structure;
  }

  /** Grows with every change of any row. */
  get version(): number {
    return this.#version;
  }

  get totals(): Totals {
    return this.#totals;
  }

  apply(delta: RowDelta): void {
    if (delta.upserts.length === 0 && delta.deletes.length === 0) return;
    this.#version += 1;
    const totals = { ...this.#totals };
    let structural = false;
    for (const id of delta.deletes) {
      const row = this.#rows.get(id);
      if (row === undefined) continue;
      this.#rows.delete(id);
      count(totals, row, -1);
      structural = true;
    }
    for (const row of delta.upserts) {
      const before = this.#rows.get(row.id);
      if (before !== undefined) count(totals, before, -1);
      count(totals, row, 1);
      this.#rows.set(row.id, row);
      structural ||= before === undefined || structureDiffers(before, row);
    }
    if (structural) this.#structure = { values: () => this.#rows.values() };
    const totalsDiffer = (Object.keys(totals) as (keyof Totals)[]).some(
      (key) => totals[key] !== this.#totals[key],
    );
    if (totalsDiffer) this.#totals = totals;
    // Everything is in place before anyone hears of it.
    for (const id of delta.deletes) notify(this.#rowListeners.get(id));
    for (const row of delta.upserts) notify(this.#rowListeners.get(row.id));
    if (structural) notify(this.#structureListeners);
    if (totalsDiffer) notify(this.#totalsListeners);
  }

  /** Forgets everything: a session starts anew and all its rows follow. */
  clear(): void {
    this.apply({ upserts: [], deletes: [...this.#rows.keys()] });
  }

  subscribe(id: string, listener: Listener): () => void {
    const listeners = this.#rowListeners.get(id) ?? new Set();
    this.#rowListeners.set(id, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#rowListeners.get(id) === listeners) this.#rowListeners.delete(id);
    };
  }

  subscribeStructure(listener: Listener): () => void {
    this.#structureListeners.add(listener);
    return () => this.#structureListeners.delete(listener);
  }

  subscribeTotals(listener: Listener): () => void {
    this.#totalsListeners.add(listener);
    return () => this.#totalsListeners.delete(listener);
  }
}

function notify(listeners: ReadonlySet<Listener> | undefined): void {
  if (listeners === undefined) return;
  for (const listener of listeners) listener();
}

/** True when a layout could place the row elsewhere or draw another line to it. */
function structureDiffers(before: Row, after: Row): boolean {
  if (before.type === 'pod' && after.type === 'pod')
    return before.node !== after.node || before.owner !== after.owner || before.uid !== after.uid;
  if (before.type === 'workload' && after.type === 'workload')
    return (
      before.owner !== after.owner ||
      before.uid !== after.uid ||
      (before.desired === 0 && before.ready === 0) !== (after.desired === 0 && after.ready === 0)
    );
  if (before.type === 'node' && after.type === 'node') return before.uid !== after.uid;
  if (before.type === 'edge' && after.type === 'edge')
    return before.from !== after.from || before.to !== after.to || before.relation !== after.relation;
  return before.type !== after.type;
}

function count(totals: { -readonly [key in keyof Totals]: number }, row: Row, by: 1 | -1): void {
  if (row.type === 'node') {
    totals.nodes += by;
    if (row.health === 'running') totals.nodesReady += by;
  } else if (row.type === 'pod' && row.health !== 'succeeded') {
    totals.pods += by;
    if (row.ready) totals.podsReady += by;
    if (row.health === 'failing') totals.podsFailing += by;
  }
}
