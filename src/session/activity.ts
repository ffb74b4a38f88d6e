import type { Event } from '#generated/types/core.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { Etcd } from '#kubernetes/etcd/etcd.ts';
import type { EtcdEvent } from '#kubernetes/etcd/version.ts';
import type { ActivityRow } from '#protocol/rows.ts';
import { actorName } from './actor.ts';
import { rowIdOfKey } from './rowIdOfKey.ts';

/** Rows kept until the page takes them; when it is away for longer, the oldest go. */
const waitingMax = 2_000;

/** Heartbeats and bookkeeping that would drown what happens. */
const silent = new Set(['leases', 'endpoints', 'controllerrevisions']);

/** What happened, as lines for the strip: writes and Events, from the store's own watch. */
export class ActivityLog {
  #waiting: ActivityRow[] = [];
  #sequence = 0;

  constructor(etcd: Etcd<KubeObject>) {
    etcd.watch(
      etcd.revision,
      (event) => this.#take(event),
      [''],
      () => {},
    );
  }

  /** Adds a line that is not a write: an input, a fault. */
  add(row: Omit<ActivityRow, 'sequence'>): void {
    this.#waiting.push({ ...row, sequence: ++this.#sequence });
    if (this.#waiting.length > waitingMax) this.#waiting = this.#waiting.slice(-waitingMax / 2);
  }

  /** The rows since the last call, oldest first. */
  take(): readonly ActivityRow[] {
    const rows = this.#waiting;
    this.#waiting = [];
    return rows;
  }

  #take({ key, value, cause, previous }: EtcdEvent<KubeObject>): void {
    const id = rowIdOfKey(key);
    const plural = id.slice(0, id.indexOf('/'));
    if (silent.has(plural)) return;
    const atMs = cause?.atMs ?? 0;
    if (plural === 'events') {
      if (value !== undefined) this.#addEvent(value as Event, atMs);
      return;
    }
    if (plural === 'nodes' && previous !== undefined && isHeartbeat(value, previous.value)) return;
    const verb =
      value === undefined ? 'delete' : previous === undefined ? 'create' : (cause?.action ?? 'update');
    this.add({
      atMs,
      type: 'write',
      actor: actorName(cause?.actor ?? ''),
      text: `${verb} ${id}`,
      subject: id,
      level: 'normal',
    });
  }

  #addEvent(event: Event, atMs: number): void {
    const { kind, namespace, name } = event.involvedObject;
    const plural = `${(kind ?? '').toLowerCase()}s`;
    this.add({
      atMs,
      type: 'event',
      actor: event.source?.component ?? '',
      text: `${event.reason}: ${event.message}`,
      subject: kind === 'Node' ? `nodes/${name}` : `${plural}/${namespace}/${name}`,
      level: event.type === 'Warning' ? 'warning' : 'normal',
    });
  }
}

/** A node's status that differs in nothing but its heartbeat times. */
function isHeartbeat(now: KubeObject | undefined, before: KubeObject | undefined): boolean {
  const words = (object: KubeObject | undefined) => {
    const status = (object as { status?: { conditions?: { type: string; status: string }[] } } | undefined)
      ?.status;
    return (status?.conditions ?? []).map((entry) => `${entry.type}=${entry.status}`).join();
  };
  return (
    now !== undefined &&
    words(now) === words(before) &&
    now.metadata.generation === before?.metadata.generation
  );
}
