import { expect, test } from 'vitest';
import { cells, created } from '../testing/kindTable.ts';
import { newEvents } from './event.ts';

const event = {
  metadata: { name: 'web.1' },
  eventTime: '2026-01-01T00:58:00.000000Z',
  regarding: { kind: 'Pod', name: 'web', namespace: 'default' },
  reportingController: 'scheduler',
  note: 'Assigned',
  type: 'Normal',
  reason: 'Scheduled',
  action: 'Binding',
  deprecatedCount: 2,
};

test('an event is kept as core/v1 under the older names, and comes back', () => {
  const object = created(newEvents, event);
  const stored = newEvents.storage!.toStored(object);
  expect(stored).toMatchObject({
    apiVersion: 'v1',
    involvedObject: event.regarding,
    reportingComponent: 'scheduler',
    message: 'Assigned',
    count: 2,
    action: 'Binding',
  });
  expect(stored).not.toHaveProperty('note');
  expect(newEvents.storage!.fromStored(stored)).toEqual(object);
});

test('columns', () => {
  expect(cells(newEvents, created(newEvents, event), true)).toMatchObject({
    'Last Seen': '2m',
    Object: 'pod/web',
    Source: 'scheduler',
    Message: 'Assigned',
    Count: 2,
  });
});

const good = { ...event, deprecatedCount: undefined, reportingInstance: 'scheduler-1' };

test.each<[string, object, string[]]>([
  ['good', good, []],
  [
    'nothing',
    { regarding: {} },
    [
      'reportingController: Required value',
      'reportingController: Invalid value: "": name part must be non-empty',
      "reportingController: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      'reportingInstance: Required value',
      'action: Required value',
      'reason: Required value',
      'eventTime: Required value',
      'type: Invalid value: "": has invalid value: ',
    ],
  ],
  ['what is of old', { ...good, deprecatedCount: 3 }, ['count: Invalid value: "": needs to be unset']],
  [
    'a long note',
    { ...good, note: 'x'.repeat(1025) },
    ['message: Invalid value: "": can have at most 1024 characters'],
  ],
  [
    'a series of one',
    { ...good, series: { count: 1 } },
    ['series.count: Invalid value: "": should be at least 2', 'series.lastObservedTime: Required value'],
  ],
])('%s', (_name, manifest, errors) => {
  const stored = newEvents.storage!.toStored(created(newEvents, manifest));
  const found = newEvents.storage!.validateNew!(stored);
  expect(found.map(({ field, message }) => `${field}: ${message}`)).toEqual(errors);
});

test('an event goes on as a series, and else stays', () => {
  const { toStored, validateUpdate } = newEvents.storage!;
  const before = toStored(created(newEvents, good));
  const series = { count: 2, lastObservedTime: '2026-01-01T00:59:00.000000Z' };
  expect(validateUpdate!(toStored(created(newEvents, { ...good, series })), before)).toEqual([]);
  const changed = toStored(created(newEvents, { ...good, note: 'other' }));
  expect(validateUpdate!(changed, before)).toMatchObject([
    { field: 'message', message: 'Invalid value: "other": field is immutable' },
  ]);
});
