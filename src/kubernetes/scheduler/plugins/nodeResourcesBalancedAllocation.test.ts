import { expect, test } from 'vitest';
import { scoreWith } from '../testPlugin.ts';
import { makeNode, makePod, nodeInfo } from '../testObjects.ts';
import { nodeResourcesBalancedAllocation } from './nodeResourcesBalancedAllocation.ts';

const node = (cpu: number, memory: number) => makeNode('n', { allocatable: { cpu: `${cpu}m`, memory } });
const pod = (cpu: number, memory: number) => makePod({ requests: { cpu: `${cpu}m`, memory } });

// Balance is 100 less the half difference of the fractions; the score is 75 and half of what the pod changes.
test.each([
  ['asks evenly of an even node', pod(5, 5), [], 75],
  ['asks of CPU only: 100 becomes 75', pod(5, 0), [], 62],
  ['evens out what was uneven: 75 becomes 100', pod(0, 5), [pod(5, 0)], 87],
  ['fills a node up: 75 becomes 100', pod(5, 10), [pod(5, 0)], 87],
])('a pod that %s', (_name, wanting, present, expected) => {
  expect(scoreWith(nodeResourcesBalancedAllocation(), wanting, [nodeInfo(node(10, 10), ...present)])).toEqual(
    [expected],
  );
});

test('a pod that asks for nothing is not scored', () => {
  expect(scoreWith(nodeResourcesBalancedAllocation(), makePod(), [nodeInfo(node(10, 10))])).toBeNull();
});
