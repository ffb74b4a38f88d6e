import { expect, test } from 'vitest';
import { formatIndexes, parseIndexes, pendingIndexes } from './completionIndexes.ts';

// Upstream: indexed_job_utils_test.go
test.each<[string, number[]]>([
  ['', []],
  ['0', [0]],
  ['0,1', [0, 1]],
  ['0-2', [0, 1, 2]],
  ['0,2,4-6,8', [0, 2, 4, 5, 6, 8]],
])('%s names %j and is named by them', (text, indexes) => {
  expect([...parseIndexes(text, 100)]).toEqual(indexes);
  expect(formatIndexes(indexes)).toBe(text);
});

test('indexes out of range are left out', () => {
  expect([...parseIndexes('1-5', 3)]).toEqual([1, 2]);
});

test('the first pending indexes come first', () => {
  expect(pendingIndexes(6, new Set([0, 2]), 3)).toEqual([1, 3, 4]);
  expect(pendingIndexes(3, new Set([0, 2]), 3)).toEqual([1]);
});
