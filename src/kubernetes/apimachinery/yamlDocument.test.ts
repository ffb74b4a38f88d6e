import { expect, test } from 'vitest';
import { parseDocument, splitDocuments } from './yamlDocument.ts';

test.each([
  ['a: 010\nb: 1_000\nc: yes\nd: 0o7\ne: 2020-01-01', { a: 8, b: 1000, c: true, d: 7, e: '2020-01-01' }],
  ['a: 1e3\nb: 12:30:45\nc: 0x1F\nd: 0b11\ne: 08', { a: 1000, b: '12:30:45', c: 31, d: 3, e: 8 }],
  ['a: .5\nb: 5.\nc: +1\nd: 1_0.5\ne: !!str 5', { a: 0.5, b: 5, c: 1, d: 10.5, e: '5' }],
  ['a: Y\nb: ON\nc: "yes"\nd: ~\ne: no', { a: true, b: true, c: 'yes', d: null, e: false }],
  ['a: &x {b: 1}\nc:\n  <<: *x\n  d: 2', { a: { b: 1 }, c: { b: 1, d: 2 } }],
  ['a: 1\na: 2', { a: 2 }],
  ['{"a": 1,}', { a: 1 }],
  ['# nothing\n', null],
  ['- a\n- b', ['a', 'b']],
])('YAML 1.1: %j', (text, value) => expect(parseDocument(text)).toEqual(value));

// Recorded from kubectl 1.33: `kubectl label --local -f FILE a=b -o yaml`.
test.each([
  [
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: x\n',
    'line 4: found character that cannot start any token',
  ],
  ['kind: x\n\ta: b\n', 'line 2: found a tab character that violates indentation'],
  ['kind: x\nmetadata: a: b\n', 'line 2: mapping values are not allowed in this context'],
  [
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n data:\n  a: b\n',
    'line 4: did not find expected key',
  ],
  ['apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: "x\n', 'line 5: found unexpected end of stream'],
  ['apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: [x\n', "line 4: did not find expected ',' or ']'"],
  ['hello world\nfoo: bar\n', 'line 2: mapping values are not allowed in this context'],
  ['a: *x\n', "unknown anchor 'x' referenced"],
  ['a: @x\n', 'found character that cannot start any token'],
  ['a: %x\n', 'found character that cannot start any token'],
  ['a:\n- b\n  c: d\n', 'line 3: mapping values are not allowed in this context'],
  ['a: "x" y\n', 'did not find expected key'],
  ['a: b\n  c: d\n', 'line 2: mapping values are not allowed in this context'],
  ['a:\n  - b\n - c\n', 'line 2: did not find expected key'],
  ['a: b\nc\nd: e\n', "line 3: could not find expected ':'"],
])('%j', (text, sentence) => {
  expect(() => parseDocument(text)).toThrow(`error converting YAML to JSON: yaml: ${sentence}`);
});

test('what JSON cannot hold, and aliases that explode, are refused', () => {
  expect(() => parseDocument('a: .inf')).toThrow('json: unsupported value: +Inf');
  const bomb = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]'];
  for (let i = 1; i < 9; i++)
    bomb.push(
      `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(',')}]`,
    );
  expect(() => parseDocument(bomb.join('\n'))).toThrow('document contains excessive aliasing');
  expect(() => parseDocument(`a: ${'x'.repeat(4e6)}`)).toThrow('Request entity too large: limit is 3145728');
});

test.each([
  ['a\n---\nb', ['a', 'b']],
  ['---\na\n--- # comment\nb\n---\n\n', ['a', 'b\n']],
  ['a\n ---\nb', ['a\n ---\nb']],
])('%j is split where kubectl splits', (text, documents) => {
  expect(splitDocuments(text).map((one) => one.replace(/\n$/, ''))).toEqual(
    documents.map((one) => one.replace(/\n$/, '')),
  );
});

test('a separator with words behind it is an error', () => {
  expect(() => splitDocuments('a\n--- b\n')).toThrow('invalid Yaml document separator: b');
});

test('version 3 of go-yaml takes for text what version 2 takes for true', () => {
  expect(parseDocument('{a: y, b: on, c: true}')).toEqual({ a: true, b: true, c: true });
  expect(parseDocument('{a: y, b: on, c: true}', 3)).toEqual({ a: 'y', b: 'on', c: true });
});
