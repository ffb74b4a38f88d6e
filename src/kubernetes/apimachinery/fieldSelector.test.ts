import { expect, test } from 'vitest';
import {
  escapeFieldValue,
  exactFieldValue,
  formatFieldSelector,
  matchesFields,
  parseFieldSelector,
} from './fieldSelector.ts';

test.each([
  ['', ''],
  ['x=a,y=b,z=c', 'x=a,y=b,z=c'],
  ['x!=a,y=b', 'x!=a,y=b'],
  ['b==1,a=2', 'a=2,b=1'],
  [',a=a,', 'a=a'],
  [String.raw`x=a||y\=b`, String.raw`x=a||y\=b`],
  [String.raw`x=a\=\=b`, String.raw`x=a\=\=b`],
  [String.raw`k=\,,k2=v2`, String.raw`k2=v2,k=\,`],
  [String.raw`k=\\,k2=v2`, String.raw`k2=v2,k=\\`],
  [String.raw`k=\\\,,k2=v2`, String.raw`k2=v2,k=\\\,`],
  ['함=수,목=록', '목=록,함=수'],
  ['a=', 'a='],
])('%j reads as %j', (text, canonical) => {
  expect(formatFieldSelector(parseFieldSelector(text))).toBe(canonical);
});

test.each([
  ['x=a||y=b', 'invalid field selector: unescaped character in value: 61'],
  ['x==a==b', 'invalid field selector: unescaped character in value: 61'],
  ['x=a,b', "invalid selector: 'x=a,b'; can't understand 'b'"],
  ['x in (a)', "invalid selector: 'x in (a)'; can't understand 'x in (a)'"],
  ['x', "invalid selector: 'x'; can't understand 'x'"],
  [String.raw`k=\a`, String.raw`invalid field selector: invalid escape sequence: \a`],
  ['k=\\', 'invalid field selector: invalid escape sequence: \\'],
])('%j is refused', (text, message) => {
  expect(() => parseFieldSelector(text)).toThrow(expect.objectContaining({ reason: 'BadRequest', message }));
});

test.each([
  ['', ''],
  ['a', 'a'],
  ['=', String.raw`\=`],
  [',', String.raw`\,`],
  ['\\', '\\\\'],
  ['\\=\\,\\', String.raw`\\\=\\\,` + '\\\\'],
])('%j escapes to %j and back', (value, escaped) => {
  expect(escapeFieldValue(value)).toBe(escaped);
  expect(parseFieldSelector(`k=${escaped}`)).toEqual([{ field: 'k', operator: '=', value }]);
});

test.each([
  ['', true],
  ['foo=bar', true],
  ['foo=bar,baz=blah', true],
  ['foo!=x', true],
  ['missing=', true],
  [String.raw`complex=\=value\\\,\\`, true],
  ['foo=blah', false],
  ['foo!=bar', false],
  ['foo=bar,foobar=bar', false],
])('%j matches: %s', (text, matched) => {
  const fields: Record<string, string> = { foo: 'bar', baz: 'blah', complex: '=value\\,\\' };
  expect(matchesFields(parseFieldSelector(text), (field) => fields[field] ?? '')).toBe(matched);
});

test('the exact value of a field', () => {
  const selector = parseFieldSelector('a=1,b!=2');
  expect(['a', 'b', 'c'].map((field) => exactFieldValue(selector, field))).toEqual([
    '1',
    undefined,
    undefined,
  ]);
});
