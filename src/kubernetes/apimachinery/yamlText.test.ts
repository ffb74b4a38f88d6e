import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseDocument } from '#kubernetes/apimachinery/yamlDocument.ts';
import { toYaml } from './yamlText.ts';

// Recorded from kubectl 1.33: `kubectl label --local -f scalars.yaml k=v -o yaml`.
test.each(['scalars.yaml', 'folding.yaml'])('%s is written as kubectl writes it, and read back', (name) => {
  const recorded = readFileSync(new URL(`./testdata/${name}`, import.meta.url), 'utf8');
  expect(toYaml(parseDocument(recorded))).toBe(recorded);
});

test.each([
  [{}, '{}\n'],
  [[], '[]\n'],
  [{ a: [] }, 'a: []\n'],
  [{ a: {}, b: undefined }, 'a: {}\n'],
  [[{ b: 1, a: [2] }], '- a:\n  - 2\n  b: 1\n'],
  [{ a: [[1, 2], { x: { y: null } }] }, 'a:\n- - 1\n  - 2\n- x:\n    "y": null\n'],
  [{ 'a/b': 1, a: 2, a10: 3, a2: 4 }, 'a: 2\na/b: 1\na2: 4\na10: 3\n'],
  [1e21, '1e+21\n'],
])('%j', (value, text) => expect(toYaml(value)).toBe(text));
