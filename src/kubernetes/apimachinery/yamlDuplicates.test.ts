import { expect, test } from 'vitest';
import { strictYamlError, yamlDuplicates } from './yamlDuplicates.ts';

/** Lines as go-yaml counts them: where the value begins, not its key. */
test.each([
  ['a: 1\nb: 2\n', []],
  ['a: 1\na: 2\n', ['line 2: key "a" already set in map']],
  ['\na: 1\n"a":\n  b: 2\n', ['line 4: key "a" already set in map']],
  ['l:\n- a: 1\n  a: 2\n- a: 3\n', ['line 3: key "a" already set in map']],
  [
    'a:\n  b: 1\n  b: 2\na: {}\n',
    ['line 3: key "b" already set in map', 'line 4: key "a" already set in map'],
  ],
  [
    'a: 1\na: |\n  text\nb: &x {c: 1}\nb: *x\n',
    ['line 2: key "a" already set in map', 'line 5: key "b" already set in map'],
  ],
  ['{"a":1,"a":{"b":1,"b":2}}', ['line 1: key "b" already set in map', 'line 1: key "a" already set in map']],
  ['x: &x {a: 1}\ny: {<<: *x, <<: *x, a: 2}\n', []],
  ['', []],
])('%j', (text, expected) => {
  expect(yamlDuplicates(text)).toEqual(expected);
});

test('they are one sentence', () => {
  expect(strictYamlError([])).toBe('');
  expect(strictYamlError(['line 1: x', 'line 2: y'])).toBe(
    'yaml: unmarshal errors:\n  line 1: x\n  line 2: y',
  );
});
