import { expect, test } from 'vitest';
import { invalidValue, notSupported, tooLong, tooMany } from './fieldErrors.ts';

/** Upstream: TestErrorUsefulMessage and its neighbours, apimachinery/pkg/util/validation/field/errors_test.go */
test.each<[unknown, string]>([
  ['a', '"a"'],
  ['a "b" \\ <c>\n\t', '"a \\"b\\" \\\\ <c>\\n\\t"'],
  ['\u0000\u0007\u000b\u001b\u007fé', '"\\x00\\a\\v\\x1b\\x7fé"'],
  ['\\u0007', '"\\\\u0007"'],
  [5, '5'],
  [true, 'true'],
  [null, 'null'],
  [['a'], '["a"]'],
  [{ Rule: 'a > 1 && b' }, '{"Rule":"a \\u003e 1 \\u0026\\u0026 b"}'],
])('%j is shown as %s', (value, shown) => {
  expect(invalidValue('f', value, 'no').message).toBe(`Invalid value: ${shown}: no`);
});

test.each([
  [tooLong('f', 1), 'Too long: may not be more than 1 byte'],
  [tooLong('f', 2), 'Too long: may not be more than 2 bytes'],
  [tooMany('f', 2, 1), 'Too many: 2: must have at most 1 item'],
  [tooMany('f', 3, 2), 'Too many: 3: must have at most 2 items'],
  [notSupported('f', 'a', ['"b"', 'c']), 'Unsupported value: "a": supported values: "\\"b\\"", "c"'],
])('%o', ({ message }, sentence) => {
  expect(message).toBe(sentence);
});
