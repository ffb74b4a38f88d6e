import { expect, test } from 'vitest';
import { patchSchemaOf } from '#kubernetes/api/mergeKeys.ts';
import { createThreeWayStrategicPatch, createTwoWayStrategicPatch } from './strategicMergeDiff.ts';
import { applyStrategicMergePatch } from './strategicMergePatch.ts';
import recorded from './testdata/strategicMergeDiff.json' with { type: 'json' };

type Fields = { readonly [key: string]: unknown };

interface Recorded {
  readonly original: Fields;
  readonly modified: Fields;
  readonly current: Fields;
  readonly patch: Fields;
}

const cases = recorded as readonly Recorded[];
const podSchema = patchSchemaOf('io.k8s.api.core.v1.Pod');
const deploymentSchema = patchSchemaOf('io.k8s.api.apps.v1.Deployment');

// Recorded from what `kubectl apply` 1.33 sent to a server that had `current`, without the annotation.
test.each(cases)('apply sends $patch', ({ original, modified, current, patch }) => {
  const before = JSON.stringify([original, modified, current]);
  expect(createThreeWayStrategicPatch(original, modified, current, podSchema)).toEqual(patch);
  expect(JSON.stringify([original, modified, current])).toBe(before);
});

test.each(cases)('the difference, applied, makes $modified', ({ original, modified }) => {
  const patch = createTwoWayStrategicPatch(original, modified, podSchema);
  const patched = applyStrategicMergePatch(original, patch, podSchema);
  // What is left of an emptied list or object is empty, not absent; the server drops both alike.
  expect(withoutEmpty(patched)).toEqual(withoutEmpty(modified));
});

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([key, field]) => [key, withoutEmpty(field)] as const);
  return Object.fromEntries(fields.filter(([, field]) => field !== undefined));
}

test('a union names the fields that stay', () => {
  const rolling = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } };
  const recreate = { spec: { strategy: { type: 'Recreate' } } };
  const patch = createTwoWayStrategicPatch(rolling, recreate, deploymentSchema);
  expect(patch).toEqual({
    spec: { strategy: { $retainKeys: ['type'], type: 'Recreate', rollingUpdate: null } },
  });
  expect(applyStrategicMergePatch(rolling, patch, deploymentSchema)).toEqual(recreate);
});

test('fields that the type has not matter only where they differ', () => {
  const object = { spec: { nope: { a: 1 } } };
  expect(createTwoWayStrategicPatch(object, structuredClone(object), podSchema)).toEqual({});
  expect(() => createTwoWayStrategicPatch(object, { spec: { nope: { a: 2 } } }, podSchema)).toThrow(
    'unable to find api field in struct PodSpec for the json field "nope"',
  );
});
