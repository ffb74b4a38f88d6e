import { expect, test } from 'vitest';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { events } from '#kubernetes/api/core/event.ts';
import { Etcd } from '#kubernetes/etcd/etcd.ts';
import { type Cause, causeOf, trailOf } from '#sim/cause.ts';
import { Simulation } from '#sim/simulation.ts';
import { PackedEvent } from './packedEvent.ts';
import { Storage } from './storage.ts';

interface Fields {
  [field: string]: unknown;
  metadata: Record<string, unknown> & { name: string; namespace: string };
  involvedObject: Record<string, unknown>;
}

/** An Event as the recorder writes it and the server stores it. */
function stored(change: (event: Fields) => void): KubeObject {
  const event: Fields = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: 'web.18878c1a1f5f6a00',
      namespace: 'default',
      uid: '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
      creationTimestamp: '2026-01-05T00:00:00Z',
      resourceVersion: '2',
    },
    involvedObject: {
      kind: 'Pod',
      apiVersion: 'v1',
      namespace: 'default',
      name: 'web',
      uid: 'u',
      resourceVersion: '1',
      fieldPath: 'spec.containers{c}',
    },
    reason: 'Started',
    message: 'Container started',
    source: { component: 'kubelet', host: 'node-1' },
    firstTimestamp: '2026-01-05T00:00:00Z',
    lastTimestamp: '2026-01-05T00:00:00Z',
    count: 1,
    type: 'Normal',
    reportingComponent: 'kubelet',
    reportingInstance: 'node-1',
  };
  change(event);
  return event as unknown as KubeObject;
}

function linksOf(cause: Cause | null): unknown {
  return trailOf(cause).map((link) => [
    link.atMs,
    link.actor,
    link.action,
    link.subject,
    link.depth,
    link.cut,
  ]);
}

/** What is read back of an Event that is kept packed, and whether it was. */
function keep(event: KubeObject): { text: string; isPacked: boolean } {
  const simulation = new Simulation({ seed: 'test', startMs: Date.UTC(2026, 0, 5) + 7 });
  const storage = new Storage(new Etcd<KubeObject>(simulation));
  let isPacked = false;
  const pack = (object: KubeObject, cause: Cause) => {
    const packed = PackedEvent.of(object, cause);
    isPacked = packed !== undefined;
    return packed;
  };
  const tick = causeOf(null, simulation.nowMs, 'kubelet', 'tick', '');
  const cause = causeOf(tick, simulation.nowMs, 'system:node:node-1', 'create', '', 2);
  const written = simulation.withCause(cause, () => storage.put(events, event, undefined, { pack }));
  expect(written.metadata.resourceVersion).toBe('2');
  const { namespace = '', name } = event.metadata;
  const read = storage.record(events, namespace, name)!;
  expect([read.cause, read.created].map(linksOf)).toEqual([linksOf(cause), linksOf(cause)]);
  return { text: JSON.stringify(read.value), isPacked };
}

test.each<[string, boolean, (event: Fields) => void]>([
  ['as the kubelet writes it', true, () => {}],
  ['about itself', true, (event) => (event.message = 'Created pod: web')],
  ['with its name in the middle', true, (event) => (event.message = 'Assigned default/web to node-1')],
  ['with its name twice', true, (event) => (event.message = 'web is web')],
  ['with nothing to say', true, (event) => (event.message = '')],
  ['without a path', true, (event) => delete event.involvedObject.fieldPath],
  [
    'without a host',
    true,
    (event) => {
      event.source = { component: 'default-scheduler' };
      event.reportingComponent = 'default-scheduler';
      event.reportingInstance = '';
    },
  ],
  ['of a cluster-scoped object', true, (event) => delete event.involvedObject.namespace],
  ['counted up', false, (event) => (event.count = 2)],
  ['counted up at another time', false, (event) => (event.lastTimestamp = '2026-01-05T00:00:01Z')],
  ['with a label', false, (event) => (event.metadata.labels = { a: 'b' })],
  ['with a series', false, (event) => (event.series = { count: 3 })],
  ['named otherwise', false, (event) => (event.metadata.name = 'mine')],
  ['of a uid that is none of ours', false, (event) => (event.metadata.uid = 'mine')],
  [
    'in another order',
    false,
    (event) => {
      const { type } = event;
      delete event.type;
      event.type = type;
    },
  ],
])('an Event %s reads as it was (packed: %s)', (_, isPacked, change) => {
  const event = stored(change);
  expect(keep(event)).toEqual({ text: JSON.stringify(event), isPacked });
});
