import { expect, test } from 'vitest';
import { LineDiscipline, terminalOutput } from './lineDiscipline.ts';

test.each([
  ['a line', 'ls\r', ['ls\n'], 'ls\r\n'],
  ['a mended line', 'lx\u007fs\r', ['ls\n'], 'lx\b \bs\r\n'],
  ['a line that is taken back', 'rm\u0015ls\r', ['ls\n'], 'rm\b \b\b \bls\r\n'],
  ['Ctrl-C', 'rm\u0003ls\r', ['\u0003', 'ls\n'], 'rm^C\r\nls\r\n'],
  ['the end', '\u0004', [null], ''],
  ['the end after something', 'ab\u0004', ['ab'], 'ab'],
  ['arrow keys', '\u001b[A\u001bOBls\u001b[1;5C\r', ['ls\n'], 'ls\r\n'],
  ['letters of several bytes', 'grün\r', ['grün\n'], 'grün\r\n'],
])('%s', (_what, keys, delivered, echoed) => {
  const got: (string | null)[] = [];
  let echo = '';
  const discipline = new LineDiscipline(
    (text) => got.push(text),
    (text) => (echo += text),
  );
  for (const byte of Buffer.from(keys)) discipline.type(Buffer.from([byte]));
  expect(got).toEqual(delivered);
  expect(echo).toBe(echoed);
});

test('lines end as a terminal shows them', () => expect(terminalOutput('a\nb\r\n')).toBe('a\r\nb\r\n'));
