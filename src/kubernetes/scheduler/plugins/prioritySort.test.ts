import { expect, test } from 'vitest';
import { makePod } from '../testObjects.ts';
import { prioritySort } from './prioritySort.ts';

const queued = (priority: number | undefined, sinceMs: number, sequence = 0) => ({
  pod: makePod({ ...(priority !== undefined && { priority }) }),
  sinceMs,
  sequence,
});

test.each([
  ['a higher priority', queued(5, 9), queued(1, 1), -1],
  ['a lower priority', queued(-1, 1), queued(undefined, 9), 1],
  ['an equal priority that waits longer', queued(0, 1), queued(undefined, 2), -1],
  ['the same moment, earlier in line', queued(0, 1, 1), queued(0, 1, 2), -1],
])('%s', (_name, a, b, sign) => {
  expect(Math.sign(prioritySort.compare!(a, b))).toBe(sign);
  expect(Math.sign(prioritySort.compare!(b, a))).toBe(-sign);
});
