import { expect, test } from 'vitest';
import { mapList, remembered, rememberedCompletion, withDefaults, withField } from './sharing.ts';

test('what is complete is not copied', () => {
  const object = { a: 'x', b: 0, c: false };
  expect(withDefaults(object, { a: 'y', b: 1, c: true })).toBe(object);
  expect(withField(object, 'a', 'x')).toBe(object);
  const list = [1, 2];
  expect(mapList(list, (value) => value)).toBe(list);
  expect(mapList(undefined as number[] | undefined, (value) => value)).toBeUndefined();
});

test('empty strings are unset, as Go sees them; numbers and booleans are not', () => {
  expect(withDefaults<{ a?: string; b?: number }>({ a: '' }, { a: 'y', b: 1 })).toEqual({ a: 'y', b: 1 });
  expect(withDefaults<{ type?: string }>({}, { type: '' })).toEqual({ type: '' });
});

test('undefined removes a field', () => {
  expect(withField<{ a?: number; b?: number }, 'a'>({ a: 1, b: 2 }, 'a', undefined)).toEqual({ b: 2 });
});

test('an answer is remembered per identity, and a completed object is known to be complete', () => {
  let calls = 0;
  const double = remembered(({ n }: { n: number }) => (calls++, n * 2));
  const argument = { n: 2 };
  expect([double(argument), double(argument), double({ n: 2 })]).toEqual([4, 4, 4]);
  expect(calls).toBe(2);
  const complete = rememberedCompletion(
    (object: { readonly n?: number }): { readonly n?: number } => (calls++, { n: 1, ...object }),
  );
  const once = complete({});
  expect(complete(once)).toBe(once);
  expect(calls).toBe(3);
});
