import { expect, test } from 'vitest';
import { TestScheduler } from './testScheduler.ts';
import { makeNode, makePod } from './testObjects.ts';

test('remembers few nodes of a large cluster, the chosen one among them', () => {
  const world = new TestScheduler();
  for (let i = 0; i < 60; i++)
    world.addNode(makeNode(`n${i}`, { allocatable: { cpu: i === 50 ? '8' : '4' } }));
  world.addPod(makePod({ name: 'web', requests: { cpu: '1' } }));
  world.run();
  const { node, nodes, examined } = world.scheduler.explain('default/web')!;
  expect([node, examined, nodes.length]).toEqual(['n50', 60, 32]);
  const best = nodes.find((entry) => entry.node === 'n50')!;
  for (const other of nodes) expect(other.total).toBeLessThanOrEqual(best.total);
  const sum = best.scores.reduce((total, { weight, score }) => total + weight * score, 0);
  expect(best.total).toBe(sum);
});

test('remembers the last 64 pods', () => {
  const world = new TestScheduler();
  world.addNode(makeNode('n'));
  world.run();
  for (let i = 0; i < 65; i++) world.addPod(makePod({ name: `p${i}` }));
  world.run();
  expect(world.scheduler.explain('default/p0')).toBeUndefined();
  expect(world.scheduler.explain('default/p1')).toBeDefined();
});

test('of a pod that fits nowhere each node tells its reason', () => {
  const world = new TestScheduler();
  world.addNode(makeNode('n'));
  world.run();
  for (const name of ['a', 'b']) world.addPod(makePod({ name, requests: { cpu: '9' } }));
  world.run();
  for (const name of ['a', 'b'])
    expect(world.scheduler.explain(`default/${name}`)).toMatchObject({
      node: null,
      examined: 1,
      nodes: [{ node: 'n', rejection: { plugin: 'NodeResourcesFit', reasons: ['Insufficient cpu'] } }],
    });
});
