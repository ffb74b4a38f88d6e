import { expect, test } from 'vitest';
import { matchedHunks } from './sequenceMatcher.ts';

// The answers are those of Python's difflib.
test.each([
  ['nothing', 'abc', 'abc', ''],
  ['into nothing', '', 'a', '@@ -0,0 +1 @@\n+a\n'],
  ['the longest run first', 'abxcd', 'abcd', '@@ -1,5 +1,4 @@\n a\n b\n-x\n c\n d\n'],
  [
    'two places far apart',
    'abcdefghijkl',
    'xbcdefghijkly',
    '@@ -1,4 +1,4 @@\n-a\n+x\n b\n c\n d\n@@ -10,3 +10,4 @@\n j\n k\n l\n+y\n',
  ],
])('%s', (_name, before, after, hunks) => {
  expect(matchedHunks(Array.from(before), Array.from(after))).toBe(hunks);
});

test('a line that is everywhere is no place to match long texts at', () => {
  const many = Array.from({ length: 200 }, (_, index) => (index % 2 ? 'x' : String(index)));
  const before = ['p', 'x', 'q', ...many];
  const after = ['r', 'x', 's', ...many];
  // In short texts the first x would stay.
  expect(matchedHunks(before, after)).toBe('@@ -1,6 +1,6 @@\n-p\n-x\n-q\n+r\n+x\n+s\n 0\n x\n 2\n');
});
