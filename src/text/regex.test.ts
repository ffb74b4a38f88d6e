import { expect, test } from 'vitest';
import { compileRegex, RegexError, type RegexSyntax } from './regex.ts';

test.each<[RegexSyntax, string, string, (string | undefined)[] | null]>([
  ['extended', 'a+b', 'xaaab', ['aaab']],
  ['extended', '(a|ab)(c|bcd)?', 'abcd', ['abcd', 'a', 'bcd']],
  ['extended', '^$', '', ['']],
  ['extended', 'a{2,3}', 'aaaa', ['aaa']],
  ['extended', 'a{,2}b', 'aab', ['aab']],
  ['extended', '[^0-9]+$', '12ab', ['ab']],
  ['extended', '[[:digit:]]+\\.[[:alpha:]]', 'v1.x', ['1.x']],
  ['extended', '[]a]+', 'x]a', [']a']],
  ['extended', '\\bfoo\\b', 'a foo b', ['foo']],
  ['extended', '\\bfoo\\b', 'food', null],
  ['extended', '(x)?y', 'y', ['y', undefined]],
  ['extended', '(.)\\1', 'abccd', ['cc', 'c']],
  ['extended', 'a.c', 'a\nc', null],
  ['basic', 'a+', 'aa+', ['a+']],
  ['basic', 'a\\+', 'xaa', ['aa']],
  ['basic', '\\(a\\|b\\)*c', 'abac', ['abac', 'a']],
  ['basic', 'a\\{2\\}', 'aaa', ['aa']],
  ['basic', '*a', '*a', ['*a']],
  ['basic', 'a^b$c', 'a^b$c', ['a^b$c']],
  ['perl', 'a+?', 'aaa', ['a']],
  ['perl', '(?:a|ab)(?<rest>.*)', 'abc', ['abc', 'bc']],
  ['perl', '\\d+\\s\\w', '12 x', ['12 x']],
])('%s %s on %j', (syntax, source, text, expected) => {
  expect(compileRegex(source, syntax).exec(text)?.groups ?? null).toEqual(expected);
});

test('ignoring case keeps the text as it was', () => {
  const match = compileRegex('(F.)O', 'extended', { ignoreCase: true }).exec('a fOo');
  expect(match).toEqual({ start: 2, end: 5, groups: ['fOo', 'fO'] });
  expect(compileRegex('[A-Z]+', 'extended', { ignoreCase: true }).test('abc')).toBe(true);
});

test.each<[RegexSyntax, string, string]>([
  ['extended', '(a', 'Unmatched ( or \\('],
  ['basic', '\\(a', 'Unmatched ( or \\('],
  ['basic', 'a\\)', 'Unmatched ) or \\)'],
  ['extended', '[a', 'Unmatched [, [^, [:, [., or [='],
  ['extended', 'a\\', 'Trailing backslash'],
  ['extended', '[[:foo:]]', 'Invalid character class name'],
  ['extended', 'a{3,1}', 'Invalid content of \\{\\}'],
  ['extended', '((a{999}){999}){999}', 'Regular expression too big'],
])('%s %s: %s', (syntax, source, message) => {
  expect(() => compileRegex(source, syntax)).toThrow(new RegexError(message));
});

test('no pattern is exponential', () => {
  const text = 'a'.repeat(2_000);
  expect(compileRegex('(a+)+$').test(`${text}!`)).toBe(false);
  expect(compileRegex('(a|aa)+$').test(`${text}!`)).toBe(false);
  expect(compileRegex('(a*)*b').test(text)).toBe(false);
  expect(compileRegex('(a+)+\\1b').test(text)).toBe(false);
});

test('a line too long for its pattern is refused instead of taking all memory', () => {
  expect(() => compileRegex('(a|b)+c').test('a'.repeat(4_000_000))).toThrow(
    new RegexError('memory exhausted'),
  );
});
