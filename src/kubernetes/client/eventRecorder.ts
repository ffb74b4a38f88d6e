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

/**
 * What is remembered of one object: first when a burst may be made again (a refill period later for each event),
 * then its latest events, two entries for each: what happened, and the name of the Event. It is never made longer
 * but copied, because a list that grows keeps room.
 */
type Memory = readonly Remembered[];
type Remembered = number | Happening | string;

const unknown: Memory = [0];

/** Where an event stands; 0 where it does not. */
function placeOf(happening: Happening, memory: Memory): number {
  for (let at = 1; at < memory.length; at += 2) if (isSame(memory[at] as Happening, happening)) return at;
  return 0;
}

function without(place: number, memory: Memory): Memory {
  return memory.slice(0, place).concat(memory.slice(place + 2));
}

/** Writes Events as one component; the same event again only raises the count of the first. */
export class EventRecorder {
  readonly #simulation: Simulation;
  readonly #client: Client;
  readonly #component: string;
  readonly #host: string;
  readonly #source: Event['source'];
  readonly #named: { count: number };
  readonly #memories = new Map<string, Memory>();
  /** By name of Event, of those that happened more than once. */
  readonly #counts = new Map<string, number>();

  constructor(simulation: Simulation, client: Client, component: string, host = '') {
    this.#simulation = simulation;
    this.#client = client;
    this.#component = component;
    this.#host = host;
    this.#named = namedIn(simulation);
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
    const { uid } = object.metadata;
    let memory = this.#memories.get(uid) ?? unknown;
    const restedMs = Math.max(memory[0] as number, nowMs) + spamRefillMs;
    if (restedMs - nowMs > spamBurst * spamRefillMs) return;
    try {
      const happening = sharedHappening({ type, reason, message, fieldPath }, object.metadata.name);
      const before = placeOf(happening, memory);
      if (before > 0) {
        if (this.#countUp(object, memory[before + 1] as string)) return;
        memory = without(before, memory);
      }
      memory = memory.concat([happening, this.#create(object, happening)]);
      if (memory.length > 1 + 2 * spamBurst) {
        this.#counts.delete(memory[2] as string);
        memory = without(1, memory);
      }
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    } finally {
      const remembered = memory.slice();
      remembered[0] = restedMs;
      this.#remember(uid, remembered);
    }
  }

  #create(object: KubeObject, { type, reason, message, fieldPath }: Happening): string {
    const { namespace = 'default', name } = object.metadata;
    const now = formatTime(this.#simulation.nowMs);
    const created = this.#client.create<Event>(events, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name}.${instant(this.#simulation.nowMs, this.#named.count++)}`, namespace },
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

  /** Raises the count of an Event. False when that has expired. */
  #countUp(object: KubeObject, name: string): boolean {
    const namespace = object.metadata.namespace ?? 'default';
    const count = (this.#counts.get(name) ?? 1) + 1;
    try {
      const body = { count, lastTimestamp: formatTime(this.#simulation.nowMs) };
      this.#client.patch(events, namespace, name, { type: 'merge', body });
      this.#counts.set(name, count);
      return true;
    } catch (error) {
      if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error;
      this.#counts.delete(name);
      return false;
    }
  }

  #remember(uid: string, memory: Memory): void {
    this.#memories.set(uid, memory);
    if (this.#memories.size <= rememberedMax) return;
    const [oldest, forgotten] = this.#memories.entries().next().value!;
    this.#memories.delete(oldest);
    for (const entry of forgotten) if (typeof entry === 'string') this.#counts.delete(entry);
  }
}

/** Event names so far, per simulation: what keeps those of one instant apart, and in order. */
const named = new WeakMap<Simulation, { count: number }>();

function namedIn(simulation: Simulation): { count: number } {
  let known = named.get(simulation);
  if (known === undefined) {
    known = { count: 0 };
    named.set(simulation, known);
  }
  return known;
}

/**
 * The present instant in nanoseconds, in hexadecimal, as event names end. Names sort by time: that is what puts
 * the events of one second in their order. The last digits only count. No number holds it exactly, two do: the one
 * of its last sixteen bits, and the one of the others.
 */
function instant(nowMs: number, count: number): string {
  const ms = Math.floor(nowMs);
  const low = (ms % 0x1_0000) * 1_000_000 + (count % 1_000_000);
  const high = Math.floor(ms / 0x1_0000) * 1_000_000 + Math.floor(low / 0x1_0000);
  return high.toString(16).padStart(12, '0') + (low % 0x1_0000).toString(16).padStart(4, '0');
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
