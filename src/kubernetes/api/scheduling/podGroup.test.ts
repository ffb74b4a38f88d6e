import { expect, test } from 'vitest';
import type { New } from '../object.ts';
import { validateCreate } from '../validation.ts';
import { type PodGroup, podGroups } from './podGroup.ts';

// Upstream: pkg/apis/scheduling/validation/validation_test.go TestValidatePodGroup

const group = (schedulingPolicy: unknown) =>
  ({
    apiVersion: 'scheduling.k8s.io/v1alpha2',
    kind: 'PodGroup',
    metadata: { name: 'pg', namespace: 'default' },
    spec: { schedulingPolicy },
    status: {},
  }) as New<PodGroup> as PodGroup;

test.each([
  [{ gang: { minCount: 1 } }, []],
  [{ basic: {} }, []],
  [
    { gang: { minCount: 0 } },
    ['spec.schedulingPolicy.gang.minCount: Invalid value: 0: must be greater than or equal to 1'],
  ],
  [{}, ['spec.schedulingPolicy: Invalid value: must specify one of: `basic`, `gang`']],
  [
    { basic: {}, gang: { minCount: 1 } },
    [
      'spec.schedulingPolicy: Invalid value: "{`basic`, `gang`}": must specify exactly one of: `basic`, `gang`',
    ],
  ],
])('a group with %j', (policy, expected) => {
  const errors = validateCreate(podGroups, group(policy));
  expect(errors.map(({ field, message }) => `${field}: ${message}`)).toEqual(expected);
});

test('a group stays as it was made', () => {
  const old = group({ gang: { minCount: 2 } });
  expect(podGroups.validateUpdate!(old, old)).toEqual([]);
  const [error] = podGroups.validateUpdate!(group({ gang: { minCount: 3 } }), old);
  expect(error?.message).toMatch(/field is immutable$/);
});
