import { expect, test } from 'vitest';
import { formatGoValue, goTypeOf } from './goValue.ts';

test.each([
  [null, '<nil>', '%!s(<nil>)'],
  ['a b', 'a b', 'string'],
  [true, 'true', 'bool'],
  [false, 'false', 'bool'],
  [12, '12', 'int64'],
  [-0.5, '-0.5', 'float64'],
  [0.00001, '1e-05', 'float64'],
  [1e18, '1000000000000000000', 'int64'],
  [[], '[]', '[]interface {}'],
  [['a', 1, null], '[a 1 <nil>]', '[]interface {}'],
  [{}, 'map[]', 'map[string]interface {}'],
  [{ b: [1], a: { c: 'd' }, e: undefined }, 'map[a:map[c:d] b:[1]]', 'map[string]interface {}'],
])('%j prints as %s and is a %s', (value, text, type) => {
  expect(formatGoValue(value)).toBe(text);
  expect(goTypeOf(value)).toBe(type);
});
