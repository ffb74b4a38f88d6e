import { expect, test } from 'vitest';
import type { Pod, PodCondition } from '#generated/types/core.v1.ts';
import { isPodActive, isPodAvailable, isPodReady, isPodTerminal, withCondition } from './podStatus.ts';

const readySince = (lastTransitionTime: string, status = 'True') =>
  ({
    metadata: {},
    status: { phase: 'Running', conditions: [{ type: 'Ready', status, lastTransitionTime }] },
  }) as unknown as Pod;

const nowMs = Date.parse('2026-01-01T00:01:00Z');

test.each([
  ['2026-01-01T00:00:59Z', 0, true],
  ['2026-01-01T00:00:50Z', 10, true],
  ['2026-01-01T00:00:51Z', 10, false],
])('ready since %s and available after %i s: %s', (since, seconds, available) => {
  expect(isPodAvailable(readySince(since), seconds, nowMs)).toBe(available);
});

test('a pod that is not ready is not available', () => {
  expect(isPodReady(readySince('2026-01-01T00:00:00Z', 'False'))).toBe(false);
  expect(isPodAvailable(readySince('2026-01-01T00:00:00Z', 'False'), 0, nowMs)).toBe(false);
});

test.each([
  ['Running', undefined, false, true],
  ['Pending', '2026-01-01T00:00:00Z', false, false],
  ['Succeeded', undefined, true, false],
  ['Failed', undefined, true, false],
])('%s, deleted at %s', (phase, deletionTimestamp, terminal, active) => {
  const pod = {
    metadata: { ...(deletionTimestamp && { deletionTimestamp }) },
    status: { phase },
  } as unknown as Pod;
  expect(isPodTerminal(pod)).toBe(terminal);
  expect(isPodActive(pod)).toBe(active);
});

test('a condition keeps its time while its status stays', () => {
  const before: readonly PodCondition[] = [
    { type: 'Ready', status: 'False', reason: 'A', lastTransitionTime: '1' },
  ];
  expect(
    withCondition(before, { type: 'Ready', status: 'False', reason: 'A', lastTransitionTime: '2' }),
  ).toBe(before);
  expect(
    withCondition(before, { type: 'Ready', status: 'False', reason: 'B', lastTransitionTime: '2' }),
  ).toEqual([{ type: 'Ready', status: 'False', reason: 'B', lastTransitionTime: '1' }]);
  expect(withCondition(before, { type: 'Ready', status: 'True', lastTransitionTime: '2' })).toEqual([
    { type: 'Ready', status: 'True', lastTransitionTime: '2' },
  ]);
  const other = { type: 'Other', status: 'True', lastTransitionTime: '2' };
  expect(withCondition(before, other)).toEqual([...before, other]);
});
