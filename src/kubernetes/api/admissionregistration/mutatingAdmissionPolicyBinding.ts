// Upstream: pkg/apis/admissionregistration/{v1/defaults.go,validation/validation.go}
import type { MutatingAdmissionPolicyBinding } from '#generated/types/admissionregistration.v1.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import type { Kind } from '../kind.ts';
import { withField } from '../sharing.ts';
import { defaultBindingSpec, validateBindingSpec } from './bindings.ts';
import { formatParamRef } from './matchResources.ts';

export type { MutatingAdmissionPolicyBinding };

export const mutatingAdmissionPolicyBindings: Kind<MutatingAdmissionPolicyBinding> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingAdmissionPolicyBinding',
  plural: 'mutatingadmissionpolicybindings',
  singular: 'mutatingadmissionpolicybinding',
  shortNames: [],
  categories: ['api-extensions'],
  namespaced: false,
  schema: 'io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicyBinding',
  hasStatus: false,
  countsGenerations: true,
  defaults: (binding) => withField(binding, 'spec', defaultBindingSpec(binding.spec)),
  validate: ({ spec }) => validateBindingSpec(spec),
  columns: [
    nameColumn,
    {
      ...column('PolicyName', ({ spec }) => spec.policyName ?? ''),
      description: 'PolicyName indicates the policy definition which the policy binding binded to',
    },
    {
      ...column('ParamRef', ({ spec }) => formatParamRef(spec.paramRef)),
      description: 'ParamRef indicates the param resource which sets the configration param',
    },
    ageColumn,
  ],
};
