import { expect, test } from 'vitest';
import { formatGoJson } from './goJson.ts';

test.each([
  [null, 'null', 'null'],
  [undefined, 'null', 'null'],
  ['a<b>&"\u2028', '"a\\u003cb\\u003e\\u0026\\"\\u2028"', '"a\\u003cb\\u003e\\u0026\\"\\u2028"'],
  [
    { 10: 1, 9: 2, b: undefined, a: null },
    '{"10":1,"9":2,"a":null}',
    '{\n  "10": 1,\n  "9": 2,\n  "a": null\n}',
  ],
  [[], '[]', '[]'],
  [[1, [true], {}], '[1,[true],{}]', '[\n  1,\n  [\n    true\n  ],\n  {}\n]'],
])('%j', (value, compact, indented) => {
  expect(formatGoJson(value)).toBe(compact);
  expect(formatGoJson(value, '  ')).toBe(indented);
});
