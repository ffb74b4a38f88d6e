import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { notSimulated } from './notSimulated.ts';

const readme = join(import.meta.dirname, '../../../README.md');
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
