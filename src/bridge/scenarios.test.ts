import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readScenario } from './scenarios.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('scenarios are read by their id', () => {
  expect(readScenario(root, 'empty').nodes).toHaveLength(3);
  expect(readScenario(root, 'empty~5').nodes).toHaveLength(5);
  expect(() => readScenario(root, 'nothing')).toThrow('There is no scenario "nothing"; there are empty');
});

test.each(readdirSync(new URL('../../lessons/scenarios/', import.meta.url)))('%s bears its id', (file) => {
  const id = file.replace('.yaml', '');
  expect(readScenario(root, id).id).toBe(id);
});
