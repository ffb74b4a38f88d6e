import { describe, expect, test } from 'vitest';
import { compileRe2 } from './re2.ts';

/** Upstream: Go's regexp/find_test.go and regexp/syntax/parse_test.go, and Kubernetes' own patterns. */
test.each([
  ['^(\\d+|\\*)(/\\d+)?(\\s+(\\d+|\\*)(/\\d+)?){4}$', '* * * * */5', '* * * * */5'],
  ['a|ab', 'ab', 'a'],
  ['a+?', 'aaa', 'a'],
  ['(?U)a+', 'aaa', 'a'],
  ['(?U)a+?', 'aaa', 'aaa'],
  ['(?i)straße', 'STRASSE straße', 'straße'],
  ['(?i:A)b', 'ab', 'ab'],
  ['(?i:A)b', 'aB', null],
  ['a(?i)b|c', 'C', 'C'],
  ['(?s)a.b', 'a\nb', 'a\nb'],
  ['a.b', 'a\nb', null],
  ['(?m)^b$', 'a\nb\nc', 'b'],
  ['^b$', 'a\nb\nc', null],
  ['(?is-m:x)', 'X', 'X'],
  ['[^a]', '\n', '\n'],
  ['[[:alpha:]_-]+', '1a_-é', 'a_-'],
  ['[[:^digit:]]', '1x', 'x'],
  ['[\\d\\-x]+', 'a1-x', '1-x'],
  ['[]a]+', ']a', ']a'],
  ['[a-]+', 'a-', 'a-'],
  ['\\pL+', '1éλ', 'éλ'],
  ['\\p{Greek}', 'aλ', 'λ'],
  ['\\PL', 'a1', '1'],
  ['\\p{^L}', 'a1', '1'],
  ['[\\p{Lu}]', 'aÉ', 'É'],
  ['\\w+', 'é_1', '_1'],
  ['\\s', '\v \u00a0', ' '],
  ['\\x41\\x{1F600}', 'A😀', 'A😀'],
  ['\\07\\101', '\u0007A', '\u0007A'],
  ['\\Qa.b\\E*', 'a.bbb', 'a.bbb'],
  ['\\Aab\\z', 'ab', 'ab'],
  ['\\bb\\b', 'abb b', 'b'],
  ['^.{1,2}$', '😀😀', '😀😀'],
  ['^.$', '😀😀', null],
  ['a{,2}', 'a{,2}', 'a{,2}'],
  ['a{2}', 'aaa', 'aa'],
  ['', 'x', ''],
  ['()|\\.', '.', ''],
  ['x*', '', ''],
])('%s finds in %j', (source, text, found) => {
  expect(compileRe2(source).exec(text)?.groups[0] ?? null).toBe(found);
});

test('groups may have names', () => {
  const regex = compileRe2('(?P<year>\\d+)-(?<month>\\d+)');
  expect(regex.exec('on 2026-01')?.groups).toEqual(['2026-01', '2026', '01']);
  expect([...regex.names]).toEqual([
    ['year', 1],
    ['month', 2],
  ]);
});

describe('what Go refuses is refused in its words', () => {
  test.each([
    ['(abc', 'missing closing ): `(abc`'],
    ['x(y))z', 'unexpected ): `x(y))z`'],
    ['[a', 'missing closing ]: `[a`'],
    ['[z-a]', 'invalid character class range: `z-a`'],
    ['[[:foo:]]', 'invalid character class range: `[:foo:]`'],
    ['\\p{Foo}', 'invalid character class range: `\\p{Foo}`'],
    ['*a', 'missing argument to repetition operator: `*`'],
    ['a|+', 'missing argument to repetition operator: `+`'],
    ['a**', 'invalid nested repetition operator: `**`'],
    ['a*+', 'invalid nested repetition operator: `*+`'],
    ['a{1001}', 'invalid repeat count: `{1001}`'],
    ['a{2,1}', 'invalid repeat count: `{2,1}`'],
    ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
    ['(?!a)', 'invalid or unsupported Perl syntax: `(?!`'],
    ['(?P<n a>x)', 'invalid named capture: `(?P<n a>`'],
    ['(a)\\1', 'invalid escape sequence: `\\1`'],
    ['\\y', 'invalid escape sequence: `\\y`'],
    ['a\\', 'trailing backslash at end of expression: ``'],
  ])('%s', (source, why) => {
    expect(() => compileRe2(source)).toThrow(`error parsing regexp: ${why}`);
  });
});

test('no pattern takes longer than its length times that of the text', () => {
  const text = `${'a'.repeat(3_000)}!`;
  for (const source of ['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '(x+x+)+y|(a*)*b'])
    expect(compileRe2(source).test(text)).toBe(false);
});
