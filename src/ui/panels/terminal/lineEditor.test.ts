import { expect, test } from 'vitest';
import {
  commonStart,
  complete,
  emptyLine,
  press,
  splitKeys,
  type LineEffect,
  type LineState,
} from './lineEditor.ts';
import { columnsOf } from './promptLine.ts';

function typeKeys(
  keys: readonly string[],
  history: readonly string[] = [],
): { state: LineState; effects: LineEffect[] } {
  let state = emptyLine(history);
  const effects: LineEffect[] = [];
  for (const key of keys) {
    const step = press(state, key);
    state = step.state;
    if (step.effect.type !== 'none') effects.push(step.effect);
  }
  return { state, effects };
}

const left = '\u001B[D';
const up = '\u001B[A';
const down = '\u001B[B';

// The cursor is shown as |.
test.each([
  ['text', ['ab', 'c'], 'abc|'],
  ['a letter put in', ['abc', left, left, 'x'], 'ax|bc'],
  ['backspace', ['abc', left, '\u007F'], 'a|c'],
  ['delete', ['abc', '\u0001', '\u001B[3~'], '|bc'],
  ['home and end', ['abc', '\u001B[H', 'x', '\u001B[F', 'y'], 'xabcy|'],
  ['Ctrl-W', ['kubectl get  pods', '\u0017'], 'kubectl get  |'],
  ['Ctrl-U and Ctrl-Y', ['abc def', left, '\u0015', '\u0005', '\u0019'], 'fabc de|'],
  ['Ctrl-K', ['abc', '\u0001', '\u0006', '\u000B'], 'a|'],
  ['word by word', ['one two', '\u001B[1;5D', '\u001B[1;5D', '\u001B[1;5C'], 'one| two'],
  ['an emoji is one character', ['a🙂b', left, left, '\u007F'], '|🙂b'],
  ['keys that mean nothing', ['a', '\u001B[24~'], 'a|'],
])('%s', (_name, keys, expected) => {
  const { state } = typeKeys(keys);
  const all = Array.from(state.text);
  expect([...all.slice(0, state.cursor), '|', ...all.slice(state.cursor)].join('')).toBe(expected);
});

test.each([
  ['the last', [up], 'two'],
  ['the one before', [up, up], 'one'],
  ['no further', [up, up, up], 'one'],
  ['back to what was typed', ['dra', up, down], 'dra'],
  ['a search', ['\u0012', 'on'], 'one'],
  ['a search again', ['\u0012', 'o', '\u0012'], 'one'],
  ['a search taken up', ['\u0012', 'w', '\u0005', '!'], 'two!'],
  ['a search given up', ['x', '\u0012', 'w', '\u0007'], ''],
])('history: %s', (_name, keys, expected) => {
  expect(typeKeys(keys, ['one', 'two']).state.text).toBe(expected);
});

test('enter submits, remembers, and does not remember twice', () => {
  const { state, effects } = typeKeys(['a', '\r', 'a', '\r', ' ', '\r']);
  expect(effects).toEqual([
    { type: 'submit', line: 'a' },
    { type: 'submit', line: 'a' },
    { type: 'submit', line: ' ' },
  ]);
  expect(state.history).toEqual(['a']);
});

test.each([
  ['\u0003', [], 'interrupt'],
  ['\u0004', [], 'endOfInput'],
  ['\t', [], 'complete'],
  ['\u000C', [], 'clear'],
  ['\u007F', [], 'bell'],
])('%j does what readline does', (key, keys: string[], expected) => {
  expect(typeKeys([...keys, key]).effects).toEqual([{ type: expected }]);
});

test('Ctrl-D deletes where there is text', () => {
  const { state, effects } = typeKeys(['ab', '\u0001', '\u0004']);
  expect([state.text, effects]).toEqual(['b', []]);
});

test('a paste is split into lines, and escape sequences stay whole', () => {
  expect(splitKeys('\u001B[200~ls -l\r\npwd\n\u001B[201~')).toEqual(['ls -l', '\r', 'pwd', '\n']);
  expect(splitKeys('a\u001B[1;5Db\u001Bf')).toEqual(['a', '\u001B[1;5D', 'b', '\u001Bf']);
});

test('completions', () => {
  expect(commonStart(['pods', 'podtemplates'])).toBe('pod');
  expect(complete({ ...emptyLine(), text: 'kubectl ge x', cursor: 10 }, 8, 'get ').text).toBe(
    'kubectl get  x',
  );
});

test.each([
  ['abc', 3],
  ['日本', 4],
  ['🙂', 2],
  ['e\u0301', 1],
])('%s takes %i cells', (text, cells) => {
  expect(columnsOf(text)).toBe(cells);
});
