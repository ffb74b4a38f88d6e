import { expect, test } from 'vitest';
import type { New } from '../object.ts';
import { validateCreate } from '../validation.ts';
import { type Workload, workloads } from './workload.ts';

// Upstream: pkg/apis/scheduling/validation/validation_test.go TestValidateWorkload

const workload = (...names: string[]) =>
  ({
    apiVersion: 'scheduling.k8s.io/v1alpha2',
    kind: 'Workload',
    metadata: { name: 'w', namespace: 'default' },
    spec: { podGroupTemplates: names.map((name) => ({ name, schedulingPolicy: { basic: {} } })) },
  }) as New<Workload> as Workload;

test.each([
  [['a', 'b'], []],
  [[], ['spec.podGroupTemplates: Required value']],
  [['a', 'a'], ['spec.podGroupTemplates[1]: Duplicate value: "a"']],
  ['abcdefghi'.split(''), ['spec.podGroupTemplates: Too many: 9: must have at most 8 items']],
])('a workload of %j', (names, expected) => {
  const errors = validateCreate(workloads, workload(...names));
  expect(errors.map(({ field, message }) => `${field}: ${message}`)).toEqual(expected);
});
