import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { notSimulated } from './notSimulated.ts';

const root = join(import.meta.dirname, '../../..');
const readme = join(root, 'README.md');
const begin = /<!-- fidelity:begin[^>]*-->\n/;
const end = '<!-- fidelity:end -->';
const repeated = /^spec\.(jobTemplate\.spec\.)?template\.|^spec\.initContainers\[\]/;

/** Rows with the same reason stand together; a template's fields are a pod's, an init container's a container's: said once. */
function fidelityTable(): string {
  const byReason = new Map<string, Set<string>>();
  for (const [kind, rows] of Object.entries(notSimulated)) {
    for (const { path, why } of rows) {
      if (repeated.test(path)) continue;
      const fields = byReason.get(`${kind}|${why}`) ?? new Set();
      byReason.set(`${kind}|${why}`, fields.add(`\`${path}\``));
    }
  }
  const lines = [...byReason].map(([key, fields]) => {
    const [kind, why] = key.split('|');
    const subject = kind === 'v1/Pod' ? 'v1/Pod, and every template of pods' : kind;
    return `| ${subject} | ${[...fields].join(', ')} | ${why} |`;
  });
  return ['| kind | fields | what happens |', '|---|---|---|', ...lines, ''].join('\n');
}

test('the README prints the one list of what is stored and not simulated', () => {
  const text = readFileSync(readme, 'utf8');
  const match = begin.exec(text)!;
  const from = match.index + match[0].length;
  const to = text.indexOf(end);
  if (process.env['UPDATE']) writeFileSync(readme, text.slice(0, from) + fidelityTable() + text.slice(to));
  else expect(text.slice(from, to)).toBe(fidelityTable());
});

/** The rows of docs/FIDELITY.md: what, in which state, and where that is shown. */
const rows = readFileSync(join(root, 'docs/FIDELITY.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| item '))
  .map((line) => line.slice(2, -2).split(' | '))
  .map(([item = '', state = '', ...rest]) => ({ item, state, shownBy: rest.join(' | ') }));

const unsimulatedFields = new Set(
  Object.values(notSimulated).flatMap((list) =>
    list.flatMap(({ path }) => [path, path.replace(/^spec\.(jobTemplate\.spec\.)?template\./, '')]),
  ),
);

/** Why a row of docs/FIDELITY.md cannot be true; empty where it may be. */
function doubts({ state, shownBy }: (typeof rows)[number]): string[] {
  const code = [...shownBy.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
  if (state === 'not simulated') {
    const quote = /^“(.+)”$/.exec(shownBy)?.[1] ?? '';
    return quote !== '' && readFileSync(readme, 'utf8').includes(quote)
      ? []
      : [`the README does not say ${shownBy}`];
  }
  if (state === 'stored with a warning') {
    const unknown = code.filter((field) => !unsimulatedFields.has(field));
    return code.length === 0 ? ['names no field'] : unknown.map((field) => `${field} is not in the list`);
  }
  if (state !== 'simulated' && state !== 'refused') return [`no such state: ${state}`];
  const [file = ''] = code;
  const quotes = [...shownBy.slice(shownBy.indexOf('`:')).matchAll(/“(.+?)”(?=, “|$)/g)];
  if (!/\.(test|spec)\.ts$|\.txt$/.test(file) || !existsSync(join(root, file))) return [`no test: ${file}`];
  if (quotes.length === 0) return ['quotes nothing'];
  const text = readFileSync(join(root, file), 'utf8');
  return quotes.flatMap(([, quote = '']) =>
    quote.length < 8 || !text.includes(quote) ? [`${file} does not say “${quote}”`] : [],
  );
}

test('each row of docs/FIDELITY.md is shown by what it names', () => {
  expect(rows.length).toBeGreaterThan(150);
  expect(rows.flatMap((row) => doubts(row).map((doubt) => `${row.item}: ${doubt}`))).toEqual([]);
  const items = rows.map(({ item }) => item);
  expect(items.filter((item, i) => items.indexOf(item) !== i)).toEqual([]);
});

test.each([
  ['simulated', '`src/kubernetes/api/core/pod.test.ts`: “what no test says”'],
  ['simulated', '`src/kubernetes/api/none.test.ts`: “each row of”'],
  ['simulated', '`src/kubernetes/api/fidelityTable.test.ts`'],
  ['stored with a warning', '`spec.containers[].image`'],
  ['stored with a warning', 'somehow'],
  ['nearly', '`src/kubernetes/api/fidelityTable.test.ts`: “each row of docs”'],
  ['not simulated', ''],
  ['not simulated', '“what nobody asks for”'],
])('%s by %j is doubted', (state, shownBy) => {
  expect(doubts({ item: 'x', state, shownBy })).toHaveLength(1);
});
