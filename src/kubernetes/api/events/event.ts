// Upstream: pkg/apis/events/v1/conversion.go, pkg/apis/core/validation/events.go
import type { Event as CoreEvent } from '#generated/types/core.v1.ts';
import type { Event } from '#generated/types/events.v1.ts';
import { invalidValue, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkLabelKey } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { invalidFor, validateImmutable } from '../fieldChecks.ts';
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

/** Upstream: ReportingInstanceLengthLimit and its like, counted in characters. */
const lengthsMax = { reportingInstance: 128, action: 128, reason: 128, message: 1024 } as const;

function validateSeries({ series }: CoreEvent): FieldError[] {
  if (series === undefined) return [];
  return [
    ...((series.count ?? 0) < 2 ? [invalidValue('series.count', '', 'should be at least 2')] : []),
    ...(series.lastObservedTime ? [] : [required('series.lastObservedTime')]),
  ];
}

/** Events of this form say more than those of old, and nothing in the fields of old. */
function validateNew(object: KubeObject): FieldError[] {
  const event = object as CoreEvent;
  const { reportingComponent = '', type = '' } = event;
  const errors: FieldError[] = [];
  if (reportingComponent === '') errors.push(required('reportingController'));
  errors.push(...invalidFor('reportingController', reportingComponent, checkLabelKey(reportingComponent)));
  for (const [field, most] of Object.entries(lengthsMax)) {
    const text = event[field as keyof typeof lengthsMax] ?? '';
    if (text === '' && field !== 'message') errors.push(required(field));
    if (text.length > most) errors.push(invalidValue(field, '', `can have at most ${most} characters`));
  }
  errors.push(...validateSeries(event));
  if (!event.eventTime) errors.push(required('eventTime'));
  if (type !== 'Normal' && type !== 'Warning')
    errors.push(invalidValue('type', '', `has invalid value: ${type}`));
  for (const field of ['firstTimestamp', 'lastTimestamp', 'count'] as const)
    if (event[field]) errors.push(invalidValue(field, '', 'needs to be unset'));
  if (event.source?.component || event.source?.host)
    errors.push(invalidValue('source', '', 'needs to be unset'));
  return errors;
}

/** What stays as it is: an event of this form only goes on as a series. Names of fields are those of core. */
const fixed = [
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'type',
  'eventTime',
  'action',
  'related',
] as const;

function validateUpdate(object: KubeObject, before: KubeObject): FieldError[] {
  const [event, old] = [object as CoreEvent, before as CoreEvent];
  return [
    ...(deepEqual(event.series, old.series) ? [] : validateSeries(event)),
    ...fixed.flatMap((field) => validateImmutable(field, event[field], old[field])),
    ...validateImmutable('reportingController', event.reportingComponent, old.reportingComponent),
    ...validateImmutable('reportingInstance', event.reportingInstance, old.reportingInstance),
  ];
}

/** A column of the core kind, shown of an event in this form. */
function viewed(shown: Column<CoreEvent>): Column<Event> {
  return { ...shown, value: (event, nowMs) => shown.value(toStored(event), nowMs) };
}

/** Upstream: pkg/apis/events/v1/conversion.go */
const fieldNames: Readonly<Record<string, string>> = {
  'regarding.kind': 'involvedObject.kind',
  'regarding.namespace': 'involvedObject.namespace',
  'regarding.name': 'involvedObject.name',
  'regarding.uid': 'involvedObject.uid',
  'regarding.apiVersion': 'involvedObject.apiVersion',
  'regarding.resourceVersion': 'involvedObject.resourceVersion',
  'regarding.fieldPath': 'involvedObject.fieldPath',
  reportingController: 'reportingComponent',
};

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
  storage: { kind: coreEvents, toStored, fromStored, fieldNames, validateNew, validateUpdate },
  columns: coreEvents.columns.map(viewed),
};
