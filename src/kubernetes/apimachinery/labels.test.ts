import { expect, test } from 'vitest';
import * as labels from './labels.ts';
import { parseSelector } from './labelSelectorParser.ts';

test.each<[string, labels.Labels, boolean]>([
  ['', { x: 'y' }, true],
  ['x=y', { x: 'y' }, true],
  ['x=y,z=w', { x: 'y', z: 'w' }, true],
  ['x!=y,z!=w', { x: 'z', z: 'a' }, true],
  ['notin=in', { notin: 'in' }, true],
  ['x', { x: 'z' }, true],
  ['!x', { y: 'z' }, true],
  ['x>1', { x: '2' }, true],
  ['x<1', { x: '0' }, true],
  ['x=z', {}, false],
  ['x=', {}, false],
  ['x!=', {}, true],
  ['x=y', { x: 'z' }, false],
  ['x=y,z=w', { x: 'w', z: 'w' }, false],
  ['x!=y,z!=w', { x: 'z', z: 'w' }, false],
  ['x', { y: 'z' }, false],
  ['!x', { x: 'z' }, false],
  ['x>1', { x: '0' }, false],
  ['x<1', { x: '2' }, false],
  ['x>1', { x: 'v2' }, false],
  ['x>1', {}, false],
  ['x>9007199254740993', { x: '9007199254740992' }, false],
  ['x in (foo),y notin (alpha)', { x: 'foo', y: 'baz' }, true],
  ['x in (foo),y in (alpha)', { x: 'foo', y: 'baz' }, false],
  ['x notin (),y', { y: '' }, true],
  ['x notin (),!y', { y: '' }, false],
  ['x in ()', { y: 'baz' }, false],
  ['constructor', {}, false],
  ['!toString', {}, true],
])('%j against %j is %s', (selector, set, matched) => {
  expect(parseSelector(selector).matches(set)).toBe(matched);
});

test('a LabelSelector is compiled once per object; none selects nothing, an empty one everything', () => {
  const selector = {
    matchLabels: { b: '1', a: '2' },
    matchExpressions: [
      { key: 'c', operator: 'NotIn', values: ['y', 'x', 'x'] },
      { key: 'd', operator: 'Exists' },
      { key: 'e', operator: 'DoesNotExist' },
      { key: 'f', operator: 'In', values: ['z'] },
    ],
  };
  const compiled = labels.selectorOf(selector);
  expect(labels.selectorOf(selector)).toBe(compiled);
  expect(compiled.toString()).toBe('a=2,b=1,c notin (x,y),d,!e,f in (z)');
  expect(compiled.matches({ a: '2', b: '1', d: '', f: 'z' })).toBe(true);
  expect(compiled.matches({ a: '2', b: '1', d: '', f: 'z', c: 'x' })).toBe(false);
  expect(compiled.matches(undefined)).toBe(false);
  expect(labels.selectorOf(undefined)).toBe(labels.nothing);
  expect([labels.nothing.matches({}), labels.nothing.empty]).toEqual([false, false]);
  expect(labels.selectorOf({})).toBe(labels.everything);
  expect([labels.everything.matches(undefined), labels.everything.empty]).toEqual([true, true]);
  expect(() =>
    labels.selectorOf({ matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] }),
  ).toThrow('"Gt" is not a valid label selector operator');
});

test.each([
  ['a=1', 'a', '1'],
  ['a==1,b=2', 'b', '2'],
  ['a in (1)', 'a', '1'],
  ['a in (1,2)', 'a', undefined],
  ['a!=1', 'a', undefined],
  ['a', 'a', undefined],
  ['a=1', 'b', undefined],
])('the exact value that %j wants of %j is %j', (selector, key, value) => {
  expect(parseSelector(selector).exactValue(key)).toBe(value);
});

test('plain maps', () => {
  expect(labels.matches({ a: '1' }, { a: '1', b: '2' })).toBe(true);
  expect(labels.matches({ a: '1', c: '3' }, { a: '1', b: '2' })).toBe(false);
  expect(labels.matches({}, undefined)).toBe(true);
  expect(labels.matches(undefined, { a: '1' })).toBe(true);
  expect(labels.matches({ a: '1' }, undefined)).toBe(false);
  expect(labels.selectorFromSet(undefined)).toBe(labels.everything);
  expect(labels.formatLabels({ b: '1', a: '' })).toBe('a=,b=1');
  expect(labels.formatLabels({})).toBe('<none>');
  expect(labels.formatLabelSelector({ matchLabels: { a: 'b' } })).toBe('a=b');
  expect(labels.formatLabelSelector(undefined)).toBe('<none>');
});

const keySentence =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const valueSentence =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

test('labels and selectors are validated with upstream sentences', () => {
  const sentences = (errors: ReturnType<typeof labels.validateLabels>) =>
    errors.map((error) => `${error.field}: ${error.message}`);
  expect(sentences(labels.validateLabels({ good: 'a', 'bad!': '-' }, 'metadata.labels'))).toEqual([
    `metadata.labels: Invalid value: "bad!": ${keySentence}`,
    `metadata.labels: Invalid value: "-": ${valueSentence}`,
  ]);
  const selector = {
    matchLabels: { a: '_' },
    matchExpressions: [
      { key: 'a', operator: 'In' },
      { key: 'a', operator: 'Exists', values: ['b'] },
      { key: 'a', operator: 'Is', values: ['-'] },
      { key: '', operator: 'Exists' },
    ],
  };
  expect(sentences(labels.validateLabelSelector(selector, 'spec.selector'))).toEqual([
    `spec.selector.matchLabels: Invalid value: "_": ${valueSentence}`,
    "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    "spec.selector.matchExpressions[1].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
    'spec.selector.matchExpressions[2].operator: Invalid value: "Is": not a valid selector operator',
    `spec.selector.matchExpressions[2].values[0]: Invalid value: "-": ${valueSentence}`,
    'spec.selector.matchExpressions[3].key: Invalid value: "": name part must be non-empty',
    `spec.selector.matchExpressions[3].key: Invalid value: "": ${keySentence}`,
  ]);
  expect(labels.validateLabelSelector(undefined, 'spec.selector')).toEqual([]);
});
