import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { alphaKinds } from './alphaKinds.ts';
import { componentStatuses } from './core/componentStatus.ts';
import { hasDefinition } from './definitions.ts';
import { apiVersionOf } from './kind.ts';
import { builtInKinds } from './registry.ts';

const room = import.meta.dirname;
const kinds = [...builtInKinds.all, ...alphaKinds.map(({ kind }) => kind)];

test('each file of a kind is in the registry, and has a test beside it', () => {
  const folders = readdirSync(room, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const files = folders.flatMap(({ name }) =>
    readdirSync(join(room, name)).map((file) => join(room, name, file)),
  );
  const kindFiles = files.filter(
    (file) =>
      !file.endsWith('.test.ts') && / Kind</.test(readFileSync(file, 'utf8')) && !file.includes('/testing/'),
  );
  // Component statuses are served and never stored.
  expect(kindFiles).toHaveLength([...kinds, componentStatuses].length);
  for (const file of kindFiles) expect(existsSync(file.replace('.ts', '.test.ts')), file).toBe(true);
});

test.each(kinds.map((kind) => [`${apiVersionOf(kind)} ${kind.kind}`, kind] as const))(
  '%s is whole',
  (_name, kind) => {
    expect(hasDefinition(kind.schema)).toBe(true);
    expect(kind.schema.endsWith(`.${kind.version}.${kind.kind}`)).toBe(true);
    expect(kind.columns.length).toBeGreaterThan(0);
    expect(kind.columns.filter(({ format }) => format === 'name')).toHaveLength(1);
    expect(kind.plural).toBe(kind.plural.toLowerCase());
    expect(kind.singular).toBe(kind.kind.toLowerCase());
    for (const field of kind.selectableFields ?? []) expect(field).toMatch(/^[a-zA-Z.]+$/);
  },
);

test('names are unique within a group and version', () => {
  const names = kinds.flatMap((kind) =>
    [kind.plural, kind.kind].map((name) => `${apiVersionOf(kind)}/${name}`),
  );
  expect(new Set(names).size).toBe(names.length);
  const shortNames = kinds.flatMap(({ kind, shortNames: short }) => short.map((name) => `${name} ${kind}`));
  const byName = new Map(shortNames.map((entry) => entry.split(' ') as [string, string]));
  for (const entry of shortNames) expect(byName.get(entry.split(' ')[0]!)).toBe(entry.split(' ')[1]);
});
