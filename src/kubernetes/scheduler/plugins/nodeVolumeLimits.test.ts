import { expect, test } from 'vitest';
import { makeNode } from '../testObjects.ts';
import { podWith, TestVolumes } from '../testVolumes.ts';

const refused = '1 node(s) exceed max volume count';

// Facts from upstream's TestCSILimits.
test.each<[what: string, limit: number | null, present: string[], wanted: string[], outcome: string]>([
  ['no limit', null, ['a', 'b'], ['c'], 'node-1'],
  ['room for one more', 3, ['a', 'b'], ['c'], 'node-1'],
  ['no room', 2, ['a', 'b'], ['c'], refused],
  ['no room for two', 3, ['a', 'b'], ['c', 'd'], refused],
  ['a volume that is there already', 2, ['a', 'b'], ['a'], 'node-1'],
  ['a pod without claims', 0, [], [], 'node-1'],
])('%s', (_what, limit, present, wanted, outcome) => {
  const world = new TestVolumes();
  world.addNode(makeNode('node-1'));
  world.addClass('late', 'WaitForFirstConsumer');
  for (const name of ['a', 'b', 'c', 'd']) world.addBound(name);
  if (present.length > 0) world.addPod(podWith('first', ...present));
  world.run();
  if (limit !== null) world.limit('node-1', limit);
  world.run();
  world.addPod(podWith('web', ...wanted));
  world.run();
  expect(world.outcome('web')).toBe(outcome);
});

test('a pod that goes makes room', () => {
  const world = new TestVolumes();
  world.addNode(makeNode('node-1'));
  world.addClass('late', 'WaitForFirstConsumer');
  for (const name of ['a', 'b']) world.addBound(name);
  world.limit('node-1', 1);
  world.addPod(podWith('first', 'a'));
  world.run();
  world.addPod(podWith('web', 'b'));
  world.run();
  expect(world.outcome('web')).toBe(refused);
  world.deletePod('first');
  world.run(3_000);
  expect(world.outcome('web')).toBe('node-1');
});
