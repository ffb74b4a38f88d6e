import { expect, test } from 'vitest';
import { Pattern } from './pattern.ts';

test.each([
  ['*.txt', 'a.txt', true],
  ['*.txt', 'a.txtx', false],
  ['?[!a-c]', 'xd', true],
  ['?[!a-c]', 'xa', false],
  ['\\*', '*', true],
  ['\\*', 'a', false],
  ['@(a|b*)c', 'bxxc', true],
  ['+(ab)', 'ababab', true],
  ['!(*.log)', 'a.txt', true],
  ['!(*.log)', 'a.log', false],
  ['*(a)b', 'b', true],
  ['[', '[', true],
])('pattern %s on %s is %s', (source, text, expected) => {
  expect(new Pattern(source).matches(text)).toBe(expected);
});

test('prefixes, suffixes and replacements', () => {
  expect(new Pattern('*/').prefixLength('a/b/c', false)).toBe(2);
  expect(new Pattern('*/').prefixLength('a/b/c', true)).toBe(4);
  expect(new Pattern('.*').suffixStart('a.b.c', false)).toBe(3);
  expect(new Pattern('.*').suffixStart('a.b.c', true)).toBe(1);
  expect(new Pattern('[0-9]').replace('a1b2', 'x', true)).toBe('axbx');
  expect(new Pattern('b*').replace('abc', 'x', false)).toBe('ax');
});
