import { expect, test } from 'vitest';
import { applyMergePatch, createMergePatch, createThreeWayMergePatch } from './mergePatch.ts';
import recorded from './testdata/mergePatch.json' with { type: 'json' };

interface Recorded {
  readonly object: unknown;
  readonly patch: unknown;
  readonly result: unknown;
}

// Recorded from `kubectl patch --local --type=merge` 1.33.
test.each(recorded as readonly Recorded[])('$patch', ({ object, patch, result }) => {
  const before = JSON.stringify(object);
  expect(applyMergePatch(object, patch)).toEqual(result);
  expect(JSON.stringify(object)).toBe(before);
});

test('what is not touched keeps its identity, and a patch that changes nothing the object', () => {
  const object: { a: unknown; b: { y: unknown } } = { a: { x: 1 }, b: { y: [1, 2] } };
  const patched = applyMergePatch(object, { b: { z: 1 } });
  expect(patched).toEqual({ a: { x: 1 }, b: { y: [1, 2], z: 1 } });
  expect(patched.a).toBe(object.a);
  expect(patched.b.y).toBe(object.b.y);
  expect(applyMergePatch(object, { a: { x: 1, q: null }, b: { y: [1, 2] }, c: null })).toBe(object);
});

test.each([
  [{ a: 1 }, { a: 1 }, {}],
  [{ a: 1 }, { a: 2 }, { a: 2 }],
  [{ a: 1 }, {}, { a: null }],
  [{ a: { b: 1, c: 2 } }, { a: { b: 1 } }, { a: { c: null } }],
  [{ a: [1, 2] }, { a: [2, 1] }, { a: [2, 1] }],
  [{ a: [1] }, { a: { b: 1 } }, { a: { b: 1 } }],
  [{}, { a: {} }, { a: {} }],
  [{ a: {} }, { a: {} }, {}],
  [{ a: 1 }, { a: null }, { a: null }],
])('from %j to %j is %j', (original, modified, patch) => {
  expect(createMergePatch(original, modified)).toEqual(patch);
});

// Upstream: apimachinery/pkg/util/jsonmergepatch/patch_test.go
test.each([
  ['nothing changed', { a: 1 }, { a: 1 }, { a: 1 }, {}],
  ['add', {}, { a: 1 }, {}, { a: 1 }],
  ['change', { a: 1 }, { a: 2 }, { a: 1 }, { a: 2 }],
  ['delete', { a: 1, b: 2 }, { a: 1 }, { a: 1, b: 2 }, { b: null }],
  ['delete what is gone already', { a: 1, b: 2 }, { a: 1 }, { a: 1 }, { b: null }],
  ['keep what others set', { a: 1 }, { a: 1 }, { a: 1, b: 2 }, {}],
  ['take back what others changed', { a: 1 }, { a: 1 }, { a: 2 }, { a: 1 }],
  ['nested', { s: { x: 1, y: 2 } }, { s: { x: 3 } }, { s: { x: 1, y: 2, z: 9 } }, { s: { y: null, x: 3 } }],
  ['lists are replaced', { l: [1] }, { l: [1, 2] }, { l: [1, 3] }, { l: [1, 2] }],
  ['an empty object is a value', {}, { e: {} }, {}, { e: {} }],
])('three ways: %s', (_, original, modified, current, patch) => {
  expect(createThreeWayMergePatch(original, modified, current)).toEqual(patch);
});
