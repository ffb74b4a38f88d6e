import { expect, test } from 'vitest';
import { type Cause, causeOf, trailOf } from '#sim/cause.ts';
import { RandomStream } from '#sim/random.ts';
import { Simulation } from '#sim/simulation.ts';
import { Compacted, Etcd, prefixEnd } from './etcd.ts';
import { Packed, type Version } from './version.ts';

function setUp() {
  const simulation = new Simulation({ seed: 's', startMs: 0 });
  const etcd = new Etcd<string>(simulation);
  const put = (key: string, value: string) => etcd.transact([], [{ type: 'put', key, value }]).revision;
  return { simulation, etcd, put };
}

const all = { from: '/', end: '0' };

test('a transaction changes nothing when a compare fails', () => {
  const { etcd, put } = setUp();
  const revision = put('/a', 'one');
  const stale = etcd.transact([{ key: '/a', modRevision: revision - 1 }], [{ type: 'delete', key: '/a' }]);
  expect(stale).toEqual({ succeeded: false, revision });
  expect(etcd.get('/a')?.value).toBe('one');
  const fresh = etcd.transact([{ key: '/a', modRevision: revision }], [{ type: 'delete', key: '/a' }]);
  expect(fresh.succeeded).toBe(true);
  expect(etcd.get('/a')).toBeUndefined();
  expect(
    etcd.transact([{ key: '/a', modRevision: 0 }], [{ type: 'put', key: '/a', value: 'again' }]).succeeded,
  ).toBe(true);
  expect(etcd.get('/a')).toMatchObject({ value: 'again', previous: undefined });
});

test('a range reads at a past revision until that is compacted', () => {
  const { etcd, put } = setUp();
  put('/a', '1');
  const past = put('/b', '1');
  put('/a', '2');
  etcd.transact([], [{ type: 'delete', key: '/b' }]);
  expect(etcd.range(all).kvs.map((kv) => kv.key + kv.value)).toEqual(['/a2']);
  expect(etcd.range({ ...all, revision: past }).kvs.map((kv) => kv.key + kv.value)).toEqual(['/a1', '/b1']);
  etcd.compact(etcd.revision);
  expect(() => etcd.range({ ...all, revision: past })).toThrow(Compacted);
  expect(() => etcd.watch(past, () => {})).toThrow(Compacted);
  expect(etcd.range(all).kvs.map((kv) => kv.key + kv.value)).toEqual(['/a2']);
});

test('a watch from the past sees every write once, in order', () => {
  const { etcd, put } = setUp();
  const start = put('/a', '1');
  put('/a', '2');
  const seen: string[] = [];
  const stop = etcd.watch(start, (event) =>
    seen.push(`${event.value ?? 'gone'} ${event.key} ${event.modRevision}`),
  );
  etcd.transact([], [{ type: 'delete', key: '/a' }]);
  stop();
  put('/a', '3');
  expect(seen).toEqual([`2 /a ${start + 1}`, `gone /a ${start + 2}`]);
});

test('a watch of a prefix is told of nothing else, past or to come', () => {
  const { etcd, put } = setUp();
  put('/a/x', '1');
  put('/b/x', '1');
  const seen: string[] = [];
  const stop = etcd.watch(1, ({ key }) => seen.push(key), ['/a/', '/c/']);
  for (const key of ['/a/y', '/b/y', '/a/deep/y', '/c/y']) put(key, '1');
  stop();
  put('/a/z', '1');
  expect(seen).toEqual(['/a/x', '/a/y', '/a/deep/y', '/c/y']);
});

test('keys under a lease go when it expires, unless they were put again without it', () => {
  const { simulation, etcd } = setUp();
  const lease = etcd.grant(60_000);
  etcd.transact([], [{ type: 'put', key: '/a', value: '1', lease }]);
  etcd.transact([], [{ type: 'put', key: '/b', value: '1', lease }]);
  etcd.transact([], [{ type: 'put', key: '/b', value: '2' }]);
  simulation.run({ untilMs: 60_000 });
  expect(etcd.range(all).kvs.map((kv) => kv.key)).toEqual(['/b']);
});

test('a lease of many keys goes a few keys at a time, within one instant', () => {
  const { simulation, etcd } = setUp();
  const lease = etcd.grant(1_000);
  for (let i = 0; i < 1_000; i++) etcd.transact([], [{ type: 'put', key: `/k/${i}`, value: '1', lease }]);
  simulation.run({ untilMs: 1_000, events: 1 });
  const { count } = etcd.range(all);
  expect(count).toBeGreaterThan(500);
  simulation.run({ untilMs: 1_000 });
  expect(etcd.range(all).count).toBe(0);
});

test('a range over several directories has their keys in order', () => {
  const { etcd, put } = setUp();
  const keys = ['/b/x', '/a/z', '/a-b/y', '/a/x', '/c/x'];
  for (const key of keys) put(key, key);
  const read = (from: string, end: string) => etcd.range({ from, end }).kvs.map(({ key }) => key);
  expect(read('/', '0')).toEqual(keys.toSorted());
  expect(read('/a/', prefixEnd('/a/'))).toEqual(['/a/x', '/a/z']);
  expect(read('/a/y', '/b/x')).toEqual(['/a/z']);
  expect(read('/a/x\u0000', '/c/')).toEqual(['/a/z', '/b/x']);
});

test('what is kept packed reads as it was', () => {
  const { simulation, etcd } = setUp();
  class Twice extends Packed<string> {
    unpack({ key }: Version<string>): string {
      return key + key;
    }

    cause(parent: Cause | null): Cause {
      return causeOf(parent, 0, 'again', 'create', '');
    }
  }
  const seen: (string | undefined)[] = [];
  etcd.watch(etcd.revision, ({ value }) => seen.push(value));
  const root = causeOf(null, 0, 'root', 'input', '');
  simulation.withCause(causeOf(root, 0, 'first', 'create', ''), () =>
    etcd.put(etcd.directory('/'), 'a', 0, '/a/a', { packed: new Twice() }),
  );
  expect(etcd.put(etcd.directory('/'), 'a', 0, 'too late')).toBe(false);
  expect(trailOf(etcd.get('/a')!.created).map(({ actor }) => actor)).toEqual(['again', 'root']);
  expect([...seen, etcd.get('/a')?.value, etcd.since(0)[0]?.value]).toEqual(['/a/a', '/a/a', '/a/a']);
});

test('random writes, deletes and compactions agree with a plain model', () => {
  const { simulation, etcd } = setUp();
  const random = new RandomStream('etcd', 'model');
  const model = new Map<string, string>();
  for (let i = 0; i < 5000; i++) {
    const key = `/k${random.below(900)}`;
    if (random.below(3) === 0) {
      model.delete(key);
      etcd.transact([], [{ type: 'delete', key }]);
    } else {
      model.set(key, String(i));
      etcd.transact([], [{ type: 'put', key, value: String(i) }]);
    }
    if (random.below(500) === 0) etcd.compact(etcd.revision - random.below(20));
  }
  const expected = [...model].sort(([a], [b]) => (a < b ? -1 : 1));
  expect(etcd.range(all).kvs.map((kv) => [kv.key, kv.value])).toEqual(expected);
  const inPrefix = expected.filter(([key]) => key.startsWith('/k3'));
  const isOnePage = () => {
    const page = etcd.range({ from: '/k3', end: prefixEnd('/k3'), limit: 3 });
    expect(page.count).toBe(inPrefix.length);
    expect(page.kvs.map((kv) => kv.key)).toEqual(inPrefix.slice(0, 3).map(([key]) => key));
  };
  isOnePage();
  // Once nothing deleted is left, what is past the limit is counted without a look.
  etcd.compact(etcd.revision);
  simulation.run({ untilMs: simulation.nowMs });
  isOnePage();
  expect(etcd.range({ ...all, limit: 0 })).toMatchObject({ kvs: [], count: expected.length });
  expect(etcd.range({ from: '/k3', end: '/k30' }).count).toBe(
    expected.filter(([key]) => key >= '/k3' && key < '/k30').length,
  );
});
