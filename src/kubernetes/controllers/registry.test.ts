import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { controllers } from './registry.ts';

const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

test('every folder holds one controller of the registry', () => {
  expect(new Set(controllers.map(({ name }) => name)).size).toBe(controllers.length);
  expect(folders).toHaveLength(controllers.length);
});

test.each(folders)('%s has tests beside it', (folder) => {
  const tests = readdirSync(`${import.meta.dirname}/${folder}`).filter((name) =>
    name.endsWith('Controller.test.ts'),
  );
  expect(tests).toHaveLength(1);
});
