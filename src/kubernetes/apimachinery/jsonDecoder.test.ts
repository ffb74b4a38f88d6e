import { expect, test } from 'vitest';
import { decodeJson, depthMax, fieldPaths } from './jsonDecoder.ts';

test.each([
  ['{"a":[1,-2.5e3,true,null,"\\u00e9\\n"]}', { a: [1, -2500, true, null, 'é\n'] }],
  [' 0 ', 0],
  ['-0', 0],
  ['[]', []],
  ['"\\ud800"', '\ufffd'],
  ['"\\ud83d\\ude00"', '😀'],
])('%s is read', (text, value) => {
  expect(decodeJson(text)).toEqual({ value, duplicates: [] });
});

test('a field named __proto__ is a field like any other', () => {
  const { value } = decodeJson('{"__proto__":{"polluted":true}}');
  expect(Object.keys(value as object)).toEqual(['__proto__']);
  expect((value as { polluted?: boolean }).polluted).toBeUndefined();
});

/** Upstream: encoding/json/scanner.go; the first two are as Go's playground prints them. */
test.each([
  ['', 'unexpected end of JSON input'],
  ['{', 'unexpected end of JSON input'],
  ['zzz', "invalid character 'z' looking for beginning of value"],
  ['Ï<', "invalid character 'Ï' looking for beginning of value"],
  ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 "b"}', "invalid character '\"' after object key:value pair"],
  ['[1 2]', "invalid character '2' after array element"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ['"\\x"', "invalid character 'x' in string escape code"],
  ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
  ['tru3', "invalid character '3' in literal true (expecting 'e')"],
  ['nul', 'unexpected end of JSON input'],
  ['-a', "invalid character 'a' in numeric literal"],
  ['1.', 'unexpected end of JSON input'],
  ['1.x', "invalid character 'x' after decimal point in numeric literal"],
  ['1ex', "invalid character 'x' in exponent of numeric literal"],
  ['01', "invalid character '1' after top-level value"],
  ['{} {}', "invalid character '{' after top-level value"],
  ['NaN', "invalid character 'N' looking for beginning of value"],
  ["'a'", "invalid character '\\'' looking for beginning of value"],
  ['1e999', 'json: cannot unmarshal number 1e999 into Go value of type float64'],
])('%j is refused in Go’s words', (text, message) => {
  expect(() => decodeJson(text)).toThrow(expect.objectContaining({ name: 'JsonError', message }));
});

test('fields that are there twice are named once each, and the last counts', () => {
  expect(decodeJson('{"a":{"b":1,"b":2,"b":3},"l":[{"c":1,"c":1}]}')).toEqual({
    value: { a: { b: 3 }, l: [{ c: 1 }] },
    duplicates: ['duplicate field "a.b"', 'duplicate field "l[0].c"'],
  });
});

test.each(['[', '{"a":'])('nesting %s is bounded', (open) => {
  expect(() => decodeJson(open.repeat(depthMax + 1))).toThrow('exceeded max depth');
  expect(() => decodeJson(open.repeat(100_000))).toThrow('exceeded max depth');
});

test('the paths of all fields come in the order of the text, twice where they are there twice', () => {
  expect(fieldPaths('{"2":{"b":1},"l":[{"c":1},{"c":1}],"2":0}')).toEqual([
    '2',
    '2.b',
    'l',
    'l[0].c',
    'l[1].c',
    '2',
  ]);
});
