// Upstream: client-go/tools/record/{event,events_cache}.go
import type { Event, ObjectReference } from '#generated/types/core.v1.ts';
import { events } from '#kubernetes/api/core/event.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { Client } from './client.ts';

/** Objects that a recorder remembers; upstream keeps as many events (maxLruCacheEntries). */
const rememberedMax = 4096;
/** Spam filter: so many events at once per source and object, then one each refill period. */
const spamBurst = 25;
const spamRefillMs = 300_000;

/** An event that was written, to be counted up when it happens again. Its texts are the Event's own. */
interface Written {
  readonly name: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly fieldPath: string | undefined;
  count: number;
}

/** What is remembered of one object: its events, and how many more it may make. */
interface Memory {
  readonly written: Written[];
  tokens: number;
  atMs: number;
}

/** Writes Events as one component; the same event again only raises the count of the first. */
export class EventRecorder {
  readonly #simulation: Simulation;
  readonly #client: Client;
  readonly #component: string;
  readonly #host: string;
  readonly #source: Event['source'];
  readonly #memories = new Map<string, Memory>();

  constructor(simulation: Simulation, client: Client, component: string, host = '') {
    this.#simulation = simulation;
    this.#client = client;
    this.#component = component;
    this.#host = host;
    this.#source = { component, ...(host && { host }) };
  }

  /** Records that `reason` happened to `object`. A failure to write it is dropped, as upstream drops it. */
  event(
    object: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    fieldPath?: string,
  ): void {
    const memory = this.#memoryOf(object.metadata.uid);
    if (!this.#allows(memory)) return;
    try {
      const before = memory.written.find(
        (entry) =>
          entry.message === message &&
          entry.reason === reason &&
          entry.type === type &&
          entry.fieldPath === fieldPath,
      );
      if (before !== undefined && this.#countUp(object, before)) return;
      const name = this.#create(object, type, reason, message, fieldPath);
      memory.written.push({ name, type, reason, message, fieldPath, count: 1 });
      if (memory.written.length > spamBurst) memory.written.shift();
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  }

  #create(
    object: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    fieldPath?: string,
  ): string {
    const { namespace = 'default', name } = object.metadata;
    const now = formatTime(this.#simulation.nowMs);
    const created = this.#client.create<Event>(events, {
      metadata: { name: `${name}.${instant(this.#simulation)}`, namespace },
      involvedObject: referenceTo(object, fieldPath),
      reason,
      message,
      source: this.#source,
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      type,
      reportingComponent: this.#component,
      reportingInstance: this.#host,
    });
    return created.metadata.name;
  }

  /** False when the first one has expired. */
  #countUp(object: KubeObject, written: Written): boolean {
    const namespace = object.metadata.namespace ?? 'default';
    try {
      const body = { count: written.count + 1, lastTimestamp: formatTime(this.#simulation.nowMs) };
      this.#client.patch(events, namespace, written.name, { type: 'merge', body });
      written.count++;
      return true;
    } catch (error) {
      if (error instanceof StatusError && error.reason === 'NotFound') return false;
      throw error;
    }
  }

  #memoryOf(uid: string): Memory {
    let memory = this.#memories.get(uid);
    if (memory !== undefined) return memory;
    memory = { written: [], tokens: spamBurst, atMs: this.#simulation.nowMs };
    this.#memories.set(uid, memory);
    if (this.#memories.size > rememberedMax) this.#memories.delete(this.#memories.keys().next().value!);
    return memory;
  }

  /** Takes a token of the object's; they come back slowly. */
  #allows(memory: Memory): boolean {
    const { nowMs } = this.#simulation;
    memory.tokens = Math.min(spamBurst, memory.tokens + (nowMs - memory.atMs) / spamRefillMs);
    memory.atMs = nowMs;
    if (memory.tokens < 1) return false;
    memory.tokens--;
    return true;
  }
}

/** Event names so far, per simulation: what keeps those of one instant apart, and in order. */
const named = new WeakMap<Simulation, number>();

/**
 * The present instant in nanoseconds, in hexadecimal, as event names end. Names sort by time: that is what puts
 * the events of one second in their order. The last digits only count.
 */
function instant(simulation: Simulation): string {
  const count = named.get(simulation) ?? 0;
  named.set(simulation, count + 1);
  const nanoseconds = BigInt(Math.floor(simulation.nowMs)) * 1_000_000n + BigInt(count % 1_000_000);
  return nanoseconds.toString(16).padStart(16, '0');
}

function referenceTo(object: KubeObject, fieldPath?: string): ObjectReference {
  const { namespace, name, uid, resourceVersion } = object.metadata;
  return {
    kind: object.kind,
    apiVersion: object.apiVersion,
    ...(namespace && { namespace }),
    name,
    uid,
    resourceVersion,
    ...(fieldPath && { fieldPath }),
  };
}
