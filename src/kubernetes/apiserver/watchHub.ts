import type { KubeObject } from '#kubernetes/api/object.ts';
import type { WatchEvent } from '#kubernetes/api/request.ts';
import type { Directory } from '#kubernetes/etcd/directory.ts';
import type { Etcd } from '#kubernetes/etcd/etcd.ts';
import type { Repetition, Round } from '#kubernetes/etcd/repetition.ts';
import type { EtcdEvent } from '#kubernetes/etcd/version.ts';
import type { Cause } from '#sim/cause.ts';
import type { Simulation } from '#sim/simulation.ts';
import { resourceOfKey } from './storage.ts';

/** What a watcher wants to see. The narrowest of name, field and namespace decides where it is filed. */
export interface WatchFilter {
  /** As `storedResource` says it. */
  readonly resource: string;
  /** `''` for all namespaces. */
  readonly namespace: string;
  readonly name?: string;
  /** An equality on an indexed field: only events whose old or new value is this reach `matches`. */
  readonly field?: { readonly name: string; readonly value: string; of(object: KubeObject): string };
  matches(object: KubeObject): boolean;
}

type Event = WatchEvent<KubeObject, Cause | null>;

/** A watcher's undelivered events are bounded; one that falls further behind is told to list again. */
const backlogMax = 100_000;

/** One open watch: what it has not been given yet, and when each of that is committed. */
export class Watcher {
  readonly filter: WatchFilter;
  readonly #simulation: Simulation;
  readonly #deliver: (batch: readonly Event[]) => void;
  /** Set for an observer: where it says that it has something, instead of scheduling an event. */
  readonly #observers: Set<Watcher> | null;
  #waiting: { event: Event; atMs: number }[] = [];
  #scheduled = false;
  #closed = false;

  constructor(
    simulation: Simulation,
    filter: WatchFilter,
    deliver: (batch: readonly Event[]) => void,
    observers: Set<Watcher> | null,
  ) {
    this.#simulation = simulation;
    this.filter = filter;
    this.#deliver = deliver;
    this.#observers = observers;
  }

  /** Queues what this watcher sees of a write: an object may enter or leave its selection. */
  offer(event: EtcdEvent<KubeObject>, atMs: number): void {
    const { filter } = this;
    const before = event.previous?.value;
    const after = event.value;
    const had = before !== undefined && filter.matches(before);
    const has = after !== undefined && filter.matches(after);
    if (!had && !has) return;
    const type = has ? (had ? 'MODIFIED' : 'ADDED') : 'DELETED';
    const object = has ? after : atRevision(before!, event.modRevision);
    this.push({ type, object, cause: event.cause }, atMs);
  }

  push(event: Event, atMs: number): void {
    if (this.#closed) return;
    this.#waiting.push({ event, atMs });
    if (this.#observers !== null) this.#observers.add(this);
    else if (!this.#scheduled) this.#schedule();
  }

  /** Hands an observer everything at once. */
  flushObserved(): void {
    const batch = this.#waiting.map((entry) => entry.event);
    this.#waiting = [];
    if (batch.length > 0) this.#deliver(batch);
  }

  close(): void {
    this.#closed = true;
    this.#waiting = [];
  }

  get isOverdue(): boolean {
    return this.#waiting.length > backlogMax;
  }

  #schedule(): void {
    this.#scheduled = true;
    const delayMs = Math.max(0, this.#waiting[0]!.atMs - this.#simulation.nowMs);
    this.#simulation.after(delayMs, () => this.#flush(), null);
  }

  /** Hands over what is committed by now: a batch, in order, nothing coalesced. */
  #flush(): void {
    this.#scheduled = false;
    if (this.#closed) return;
    const { nowMs } = this.#simulation;
    let due = 0;
    while (due < this.#waiting.length && this.#waiting[due]!.atMs <= nowMs) due++;
    const batch = this.#waiting.slice(0, due).map((entry) => entry.event);
    this.#waiting = due === this.#waiting.length ? [] : this.#waiting.slice(due);
    if (this.#waiting.length > 0) this.#schedule();
    if (batch.length > 0) this.#deliver(batch);
  }
}

/** Watchers of one resource, filed so that a write meets only those that may want it. */
class ResourceWatchers {
  readonly #everywhere = new Set<Watcher>();
  readonly #byNamespace = new Map<string, Set<Watcher>>();
  readonly #byName = new Map<string, Set<Watcher>>();
  readonly #byField = new Map<
    string,
    { of(object: KubeObject): string; values: Map<string, Set<Watcher>> }
  >();

  /** How many watchers there are. */
  size = 0;

  file(watcher: Watcher): () => void {
    const shelf = this.#shelfOf(watcher.filter);
    shelf.add(watcher);
    this.size++;
    return () => {
      if (shelf.delete(watcher)) this.size--;
    };
  }

  offer(event: EtcdEvent<KubeObject>, atMs: number): void {
    const before = event.previous?.value;
    const after = event.value;
    const { namespace = '', name } = (after ?? before!).metadata;
    offerTo(this.#everywhere, event, atMs);
    offerTo(this.#byNamespace.get(namespace), event, atMs);
    if (this.#byName.size > 0) offerTo(this.#byName.get(`${namespace}/${name}`), event, atMs);
    for (const { of, values } of this.#byField.values()) {
      const was = before === undefined ? undefined : of(before);
      const is = after === undefined ? undefined : of(after);
      if (was !== undefined) offerTo(values.get(was), event, atMs);
      if (is !== undefined && is !== was) offerTo(values.get(is), event, atMs);
    }
  }

  *everyone(): Generator<Watcher, void, undefined> {
    yield* this.#everywhere;
    const fields = [...this.#byField.values()].map(({ values }) => values);
    for (const shelves of [this.#byNamespace, this.#byName, ...fields])
      for (const watchers of shelves.values()) yield* watchers;
  }

  #shelfOf(filter: WatchFilter): Set<Watcher> {
    if (filter.name !== undefined) return shelf(this.#byName, `${filter.namespace}/${filter.name}`);
    if (filter.field !== undefined) {
      let index = this.#byField.get(filter.field.name);
      if (index === undefined) {
        index = { of: filter.field.of, values: new Map() };
        this.#byField.set(filter.field.name, index);
      }
      return shelf(index.values, filter.field.value);
    }
    return filter.namespace === '' ? this.#everywhere : shelf(this.#byNamespace, filter.namespace);
  }
}

/** Watchers that see every put, and those that are told of repetitions as such. */
interface ResourceShelves {
  readonly all: ResourceWatchers;
  readonly skipping: ResourceWatchers;
}

/** Tells watchers that from now on what they see of a repetition is put again and again. */
function announce(repetition: Repetition<KubeObject>, watchers: Iterable<Watcher>, atMs: number): void {
  const objects = repetition.names.map((name) => repetition.newest(name).value!);
  for (const watcher of watchers) {
    const { filter } = watcher;
    for (const object of objects) {
      if (filter.namespace !== '' && filter.namespace !== object.metadata.namespace) continue;
      if (filter.name !== undefined && filter.name !== object.metadata.name) continue;
      if (filter.matches(object))
        watcher.push({ type: 'STEADY', object, cause: null, steady: repetition }, atMs);
    }
  }
}

/** Passes every committed write on to the watchers that may see it; nothing costs watchers × writes. */
export class WatchHub {
  readonly #simulation: Simulation;
  readonly #etcd: Etcd<KubeObject>;
  readonly #resources = new Map<string, ResourceShelves>();
  readonly #byDirectory = new Map<Directory<KubeObject>, ResourceShelves>();
  readonly #observers = new Set<Watcher>();
  /** When the write that is being made counts as committed; set by whoever accounts the call. */
  #commitMs = 0;

  constructor(simulation: Simulation, etcd: Etcd<KubeObject>) {
    this.#simulation = simulation;
    this.#etcd = etcd;
    etcd.watch(
      etcd.revision,
      (event) => {
        const { all, skipping } = this.#watchersOf(event.directory);
        const atMs = Math.max(this.#commitMs, simulation.nowMs);
        all.offer(event, atMs);
        if (skipping.size > 0) skipping.offer(event, atMs);
      },
      [''],
      (repetition, round) => this.#repeated(repetition, round),
    );
  }

  /** Writes from now on are committed `latencyMs` after the present. */
  account(latencyMs: number): void {
    this.#commitMs = this.#simulation.nowMs + latencyMs;
  }

  /**
   * Delivers to the observers: the page and whoever else looks on from outside. They are fed between slices
   * and not by events, so that a session runs the same whether anybody looks or not (D5).
   */
  flushObservers(): void {
    const waiting = [...this.#observers];
    this.#observers.clear();
    for (const watcher of waiting) watcher.flushObserved();
  }

  /**
   * Opens a watch. Events after `sinceRevision` that already happened are delivered first. One that is `skipping` is
   * told that an object is put again and again, and how far that came in the end, but not of every put. Throws
   * Compacted.
   */
  open(
    filter: WatchFilter,
    sinceRevision: number,
    deliver: (batch: readonly Event[]) => void,
    observer = false,
    skipping = false,
  ): { watcher: Watcher; close(): void } {
    const watcher = new Watcher(this.#simulation, filter, deliver, observer ? this.#observers : null);
    const prefix = `/registry/${filter.resource}/`;
    for (const event of this.#etcd.since(sinceRevision, Infinity, prefix)) {
      if (event.key.startsWith(prefix) && inScope(filter, event)) {
        watcher.offer(event, this.#simulation.nowMs);
      }
    }
    const shelves = this.#resource(filter.resource);
    const unfile = (skipping ? shelves.skipping : shelves.all).file(watcher);
    if (skipping) {
      for (const repetition of this.#etcd.repetitions)
        if (repetition.directory.prefix.startsWith(prefix))
          announce(repetition, [watcher], this.#simulation.nowMs);
    }
    return {
      watcher,
      close() {
        unfile();
        watcher.close();
      },
    };
  }

  #repeated(repetition: Repetition<KubeObject>, round: Round<KubeObject> | null): void {
    const { all, skipping } = this.#watchersOf(repetition.directory);
    const { nowMs } = this.#simulation;
    if (round !== null) {
      if (all.size === 0) return;
      for (const event of repetition.versionsOf(round)) all.offer(event, repetition.seenMs);
    } else if (skipping.size === 0) return;
    else if (repetition.isOver) {
      for (const name of repetition.names)
        skipping.offer(repetition.newest(name), Math.max(repetition.seenMs, nowMs));
    } else announce(repetition, skipping.everyone(), Math.max(this.#commitMs, nowMs));
  }

  #watchersOf(directory: Directory<KubeObject>): ResourceShelves {
    let watchers = this.#byDirectory.get(directory);
    if (watchers === undefined) {
      watchers = this.#resource(resourceOfKey(directory.prefix));
      this.#byDirectory.set(directory, watchers);
    }
    return watchers;
  }

  #resource(name: string): ResourceShelves {
    let resource = this.#resources.get(name);
    if (resource === undefined) {
      resource = { all: new ResourceWatchers(), skipping: new ResourceWatchers() };
      this.#resources.set(name, resource);
    }
    return resource;
  }
}

function inScope(filter: WatchFilter, event: EtcdEvent<KubeObject>): boolean {
  const { metadata } = event.value ?? event.previous!.value!;
  return (
    (filter.namespace === '' || filter.namespace === metadata.namespace) &&
    (filter.name === undefined || filter.name === metadata.name)
  );
}

function shelf(shelves: Map<string, Set<Watcher>>, key: string): Set<Watcher> {
  let found = shelves.get(key);
  if (found === undefined) {
    found = new Set();
    shelves.set(key, found);
  }
  return found;
}

function offerTo(watchers: Set<Watcher> | undefined, event: EtcdEvent<KubeObject>, atMs: number): void {
  if (watchers !== undefined) for (const watcher of watchers) watcher.offer(event, atMs);
}

function atRevision(object: KubeObject, revision: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}
