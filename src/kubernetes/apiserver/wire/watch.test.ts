import { beforeEach, expect, test } from 'vitest';
import type { WatchEvent } from '#kubernetes/api/request.ts';
import { TestServer } from '../testServer.ts';

let server: TestServer;

const configMaps = '/api/v1/namespaces/default/configmaps';
const make = (name: string, labels: Record<string, string> = {}) =>
  server.send('POST', configMaps, { body: { metadata: { name, labels } } });
const texts = (events: readonly (WatchEvent | null)[]) =>
  events.map((event) =>
    event === null
      ? 'end'
      : `${event.type} ${event.object.metadata.name ?? event.object.metadata.resourceVersion}`,
  );

beforeEach(() => {
  server = new TestServer();
  make('a');
});

test('bookmarks come only to who asks for them: each minute, and before the end', () => {
  const { revision } = server.etcd;
  const plain = server.watch(`${configMaps}?watch=true&resourceVersion=${revision}&timeoutSeconds=150`);
  const marked = server.watch(
    `${configMaps}?watch=true&resourceVersion=${revision}&timeoutSeconds=150&allowWatchBookmarks=true`,
  );
  server.runTo(90_000);
  make('b');
  server.runTo(200_000);
  expect(texts(plain)).toEqual(['ADDED b', 'end']);
  expect(texts(marked)).toEqual([
    `BOOKMARK ${revision}`,
    'ADDED b',
    `BOOKMARK ${revision + 1}`,
    `BOOKMARK ${revision + 1}`,
    'end',
  ]);
  expect(marked[0]?.object).toEqual({
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: { resourceVersion: String(revision) },
  });
});

test('initial events end with a bookmark that says so', () => {
  const events = server.watch(
    `${configMaps}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
  );
  server.runTo(1);
  expect(texts(events)).toEqual(['ADDED a', `BOOKMARK ${server.etcd.revision}`]);
  expect(events[1]?.object.metadata).toMatchObject({ annotations: { 'k8s.io/initial-events-end': 'true' } });
});

test('a watch may begin with now, without what there is', () => {
  const events = server.watch(
    `${configMaps}?watch=1&sendInitialEvents=false&resourceVersionMatch=NotOlderThan`,
  );
  make('b');
  server.runTo(10);
  expect(texts(events)).toEqual(['ADDED b']);
});

test('a watch without a timeout lasts half an hour to an hour', () => {
  const events = server.watch(`${configMaps}?watch=true&resourceVersion=${server.etcd.revision}`);
  server.runTo(1_799_000);
  expect(texts(events)).toEqual([]);
  server.runTo(3_600_001);
  expect(texts(events)).toEqual(['end']);
});

test('a selection is entered and left', () => {
  const events = server.watch(`${configMaps}?watch=true&labelSelector=in&resourceVersion=0`);
  const label = (name: string, labels: unknown) =>
    server.send('PATCH', `${configMaps}/${name}`, { body: { metadata: { labels } } });
  label('a', { in: '1' });
  label('a', { in: '2' });
  label('a', { in: null });
  label('a', { out: '' });
  server.runTo(10);
  expect(texts(events)).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a']);
});

test('the old path of a watch watches one object', () => {
  const events = server.watch('/api/v1/watch/namespaces/default/configmaps/b');
  make('b');
  make('c');
  server.send('DELETE', `${configMaps}/b`);
  server.runTo(10);
  expect(texts(events)).toEqual(['ADDED b', 'DELETED b']);
});

test('what went by before compaction is an ERROR event', () => {
  server.etcd.compact(server.etcd.revision);
  const events = server.watch(`${configMaps}?watch=true&resourceVersion=1`);
  server.runTo(1);
  expect(events).toMatchObject([
    {
      type: 'ERROR',
      object: {
        kind: 'Status',
        code: 410,
        reason: 'Expired',
        message: `too old resource version: 1 (${server.etcd.revision})`,
      },
    },
    null,
  ]);
});

test('a watch from a revision that is still to come is silent until then', () => {
  const { revision } = server.etcd;
  const events = server.watch(`${configMaps}?watch=true&resourceVersion=${revision + 1}`);
  make('b');
  make('c');
  server.runTo(10);
  expect(texts(events)).toEqual(['ADDED c']);
});

test('tables and metadata can be watched too', () => {
  const accept = (as: string) => ({ accept: `application/json;as=${as};v=v1;g=meta.k8s.io` });
  const tables = server.watch(`${configMaps}?watch=true&allowWatchBookmarks=1`, accept('Table'));
  const metadata = server.watch(`${configMaps}?watch=true`, accept('PartialObjectMetadata'));
  make('b');
  server.runTo(60_001);
  expect(tables).toMatchObject([
    {
      object: {
        kind: 'Table',
        columnDefinitions: [{ name: 'Name' }, {}, {}],
        rows: [{ cells: ['a', 0, '0s'] }],
      },
    },
    { object: { kind: 'Table', columnDefinitions: null, rows: [{ cells: ['b', 0, '0s'] }] } },
    { type: 'BOOKMARK', object: { kind: 'Table', rows: [{ cells: ['', '', ''] }] } },
  ]);
  expect(metadata).toMatchObject([
    { type: 'ADDED', object: { kind: 'PartialObjectMetadata', metadata: { name: 'a' } } },
    { type: 'ADDED', object: { kind: 'PartialObjectMetadata', metadata: { name: 'b' } } },
  ]);
});

test('a thousand watches of one kind cost a write one offer each, and end when closed', () => {
  const { stream } = server.send('GET', `${configMaps}?watch=true&resourceVersion=0`);
  const events: unknown[] = [];
  stream!.open(
    (batch) => events.push(...batch),
    () => events.push('end'),
  );
  server.runTo(1);
  stream!.close();
  make('b');
  server.runTo(7_200_000);
  expect(events).toMatchObject([{ type: 'ADDED' }]);
});
