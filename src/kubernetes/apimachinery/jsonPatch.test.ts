import { expect, test } from 'vitest';
import { applyJsonPatch } from './jsonPatch.ts';
import recorded from './testdata/jsonPatch.json' with { type: 'json' };

interface Recorded {
  readonly object: unknown;
  readonly patch: unknown;
  readonly result?: unknown;
  readonly error?: string;
}

// Recorded from `kubectl patch --local --type=json` 1.33, but for replace, whose sentence kubectl rewrites.
test.each(recorded as readonly Recorded[])('$patch', ({ object, patch, result, error }) => {
  const before = JSON.stringify(object);
  if (error === undefined) expect(applyJsonPatch(object, patch)).toEqual(result);
  else expect(() => applyJsonPatch(object, patch)).toThrow(expect.objectContaining({ message: error }));
  expect(JSON.stringify(object)).toBe(before);
});

test('what is not touched keeps its identity, and a patch that changes nothing the object', () => {
  const object = { a: { x: 1 }, b: { y: [{ z: 1 }, { z: 2 }] } };
  const patched = applyJsonPatch(object, [{ op: 'replace', path: '/b/y/1/z', value: 3 }]);
  expect(patched).toEqual({ a: { x: 1 }, b: { y: [{ z: 1 }, { z: 3 }] } });
  expect(patched.a).toBe(object.a);
  expect(patched.b.y[0]).toBe(object.b.y[0]);
  expect(applyJsonPatch(object, [{ op: 'replace', path: '/a', value: { x: 1 } }])).toBe(object);
  expect(applyJsonPatch(object, [])).toBe(object);
  expect(applyJsonPatch(object, null)).toBe(object);
  expect(() => applyJsonPatch(object, 'x')).toThrow(
    'json: cannot unmarshal string into Go value of type jsonpatch.Patch',
  );
  expect(() => applyJsonPatch(object, [true])).toThrow(
    'json: cannot unmarshal bool into Go value of type jsonpatch.Operation',
  );
});

// Upstream: apiserver/pkg/endpoints/handlers/patch_test.go TestJSONPatch (a copy bomb)
test('copies that copy each other are stopped before they fill the memory', () => {
  const bomb = Array.from({ length: 40 }, (_, i) => ({ op: 'copy', from: '/data', path: `/data/${i}` }));
  expect(() => applyJsonPatch({ data: { a: 'b' } }, bomb)).toThrow(
    /^Unable to complete the copy, the accumulated size increase of copy is \d+, exceeding the limit 3145728$/,
  );
  const few = bomb.slice(0, 3);
  expect(JSON.stringify(applyJsonPatch({ data: { a: 'b' } }, few))).toHaveLength(116);
});
