import { expect, test } from 'vitest';
import { fixtureNode, fixturePod } from '#ui/testing/fixtureRows.ts';
import { RowTable } from './rowTable.ts';

function counted(): { table: RowTable; heard: string[] } {
  const table = new RowTable();
  const heard: string[] = [];
  table.apply({
    upserts: [fixtureNode(1), fixturePod('a', 'worker-1'), fixturePod('b', null, 'pending')],
    deletes: [],
  });
  for (const name of ['a', 'b']) table.subscribe(`pods/default/${name}`, () => heard.push(name));
  table.subscribeStructure(() => heard.push('structure'));
  table.subscribeTotals(() => heard.push('totals'));
  return { table, heard };
}

test.each([
  ['a status', fixturePod('a', 'worker-1', 'running', { cpuUsed: 1 }), ['a']],
  ['a readiness', fixturePod('a', 'worker-1', 'failing'), ['a', 'totals']],
  ['a binding', fixturePod('b', 'worker-1', 'pending'), ['b', 'structure']],
  ['a new pod', fixturePod('c', null, 'succeeded'), ['structure']],
])('%s wakes only those it concerns', (_name, row, expected) => {
  const { table, heard } = counted();
  table.apply({ upserts: [row], deletes: [] });
  expect(heard).toEqual(expected);
});

test('the totals leave out what has finished, and follow deletions', () => {
  const { table } = counted();
  expect(table.totals).toEqual({ nodes: 1, nodesReady: 1, pods: 2, podsReady: 1, podsFailing: 0 });
  table.apply({ upserts: [fixturePod('b', 'worker-1', 'succeeded')], deletes: ['pods/default/a'] });
  expect(table.totals).toEqual({ nodes: 1, nodesReady: 1, pods: 0, podsReady: 0, podsFailing: 0 });
});

test('the structure is the same object until it changes', () => {
  const { table } = counted();
  const before = table.structure;
  table.apply({ upserts: [fixturePod('a', 'worker-1', 'failing')], deletes: [] });
  expect(table.structure).toBe(before);
  table.apply({ upserts: [], deletes: ['pods/default/a'] });
  expect(table.structure).not.toBe(before);
});

test('who has unsubscribed hears nothing', () => {
  const { table, heard } = counted();
  table.subscribe('pods/default/a', () => heard.push('again'))();
  table.apply({ upserts: [fixturePod('a', 'worker-1', 'running', { cpuUsed: 9 })], deletes: [] });
  expect(heard).toEqual(['a']);
});
