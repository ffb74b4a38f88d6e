import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { laterPlugins } from './laterPlugins.ts';
import { bootPlugins, inOrder } from './registry.ts';

const plugins = [...bootPlugins, ...laterPlugins];
const files = readdirSync(import.meta.dirname, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .filter((name) => /: AdmissionPlugin = /.test(readFileSync(`${import.meta.dirname}/${name}`, 'utf8')));

test('each file of a plugin is in a list, once, and has a test beside it', () => {
  expect(new Set(plugins.map(({ name }) => name)).size).toBe(plugins.length);
  expect(files).toHaveLength(plugins.length);
  for (const file of files) {
    expect(existsSync(`${import.meta.dirname}/${file.replace('.ts', '.test.ts')}`), file).toBe(true);
  }
});

test('plugins are asked in the order of upstream', () => {
  expect(inOrder([...bootPlugins].reverse()).map(({ name }) => name)).toEqual([
    'NamespaceLifecycle',
    'ServiceAccount',
    'Priority',
    'DefaultTolerationSeconds',
  ]);
});
