import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const page = join(root, 'docs/CONFORMANCE.md');
const here = 'src/session/conformance';

/** Upstream's conformance tests that need no kernel. The note names the file that shows it, or says why nothing does. */
const list = readFileSync(join(import.meta.dirname, 'list.tsv'), 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [area = '', simulation = '', name = '', note = ''] = line.split('\t');
    return { area, simulation, name, note };
  });

const title = /\b(describe|test)\(\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)")/gs;

/** The tests of this folder by `area test`, with their files; a `describe` names the area. */
function ownTests(): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of readdirSync(import.meta.dirname)) {
    if (!file.endsWith('.test.ts') || file === 'conformanceTable.test.ts') continue;
    let area = '';
    for (const [, call, single, double] of readFileSync(join(import.meta.dirname, file), 'utf8').matchAll(
      title,
    )) {
      const words = (single ?? double ?? '').replaceAll(/\\(.)/g, '$1');
      if (call === 'describe') area = words;
      else found.set(`${area}\t${words}`, `${here}/${file}`);
    }
  }
  return found;
}

const own = ownTests();
const shownBy = ({ area, name, note }: (typeof list)[number]) =>
  own.get(`${area}\t${name}`) ?? (note.startsWith('src/') ? note : undefined);

function conformancePage(): string {
  const lines = ['# Conformance', ''];
  const count = (simulation: string) => {
    const of = list.filter((entry) => entry.simulation === simulation);
    return `${of.filter((entry) => shownBy(entry) !== undefined).length} of ${of.length}`;
  };
  lines.push(
    "Kubernetes' own conformance tests that need no kernel, and the test of ours that asserts the same. Written by the tests: `UPDATE=1 node node_modules/vitest/vitest.mjs run src/session/conformance/conformanceTable`.",
    '',
    `- a, the API and the controllers alone: **${count('a')}** pass`,
    `- b, a simulated container can satisfy it: **${count('b')}** pass`,
  );
  let current = '';
  for (const entry of list) {
    if (entry.area !== current) {
      current = entry.area;
      lines.push('', `## ${current}`, '', '| | test | |', '|---|---|---|');
    }
    const file = shownBy(entry);
    const state = file !== undefined ? `passes: \`${file}\`` : entry.note === '' ? 'not yet' : entry.note;
    lines.push(`| ${entry.simulation} | ${entry.name.replaceAll('*', '\\*')} | ${state} |`);
  }
  return `${lines.join('\n')}\n`;
}

test('every test of this folder bears the name of one of upstream', () => {
  const known = new Set(list.map(({ area, name }) => `${area}\t${name}`));
  expect([...own.keys()].filter((key) => !known.has(key))).toEqual([]);
});

test('what the list credits stands in the file that it names', () => {
  const missing = list.filter(({ name, note }) => {
    if (!note.startsWith('src/')) return false;
    const text = readFileSync(join(root, note), 'utf8');
    return ![`'${name}`, `"${name}`].some((quoted) => text.includes(quoted));
  });
  expect(missing).toEqual([]);
});

test('docs/CONFORMANCE.md says what passes', () => {
  if (process.env['UPDATE']) writeFileSync(page, conformancePage());
  else expect(readFileSync(page, 'utf8')).toBe(conformancePage());
});
