import { expect, test } from 'vitest';
import { Simulation } from '#sim/simulation.ts';
import { Etcd } from './etcd.ts';
import { restore, Snapshots } from './snapshots.ts';

interface Value {
  readonly text: string;
  readonly revision: number;
}

function newStore() {
  const etcd = new Etcd<Value>(new Simulation({ seed: 'snapshots', startMs: 0 }));
  const put = (key: string, text: string) =>
    etcd.transact([], [{ type: 'put', key, value: { text, revision: etcd.revision + 1 } }]);
  const content = () =>
    Object.fromEntries(etcd.range({ from: '', end: '~' }).kvs.map(({ key, value }) => [key, value!.text]));
  put('/pods/a', 'a');
  put('/pods/b', 'b');
  put('/nodes/n', 'n');
  return { etcd, put, content, snapshots: new Snapshots(etcd) };
}

const atRevision = ({ text }: Value, revision: number): Value => ({ text, revision });

test('a snapshot says what it holds', () => {
  const { snapshots } = newStore();
  expect(snapshots.read(snapshots.save())).toMatchObject({ revision: 4, totalKeys: 3, totalSize: 36_864 });
});

test.each<[string, (text: string) => string, RegExp]>([
  ['one that was cut', (text) => text.slice(0, -20), /^snapshot missing hash but --skip-hash-check=false$/],
  ['one that was cut in its first line', (text) => text.slice(0, 10), /^invalid database$/],
  [
    'one that was changed',
    (text) => text.replace('/pods/a', '/pods/x'),
    /^expected sha256 \[.*\], got \[.*\]$/,
  ],
  ['one of another version', (text) => text.replace('v3.6', 'v3.4'), /^version mismatch$/],
  ['another file', () => 'apiVersion: v1\n', /^invalid database$/],
  ['an empty file', () => '', /^invalid database$/],
])('%s is refused', (_, change, sentence) => {
  const { etcd, content, snapshots } = newStore();
  const text = change(snapshots.save());
  const before = [etcd.revision, content()];
  expect(() => snapshots.read(text)).toThrow(sentence);
  expect([etcd.revision, content()]).toEqual(before);
});

test('a restore brings back what was, in new revisions, and leaves the rest untouched', () => {
  const { etcd, put, content, snapshots } = newStore();
  const snapshot = snapshots.read(snapshots.save());
  const untouched = etcd.get('/nodes/n')!.modRevision;
  put('/pods/a', 'changed');
  put('/pods/c', 'c');
  etcd.transact([], [{ type: 'delete', key: '/pods/b' }]);
  const before = etcd.revision;
  const seen: string[] = [];
  etcd.watch(before, ({ key, value }) => seen.push(`${key} ${value?.text ?? 'gone'}`));
  restore(etcd, snapshot, atRevision, () => 0);
  expect(content()).toEqual({ '/nodes/n': 'n', '/pods/a': 'a', '/pods/b': 'b' });
  expect(seen).toEqual(['/pods/c gone', '/pods/a a', '/pods/b b']);
  expect(etcd.get('/nodes/n')!.modRevision).toBe(untouched);
  for (const key of ['/pods/a', '/pods/b']) {
    const { modRevision, value } = etcd.get(key)!;
    expect(modRevision).toBeGreaterThan(before);
    expect(value!.revision).toBe(modRevision);
  }
  expect(() => etcd.since(before)).toThrow('required revision has been compacted');
});

test('what a lease holds comes back under it', () => {
  const { etcd, snapshots } = newStore();
  const snapshot = snapshots.read(snapshots.save());
  etcd.transact([], [{ type: 'delete', key: '/pods/a' }]);
  const lease = etcd.grant(1_000);
  restore(etcd, snapshot, atRevision, (key) => (key === '/pods/a' ? lease : 0));
  expect(etcd.get('/pods/a')).toBeDefined();
});
