import { expect, test } from 'vitest';
import { patchSchemaOf } from '#kubernetes/api/mergeKeys.ts';
import { applyStrategicMergePatch } from './strategicMergePatch.ts';
import recorded from './testdata/strategicMergePatch.json' with { type: 'json' };

interface Recorded {
  readonly object: unknown;
  readonly patch: unknown;
  readonly result?: unknown;
  readonly error?: string;
}

const podSchema = patchSchemaOf('io.k8s.api.core.v1.Pod');

// Recorded from `kubectl patch --local --type=strategic` 1.33.
test.each(recorded as readonly Recorded[])('$patch', ({ object, patch, result, error }) => {
  const before = JSON.stringify(object);
  if (error === undefined) expect(applyStrategicMergePatch(object, patch, podSchema)).toEqual(result);
  else expect(() => applyStrategicMergePatch(object, patch, podSchema)).toThrow(error);
  expect(JSON.stringify(object)).toBe(before);
});

test('what is not touched keeps its identity, and a patch that changes nothing the object', () => {
  const object = {
    metadata: { labels: { x: 'y' } },
    spec: { containers: [{ name: 'a', image: 'b' }, { name: 'c' }], nodeSelector: { d: 'e' } },
  };
  const image = { spec: { containers: [{ name: 'a', image: 'new' }] } };
  const patched = applyStrategicMergePatch(object, image, podSchema);
  expect(patched.spec.containers).toEqual([{ name: 'a', image: 'new' }, { name: 'c' }]);
  expect(patched.metadata).toBe(object.metadata);
  expect(patched.spec.containers[1]).toBe(object.spec.containers[1]);
  expect(patched.spec.nodeSelector).toBe(object.spec.nodeSelector);
  const same = {
    spec: { containers: [{ name: 'c' }, { name: 'a', image: 'b' }].toReversed(), hostIPC: null },
  };
  expect(applyStrategicMergePatch(object, same, podSchema)).toBe(object);
  expect(applyStrategicMergePatch(object, null, podSchema)).toBe(object);
  expect(() => applyStrategicMergePatch(object, [], podSchema)).toThrow('invalid JSON document');
});

test('without a schema, lists are replaced and objects merged', () => {
  const object = { a: [{ name: 'x' }], b: { c: 1 } };
  expect(applyStrategicMergePatch(object, { a: [{ name: 'y' }], b: { d: 2 } }, undefined)).toEqual({
    a: [{ name: 'y' }],
    b: { c: 1, d: 2 },
  });
});

// Upstream: apiserver/pkg/endpoints/handlers/patch.go interpretStrategicMergePatchError
test.each([
  [{ metadata: { $patch: 'foo' } }, 500],
  [{ spec: { containers: [{ name: 'b' }], '$setElementOrder/containers': [{ name: 'a' }] } }, 500],
  [{ spec: { containers: [{ image: 'b' }] } }, 500],
  [{ spec: { $retainKeys: ['x'], containers: [] } }, 400],
])('the patch %j fails with %i', (patch, code) => {
  const object = { metadata: { labels: {} }, spec: { containers: [{ name: 'a' }] } };
  expect(() => applyStrategicMergePatch<unknown>(object, patch, podSchema)).toThrow(
    expect.objectContaining({ code }) as Error,
  );
});
