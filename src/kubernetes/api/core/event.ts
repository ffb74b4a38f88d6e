import type { Event } from '#generated/types/core.v1.ts';
import { invalidValue } from '#kubernetes/apimachinery/fieldErrors.ts';
import { age } from '../age.ts';
import { column, wideColumn } from '../columns.ts';
import type { Kind } from '../kind.ts';

export type { Event };

function firstSeen({ firstTimestamp, eventTime }: Event, nowMs: number): string {
  return age(firstTimestamp || eventTime, nowMs);
}

function lastSeen(event: Event, nowMs: number): string {
  if (event.series !== undefined) return age(event.series.lastObservedTime, nowMs);
  return event.lastTimestamp ? age(event.lastTimestamp, nowMs) : firstSeen(event, nowMs);
}

function formatObject({ involvedObject: { kind, name } }: Event): string {
  const lower = (kind ?? '').toLowerCase();
  return name ? `${lower}/${name}` : lower;
}

function formatSource({ source, reportingComponent, reportingInstance }: Event): string {
  const component = source?.component || reportingComponent || '';
  const host = source?.host || reportingInstance;
  return host ? `${component}, ${host}` : component;
}

const fields: Readonly<Record<string, (event: Event) => string | undefined>> = {
  'involvedObject.kind': (event) => event.involvedObject.kind,
  'involvedObject.namespace': (event) => event.involvedObject.namespace,
  'involvedObject.name': (event) => event.involvedObject.name,
  'involvedObject.uid': (event) => event.involvedObject.uid,
  'involvedObject.apiVersion': (event) => event.involvedObject.apiVersion,
  'involvedObject.resourceVersion': (event) => event.involvedObject.resourceVersion,
  'involvedObject.fieldPath': (event) => event.involvedObject.fieldPath,
  reason: (event) => event.reason,
  reportingComponent: (event) => event.reportingComponent,
  source: (event) => event.source?.component || event.reportingComponent,
  type: (event) => event.type,
};

export const events: Kind<Event> = {
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  categories: [],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.Event',
  hasStatus: false,

  // Events of cluster-scoped objects are kept in the namespace `default`.
  validate({ metadata, involvedObject }) {
    const isIn = involvedObject.namespace
      ? involvedObject.namespace === metadata.namespace
      : metadata.namespace === 'default';
    const why = 'does not match event.namespace';
    return isIn ? [] : [invalidValue('involvedObject.namespace', involvedObject.namespace ?? '', why)];
  },

  selectableFields: Object.keys(fields),
  fieldValue: (event, field) => fields[field]?.(event) ?? '',
  columns: [
    column('Last Seen', lastSeen),
    column('Type', ({ type }) => type ?? ''),
    column('Reason', ({ reason }) => reason ?? ''),
    column('Object', formatObject),
    wideColumn('Subobject', ({ involvedObject }) => involvedObject.fieldPath ?? ''),
    wideColumn('Source', formatSource),
    column('Message', ({ message }) => (message ?? '').trim()),
    wideColumn('First Seen', firstSeen),
    wideColumn('Count', ({ series, count }) => series?.count ?? (count || 1)),
    { ...wideColumn('Name', ({ metadata }) => metadata.name), format: 'name' },
  ],
};
