import { expect, test } from 'vitest';
import { findScenario, type Scenario } from './scenario.ts';

const node = { name: 'n', cpu: '4', memory: '8Gi', podsMax: 110, zone: '' };
const scenario: Scenario = {
  id: 'empty',
  title: '',
  summary: '',
  nodes: [node],
  files: {},
  commands: [],
  lesson: null,
};
const gallery = new Map([['empty', scenario]]);

test('an id may ask for as many nodes as are wanted, shaped as the first', () => {
  const found = findScenario(gallery, 'empty~5')!;
  expect(found.id).toBe('empty~5');
  expect(found.nodes.map(({ name, cpu, zone }) => [name, cpu, zone])).toEqual([
    ['node-1', '4', 'zone-a'],
    ['node-2', '4', 'zone-b'],
    ['node-3', '4', 'zone-c'],
    ['node-4', '4', 'zone-a'],
    ['node-5', '4', 'zone-b'],
  ]);
});

test.each(['full', 'full~5', 'empty~5001', 'empty~x', '~5'])('%s is no scenario', (id) => {
  expect(findScenario(gallery, id)).toBeUndefined();
});
