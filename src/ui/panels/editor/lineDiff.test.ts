import { expect, test } from 'vitest';
import { lineDiff, withContext } from './lineDiff.ts';

const signs = { same: ' ', removed: '-', added: '+' };

test.each([
  ['equal', 'a\nb\n', 'a\nb\n', ' a| b'],
  ['changed', 'a\nb\nc', 'a\nx\nc', ' a|-b|+x| c'],
  ['added at the end', 'a\n', 'a\nb\n', ' a|+b'],
  ['new', '', 'a', '+a'],
  ['gone', 'a\nb', '', '-a|-b'],
  ['moved', 'a\nb\nc', 'c\na\nb', '+c| a| b|-c'],
])('%s', (_name, before, after, expected) => {
  expect(
    lineDiff(before, after)
      .map((line) => signs[line.type] + line.text)
      .join('|'),
  ).toBe(expected);
});

test('only what is near a change is shown', () => {
  const before = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const shown = withContext(lineDiff(before.join('\n'), before.with(10, 'new').join('\n')), 1);
  expect(shown.map((line) => (line === null ? '…' : line.text))).toEqual([
    '…',
    'line 9',
    'line 10',
    'new',
    'line 11',
    '…',
  ]);
});
