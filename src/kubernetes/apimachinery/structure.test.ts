import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deepEqual, share } from './structure.ts';

test.each([
  [1, 1, true],
  [1, '1', false],
  [null, null, true],
  [null, {}, false],
  [{}, [], false],
  [[], {}, false],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
  [{ a: 1, b: undefined }, { a: 1 }, true],
  [{ a: 1 }, { a: 1, b: undefined }, true],
  [{ a: undefined }, { b: undefined }, true],
  [{ a: 1 }, { b: 1 }, false],
  [{ a: null }, {}, false],
  [[1, 2], [2, 1], false],
  [[1], [1, 2], false],
  [{ a: { b: [{ c: 1 }] } }, { a: { b: [{ c: 1 }] } }, true],
  [{ a: { b: [{ c: 1 }] } }, { a: { b: [{ c: 2 }] } }, false],
  [{ constructor: 'x' }, {}, false],
  [{}, { constructor: 'x' }, false],
])('deepEqual(%j, %j) is %s', (a, b, equal) => {
  expect(deepEqual(a, b)).toBe(equal);
});

test('share returns the old value itself when all is equal', () => {
  const old = { metadata: { name: 'a', labels: { x: 'y' } }, list: [{ n: 1 }, { n: 2 }] };
  expect(share(structuredClone(old), old)).toBe(old);
  expect(share({ ...structuredClone(old), gone: undefined }, old)).toBe(old);
});

test('share keeps the identity of every equal subtree', () => {
  const old = { a: { x: 1 }, b: { y: [{ z: 1 }, { z: 2 }] }, c: { w: 1 } };
  const next = { a: { x: 1 }, b: { y: [{ z: 1 }, { z: 3 }, { z: 4 }] }, c: { w: 1 } };
  const shared = share(next, old);
  expect(shared).toEqual(next);
  expect(shared.a).toBe(old.a);
  expect(shared.c).toBe(old.c);
  expect(shared.b).not.toBe(old.b);
  expect(shared.b.y[0]).toBe(old.b.y[0]);
});

test('share returns next itself when nothing can be shared', () => {
  const next = { a: 1, b: { c: 2 }, d: [1] };
  expect(share(next, { a: 2, b: { c: 3 }, d: [2] })).toBe(next);
  expect(share(next, undefined)).toBe(next);
  expect(share(next, [1])).toBe(next);
  expect(share([1], { 0: 1 })).toEqual([1]);
});

test('share keeps what a shorter next has', () => {
  const old = { a: { x: 1 }, b: [{ x: 1 }, { x: 2 }] };
  const fewerFields = share({ a: { x: 1 } }, old);
  expect(fewerFields).toEqual({ a: { x: 1 } });
  expect(fewerFields.a).toBe(old.a);
  const fewerElements = share([{ x: 1 }], old.b);
  expect(fewerElements).toEqual([{ x: 1 }]);
  expect(fewerElements[0]).toBe(old.b[0]);
});

test('share never changes its arguments, nor what the value says', () => {
  const json = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(json, json, (next, old) => {
      const before = JSON.stringify([next, old]);
      const shared = share(next, old);
      expect(JSON.stringify([next, old])).toBe(before);
      expect(deepEqual(shared, next)).toBe(true);
      expect(deepEqual(next, old)).toBe(shared === old || deepEqual(next, old));
      const again = share(structuredClone(shared), shared);
      expect(again).toBe(shared);
    }),
    { numRuns: 300, seed: 7 },
  );
});
