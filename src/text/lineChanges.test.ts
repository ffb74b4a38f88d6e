import { expect, test } from 'vitest';
import { changesBetween, unifiedHunks } from './lineChanges.ts';

const lines = (text: string) => Array.from(text);

test.each([
  ['nothing', 'abc', 'abc', []],
  ['one line replaced', 'abc', 'axc', [[1, 2, 1, 2]]],
  ['a line added at the end', 'ab', 'abc', [[2, 2, 2, 3]]],
  ['a line taken out at the start', 'abc', 'bc', [[0, 1, 0, 0]]],
  ['everything', '', 'ab', [[0, 0, 0, 2]]],
  [
    'two places',
    'abcdef',
    'xbcdey',
    [
      [0, 1, 0, 1],
      [5, 6, 5, 6],
    ],
  ],
])('changes: %s', (_, before, after, expected) => {
  const found = changesBetween(lines(before), lines(after));
  expect(found.map(({ from, to, newFrom, newTo }) => [from, to, newFrom, newTo])).toEqual(expected);
});

test('what was changed far apart stands in hunks of their own, with three lines around each', () => {
  expect(unifiedHunks(lines('abcdefghijkl'), lines('xbcdefghijkly'))).toBe(
    '@@ -1,4 +1,4 @@\n-a\n+x\n b\n c\n d\n@@ -10,3 +10,4 @@\n j\n k\n l\n+y\n',
  );
});

test('a hunk of nothing counts from the line before it', () => {
  expect(unifiedHunks([], lines('a'))).toBe('@@ -0,0 +1 @@\n+a\n');
});

test('texts that have little in common are replaced whole, so that the work is bounded', () => {
  const many = (start: number) => Array.from({ length: 2_500 }, (_, i) => String(start + i));
  const [change, ...others] = changesBetween(many(0), many(10_000));
  expect([change, others]).toEqual([{ from: 0, to: 2_500, newFrom: 0, newTo: 2_500 }, []]);
});
