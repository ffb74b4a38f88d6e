// Upstream: client-go/tools/cache/{reflector,shared_informer,thread_safe_store}.go
import type { Kind } from '#kubernetes/api/kind.ts';
import { type KubeObject, keyOf } from '#kubernetes/api/object.ts';
import type { ApiStream, Steady, WatchEvent } from '#kubernetes/api/request.ts';
import type { Status } from '#generated/types/meta.v1.ts';
import type { Cause } from '#sim/cause.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { Client, ListOptions } from './client.ts';

/** Called for every change, under the cause of the write that made it. `undefined` is "not there". */
export type ChangeHandler<T> = (now: T | undefined, before: T | undefined) => void;

/** A failed list or watch is tried again after this, later each time. Upstream: reflector backoff. */
const retryMinMs = 800;
const retryMaxMs = 30_000;

/**
 * A cache of objects kept current by one list and one watch, shared by all who ask the same question. What it
 * holds is read-only; it lags behind the server by the delivery of watch events, as the real one does.
 */
export class Informer<T extends KubeObject> {
  readonly #simulation: Simulation;
  readonly #client: Client;
  readonly #kind: Kind<T>;
  readonly #options: ListOptions;
  readonly #objects = new Map<string, T>();
  readonly #indexes = new Map<string, Index<T>>();
  readonly #handlers: ChangeHandler<T>[] = [];
  /** What is written again and again: the cache has it as it was when that began. */
  readonly #steady = new Map<string, Steady>();
  #stream: ApiStream | null = null;
  #stopped = false;
  #synced = false;
  #retryMs = retryMinMs;

  constructor(simulation: Simulation, client: Client, kind: Kind<T>, options: ListOptions) {
    this.#simulation = simulation;
    this.#client = client;
    this.#kind = kind;
    this.#options = options;
  }

  /** True once the first list is in the cache. */
  get hasSynced(): boolean {
    return this.#synced;
  }

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  /** How far an object's writes came that differ in nothing but their time; undefined where each is in the cache. */
  steadyOf(key: string): Steady | undefined {
    return this.#steady.get(key);
  }

  /** All objects, in the order they were first seen. */
  list(): IterableIterator<T> {
    return this.#objects.values();
  }

  get size(): number {
    return this.#objects.size;
  }

  /** The objects that `indexer` filed under `value`. The index is built on the first question. */
  by(index: string, value: string): Iterable<T> {
    return this.#indexes.get(index)?.get(value, this.#objects) ?? [];
  }

  /** Files every object under the values that `valuesOf` gives for it. */
  addIndex(name: string, valuesOf: (object: T) => readonly string[]): void {
    if (!this.#indexes.has(name)) this.#indexes.set(name, new Index(valuesOf));
  }

  /** Calls `handler` for every change from now on, and for what is already there. */
  onChange(handler: ChangeHandler<T>): void {
    this.#handlers.push(handler);
    for (const object of this.#objects.values()) handler(object, undefined);
  }

  start(): void {
    if (this.#stopped || this.#stream !== null) return;
    this.#listAndWatch();
  }

  stop(): void {
    this.#stopped = true;
    this.#stream?.close();
    this.#stream = null;
  }

  #listAndWatch(): void {
    if (this.#stopped) return;
    try {
      const { items, resourceVersion } = this.#client.list(this.#kind, this.#options);
      this.#replace(items);
      this.#synced = true;
      const stream = this.#client.watch(this.#kind, this.#options, resourceVersion);
      this.#stream = stream;
      this.#retryMs = retryMinMs;
      stream.open(
        (batch) => this.#receive(batch as readonly WatchEvent<T, Cause | null>[]),
        () => this.#retry(),
      );
    } catch {
      this.#retry();
    }
  }

  #retry(): void {
    this.#stream = null;
    if (this.#stopped) return;
    this.#simulation.after(this.#retryMs, () => this.#listAndWatch(), null);
    this.#retryMs = Math.min(this.#retryMs * 2, retryMaxMs);
  }

  /** Takes a fresh list: what the cache missed becomes changes. */
  #replace(items: readonly T[]): void {
    const missing = new Map(this.#objects);
    this.#steady.clear();
    for (const object of items) {
      const key = keyOf(object);
      missing.delete(key);
      if (this.#objects.get(key)?.metadata.resourceVersion !== object.metadata.resourceVersion) {
        this.#set(key, object);
      }
    }
    for (const key of missing.keys()) this.#set(key, undefined);
  }

  #receive(batch: readonly WatchEvent<T, Cause | null>[]): void {
    for (const event of batch) {
      if (this.#stopped) return;
      if (event.type === 'BOOKMARK') continue;
      if (event.type === 'ERROR') {
        this.#stream?.close();
        if ((event.object as unknown as Status).code === 410) this.#stream = null;
        continue;
      }
      if (event.type === 'STEADY') {
        this.#steady.set(keyOf(event.object), event.steady!);
        continue;
      }
      const object = event.type === 'DELETED' ? undefined : event.object;
      this.#simulation.withCause(event.cause, () => this.#set(keyOf(event.object), object));
    }
  }

  #set(key: string, object: T | undefined): void {
    if (this.#steady.size > 0) this.#steady.delete(key);
    const before = this.#objects.get(key);
    if (object === undefined) this.#objects.delete(key);
    else this.#objects.set(key, object);
    for (const index of this.#indexes.values()) index.change(before, object);
    for (const handler of this.#handlers) handler(object, before);
  }
}

class Index<T extends KubeObject> {
  readonly #valuesOf: (object: T) => readonly string[];
  /** Null until somebody asks: many an index is never used. */
  #shelves: Map<string, Set<T>> | null = null;

  constructor(valuesOf: (object: T) => readonly string[]) {
    this.#valuesOf = valuesOf;
  }

  get(value: string, all: ReadonlyMap<string, T>): Iterable<T> | undefined {
    if (this.#shelves === null) {
      this.#shelves = new Map();
      for (const object of all.values()) this.change(undefined, object);
    }
    return this.#shelves.get(value);
  }

  change(before: T | undefined, now: T | undefined): void {
    const shelves = this.#shelves;
    if (shelves === null) return;
    for (const value of before === undefined ? [] : this.#valuesOf(before)) {
      const shelf = shelves.get(value);
      shelf?.delete(before!);
      if (shelf?.size === 0) shelves.delete(value);
    }
    for (const value of now === undefined ? [] : this.#valuesOf(now)) {
      const shelf = shelves.get(value);
      if (shelf === undefined) shelves.set(value, new Set([now!]));
      else shelf.add(now!);
    }
  }
}

/** One process's informers: whoever asks the same question shares the cache and its delivery. */
export class Informers {
  readonly #simulation: Simulation;
  readonly #client: Client;
  readonly #informers = new Map<string, Informer<KubeObject>>();
  #started = false;

  constructor(simulation: Simulation, client: Client) {
    this.#simulation = simulation;
    this.#client = client;
  }

  of<T extends KubeObject>(kind: Kind<T>, options: ListOptions = {}): Informer<T> {
    const { namespace = '', labelSelector = '', fieldSelector = '' } = options;
    const question = `${kind.plural}.${kind.group}|${kind.version}|${namespace}|${labelSelector}|${fieldSelector}`;
    let informer = this.#informers.get(question) as Informer<T> | undefined;
    if (informer === undefined) {
      informer = new Informer(this.#simulation, this.#client, kind, options);
      this.#informers.set(question, informer as unknown as Informer<KubeObject>);
      if (this.#started) informer.start();
    }
    return informer;
  }

  /** Stops following a kind that is served no longer. */
  forget(kind: Kind): void {
    const questions = `${kind.plural}.${kind.group}|${kind.version}|`;
    for (const [question, informer] of this.#informers) {
      if (!question.startsWith(questions)) continue;
      informer.stop();
      this.#informers.delete(question);
    }
  }

  /** Starts all, in the order they were asked for. */
  start(): void {
    this.#started = true;
    for (const informer of this.#informers.values()) informer.start();
  }

  stop(): void {
    this.#started = false;
    for (const informer of this.#informers.values()) informer.stop();
    this.#informers.clear();
  }
}
