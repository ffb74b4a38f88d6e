import { expect, test } from 'vitest';
import { fixturePod, fixtureWorkload } from '#ui/testing/fixtureRows.ts';
import type { Row } from '#protocol/rows.ts';
import { findNames } from './nameLinks.ts';

const rows: Row[] = [
  fixturePod('web-7c4d8-x2k9p', 'worker-1'),
  fixtureWorkload('Deployment', 'frontend', ''),
  fixtureWorkload('Service', 'frontend', ''),
  fixturePod('get', 'worker-1'),
];
const byName = new Map<string, Row[]>();
for (const row of rows) if ('name' in row) byName.set(row.name, [...(byName.get(row.name) ?? []), row]);

test.each([
  ['web-7c4d8-x2k9p   1/1   Running', ['pods/default/web-7c4d8-x2k9p']],
  ['deployment.apps/frontend configured', ['deployments/default/frontend']],
  ['service/frontend created, pod/get deleted', ['services/default/frontend', 'pods/default/get']],
  ['frontend belongs to two, get is a word', []],
  ['web-7c4d8-x2k9pp is another', []],
])('%s', (line, expected) => {
  expect(findNames(line, byName).map((name) => name.rowId)).toEqual(expected);
});
