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
