import { expect, test } from 'vitest';
import { type Diagnosis, rejection } from './framework.ts';
import { NodeInfo } from './nodeInfo.ts';
import { describeUnfit, truncateNote } from './schedulingError.ts';

const unfit = (nodeCount: number, more: Partial<Diagnosis>, ...reasons: string[][]) =>
  describeUnfit(
    {
      nodeCount,
      rejections: new Map(
        reasons.map((list, slot) => [
          new NodeInfo(`n${slot}`, slot),
          { plugin: 'X', reasons: list, isResolvable: true },
        ]),
      ),
      ...more,
    },
    '',
  );

// Facts from upstream's TestFitError_Error.
test.each([
  [
    'nodes failed one plugin',
    unfit(3, {}, ['Node(s) failed A'], ['Node(s) failed A'], ['Node(s) failed A']),
    '0/3 nodes are available: 3 Node(s) failed A.',
  ],
  ['nodes failed two plugins', unfit(3, {}, ['b'], ['a'], ['b']), '0/3 nodes are available: 1 a, 2 b.'],
  [
    'reasons of one node count each',
    unfit(2, {}, ['Insufficient cpu', 'Too many pods'], ['Insufficient cpu']),
    '0/2 nodes are available: 1 Too many pods, 2 Insufficient cpu.',
  ],
  [
    'sorted as texts, not as numbers',
    unfit(12, {}, ['z'], ['z'], ...Array.from({ length: 10 }, () => ['a'])),
    '0/12 nodes are available: 10 a, 2 z.',
  ],
  [
    'a pre-filter refused',
    unfit(3, { preFilterRejection: rejection('A', 'pod affinity terms conflict') }),
    '0/3 nodes are available: pod affinity terms conflict.',
  ],
  [
    'nodes that were not looked at',
    unfit(3, { absent: { reason: 'absent', plugins: [] } }, ['a']),
    '0/3 nodes are available: 1 a, 2 absent.',
  ],
])('%s', (_name, message, expected) => {
  expect(message).toBe(expected);
});

test('what preemption adds comes last', () => {
  const diagnosis = { nodeCount: 1, rejections: new Map([[new NodeInfo('n', 0), rejection('A', 'a')]]) };
  expect(describeUnfit(diagnosis, 'preemption: x.')).toBe('0/1 nodes are available: 1 a. preemption: x.');
});

test('notes of Events are cut at 1024', () => {
  expect(truncateNote('x'.repeat(1024))).toHaveLength(1024);
  expect(truncateNote('x'.repeat(1025))).toBe(`${'x'.repeat(1020)} ...`);
});
