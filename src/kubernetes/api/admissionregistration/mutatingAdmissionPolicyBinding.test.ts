import { expect, test } from 'vitest';
import { cells, created, createErrors } from '../testing/kindTable.ts';
import { mutatingAdmissionPolicyBindings as kind } from './mutatingAdmissionPolicyBinding.ts';

test('a binding names its policy', () => {
  expect(createErrors(kind, { spec: { policyName: 'add-label' } })).toEqual([]);
  expect(createErrors(kind, { spec: {} })).toEqual(['spec.policyName: Required value']);
});

test('a binding may match less; what it leaves open is filled in', () => {
  const binding = created(kind, { spec: { policyName: 'p', matchResources: {}, paramRef: { name: 'x' } } });
  expect(binding.spec.matchResources).toEqual({
    matchPolicy: 'Equivalent',
    namespaceSelector: {},
    objectSelector: {},
  });
  expect(binding.spec.paramRef).toEqual({ name: 'x', parameterNotFoundAction: 'Deny' });
  expect(cells(kind, binding)).toEqual({ Name: 'x', PolicyName: 'p', ParamRef: '*/x', Age: '60m' });
});
