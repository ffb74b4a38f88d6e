import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readScenario, withNodes } from './scenarios.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('scenarios are read by their id', () => {
  expect(readScenario(root, 'empty').nodes).toHaveLength(3);
  expect(() => readScenario(root, 'nothing')).toThrow('There is no scenario "nothing"; there are empty');
});

test('as many nodes as are wanted, shaped as the first', () => {
  const { nodes } = withNodes(readScenario(root, 'empty'), 5);
  expect(nodes.map(({ name, cpu, zone }) => [name, cpu, zone])).toEqual([
    ['node-1', '4', 'zone-a'],
    ['node-2', '4', 'zone-b'],
    ['node-3', '4', 'zone-c'],
    ['node-4', '4', 'zone-a'],
    ['node-5', '4', 'zone-b'],
  ]);
});
