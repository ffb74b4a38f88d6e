import { expect, test } from 'vitest';
import { cells, created, createErrors } from '../testing/kindTable.ts';
import { events } from './event.ts';

const event = {
  metadata: { name: 'web-1.17' },
  involvedObject: {
    apiVersion: 'v1',
    kind: 'Pod',
    name: 'web-1',
    namespace: 'default',
    fieldPath: 'spec.containers{c}',
  },
  type: 'Warning',
  reason: 'BackOff',
  message: ' Back-off restarting failed container\n',
  source: { component: 'kubelet', host: 'n1' },
  firstTimestamp: '2026-01-01T00:50:00Z',
  lastTimestamp: '2026-01-01T00:59:00Z',
  count: 4,
};

test('columns', () => {
  expect(cells(events, created(events, event), true)).toEqual({
    'Last Seen': '60s',
    Type: 'Warning',
    Reason: 'BackOff',
    Object: 'pod/web-1',
    Subobject: 'spec.containers{c}',
    Source: 'kubelet, n1',
    Message: 'Back-off restarting failed container',
    'First Seen': '10m',
    Count: 4,
    Name: 'web-1.17',
  });
});

test('a series and the newer fields are shown too', () => {
  const { firstTimestamp: _first, lastTimestamp: _last, count: _count, source: _source, ...rest } = event;
  const single = created(events, {
    ...rest,
    eventTime: '2026-01-01T00:58:00.000000Z',
    reportingComponent: 'scheduler',
  });
  expect(cells(events, single, true)).toMatchObject({ 'Last Seen': '2m', Count: 1, Source: 'scheduler' });
  const series = { count: 9, lastObservedTime: '2026-01-01T00:59:30.000000Z' };
  expect(cells(events, { ...single, series }, true)).toMatchObject({ 'Last Seen': '30s', Count: 9 });
});

test.each([
  ['default', 'default', []],
  [undefined, 'default', []],
  ['other', 'default', ['involvedObject.namespace: Invalid value: "other": does not match event.namespace']],
  [undefined, 'shop', ['involvedObject.namespace: Invalid value: "": does not match event.namespace']],
])('an event about something in %s, kept in %s', (involved, namespace, errors) => {
  const involvedObject = { kind: 'Node', name: 'n', ...(involved && { namespace: involved }) };
  expect(createErrors(events, { metadata: { namespace }, involvedObject })).toEqual(errors);
});

test.each([
  ['involvedObject.name', 'web-1'],
  ['involvedObject.kind', 'Pod'],
  ['reason', 'BackOff'],
  ['type', 'Warning'],
  ['source', 'kubelet'],
  ['involvedObject.uid', ''],
])('%s selects as %s', (field, value) => {
  expect(events.selectableFields).toContain(field);
  expect(events.fieldValue!(created(events, event), field)).toBe(value);
});
