// Upstream: pkg/apis/events/v1/conversion.go
import type { Event as CoreEvent } from '#generated/types/core.v1.ts';
import type { Event } from '#generated/types/events.v1.ts';
import type { Column, Kind } from '../kind.ts';
import type { KubeObject } from '../object.ts';
import { events as coreEvents } from '../core/event.ts';

export type { Event };

/** Fields of events.k8s.io under the names that core has for them. */
const coreNames = {
  note: 'message',
  regarding: 'involvedObject',
  reportingController: 'reportingComponent',
  deprecatedCount: 'count',
  deprecatedFirstTimestamp: 'firstTimestamp',
  deprecatedLastTimestamp: 'lastTimestamp',
  deprecatedSource: 'source',
} as const;

const newNames = Object.fromEntries(Object.entries(coreNames).map(([name, core]) => [core, name]));

function renamed(object: object, names: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [names[key] ?? key, value]));
}

function toStored(event: Event): CoreEvent {
  const core = renamed(event, coreNames);
  return { involvedObject: {}, ...core, apiVersion: 'v1', kind: 'Event' } as unknown as CoreEvent;
}

function fromStored(object: KubeObject): Event {
  return { ...renamed(object, newNames), apiVersion: 'events.k8s.io/v1' } as unknown as Event;
}

/** A column of the core kind, shown of an event in this form. */
function viewed(shown: Column<CoreEvent>): Column<Event> {
  return { ...shown, value: (event, nowMs) => shown.value(toStored(event), nowMs) };
}

/** The newer form of events: the same objects, kept as core/v1. */
export const newEvents: Kind<Event> = {
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  categories: [],
  namespaced: true,
  schema: 'io.k8s.api.events.v1.Event',
  hasStatus: false,
  storage: { kind: coreEvents, toStored, fromStored },
  columns: coreEvents.columns.map(viewed),
};
