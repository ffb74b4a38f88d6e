// Upstream: client-go/tools/record/{event,events_cache}.go
import type { Event, ObjectReference } from '#generated/types/core.v1.ts';
import { events } from '#kubernetes/api/core/event.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { Client } from './client.ts';

/** Upstream: maxLruCacheEntries. */
const rememberedMax = 4096;
/** Spam filter: so many events at once per source and object, then one each refill period. */
const spamBurst = 25;
const spamRefillMs = 300_000;

interface Remembered {
  name: string;
  count: number;
}

/** Writes Events as one component; the same event again only raises the count of the first. */
export class EventRecorder {
  readonly #simulation: Simulation;
  readonly #client: Client;
  readonly #component: string;
  readonly #host: string;
  readonly #remembered = new Map<string, Remembered>();
  readonly #spam = new Map<string, { tokens: number; atMs: number }>();

  constructor(simulation: Simulation, client: Client, component: string, host = '') {
    this.#simulation = simulation;
    this.#client = client;
    this.#component = component;
    this.#host = host;
  }

  /** Records that `reason` happened to `object`. A failure to write it is dropped, as upstream drops it. */
  event(
    object: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    fieldPath?: string,
  ): void {
    const { uid } = object.metadata;
    if (!this.#allows(uid)) return;
    const identity = `${uid}|${fieldPath ?? ''}|${type}|${reason}|${message}`;
    try {
      const before = this.#remembered.get(identity);
      if (before !== undefined && this.#countUp(object, before)) return;
      const name = this.#create(object, type, reason, message, fieldPath);
      this.#remembered.set(identity, { name, count: 1 });
      if (this.#remembered.size > rememberedMax) {
        this.#remembered.delete(this.#remembered.keys().next().value!);
      }
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
    const suffix = this.#simulation.random('event-names').uint32().toString(16).padStart(8, '0');
    const created = this.#client.create<Event>(events, {
      metadata: { name: `${name}.${suffix}${suffix.slice(0, 4)}`, namespace },
      involvedObject: referenceTo(object, fieldPath),
      reason,
      message,
      source: { component: this.#component, ...(this.#host && { host: this.#host }) },
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
  #countUp(object: KubeObject, remembered: Remembered): boolean {
    const namespace = object.metadata.namespace ?? 'default';
    try {
      const body = { count: remembered.count + 1, lastTimestamp: formatTime(this.#simulation.nowMs) };
      this.#client.patch(events, namespace, remembered.name, { type: 'merge', body });
      remembered.count++;
      return true;
    } catch (error) {
      if (error instanceof StatusError && error.reason === 'NotFound') return false;
      throw error;
    }
  }

  #allows(uid: string): boolean {
    const { nowMs } = this.#simulation;
    let bucket = this.#spam.get(uid);
    if (bucket === undefined) {
      bucket = { tokens: spamBurst, atMs: nowMs };
      this.#spam.set(uid, bucket);
      if (this.#spam.size > rememberedMax) this.#spam.delete(this.#spam.keys().next().value!);
    }
    bucket.tokens = Math.min(spamBurst, bucket.tokens + (nowMs - bucket.atMs) / spamRefillMs);
    bucket.atMs = nowMs;
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }
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
