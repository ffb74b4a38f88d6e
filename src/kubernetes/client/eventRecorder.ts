// Upstream: client-go/tools/record/{event,events_cache}.go
import type { Event, ObjectReference } from '#generated/types/core.v1.ts';
import { events } from '#kubernetes/api/core/event.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { Client } from './client.ts';
import { type Happening, isSame, sharedHappening } from './happening.ts';

/** Objects that a recorder remembers; upstream keeps as many events (maxLruCacheEntries). */
const rememberedMax = 4096;
/** Spam filter: so many events at once per source and object, then one each refill period. */
const spamBurst = 25;
const spamRefillMs = 300_000;

/** What is remembered of one object: its events, and how many more it may make. */
interface Memory {
  /** The latest events, three entries for each: what happened, the Event's name, its count. */
  readonly written: (Happening | string | number)[];
  /** When a burst may be made again, a refill period later for each event. */
  restedMs: number;
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
    const { nowMs } = this.#simulation;
    const memory = this.#memoryOf(object.metadata.uid);
    const restedMs = Math.max(memory.restedMs, nowMs) + spamRefillMs;
    if (restedMs - nowMs > spamBurst * spamRefillMs) return;
    memory.restedMs = restedMs;
    try {
      const happening = sharedHappening({ type, reason, message, fieldPath }, object.metadata.name);
      const { written } = memory;
      const before = written.findIndex((entry) => typeof entry === 'object' && isSame(entry, happening));
      if (before >= 0) {
        if (this.#countUp(object, written, before)) return;
        written.splice(before, 3);
      }
      written.push(happening, this.#create(object, happening), 1);
      if (written.length > 3 * spamBurst) written.splice(0, 3);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  }

  #create(object: KubeObject, { type, reason, message, fieldPath }: Happening): string {
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

  /** Raises the count of what stands at `at`. False when that has expired. */
  #countUp(object: KubeObject, written: Memory['written'], at: number): boolean {
    const namespace = object.metadata.namespace ?? 'default';
    const name = written[at + 1] as string;
    const count = (written[at + 2] as number) + 1;
    try {
      const body = { count, lastTimestamp: formatTime(this.#simulation.nowMs) };
      this.#client.patch(events, namespace, name, { type: 'merge', body });
      written[at + 2] = count;
      return true;
    } catch (error) {
      if (error instanceof StatusError && error.reason === 'NotFound') return false;
      throw error;
    }
  }

  #memoryOf(uid: string): Memory {
    let memory = this.#memories.get(uid);
    if (memory !== undefined) return memory;
    memory = { written: [], restedMs: 0 };
    this.#memories.set(uid, memory);
    if (this.#memories.size > rememberedMax) this.#memories.delete(this.#memories.keys().next().value!);
    return memory;
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
