// Upstream: pkg/apis/admissionregistration/{v1/defaults.go,validation/validation.go}
import type { ValidatingAdmissionPolicyBinding } from '#generated/types/admissionregistration.v1.ts';
import { duplicate, invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import type { Kind } from '../kind.ts';
import { defaultBindingSpec, validateBindingSpec } from './bindings.ts';
import { formatParamRef } from './matchResources.ts';
import { withField } from '../sharing.ts';

export type { ValidatingAdmissionPolicyBinding };

const actions = ['Audit', 'Deny', 'Warn'];

function validateActions(asked: readonly string[] = []): FieldError[] {
  const field = 'spec.validationActions';
  const errors = asked.flatMap((action, index) => [
    ...(actions.includes(action) ? [] : [notSupported(`${field}[${index}]`, action, actions)]),
    ...(asked.indexOf(action) < index ? [duplicate(`${field}[${index}]`, action)] : []),
  ]);
  if (asked.includes('Deny') && asked.includes('Warn'))
    errors.push(
      invalidValue(
        field,
        asked,
        'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
      ),
    );
  if (asked.length === 0) errors.push(required(field, 'at least one validation action is required'));
  return errors;
}

export const validatingAdmissionPolicyBindings: Kind<ValidatingAdmissionPolicyBinding> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  plural: 'validatingadmissionpolicybindings',
  singular: 'validatingadmissionpolicybinding',
  shortNames: [],
  categories: ['api-extensions'],
  namespaced: false,
  schema: 'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding',
  hasStatus: false,
  countsGenerations: true,
  defaults: (binding) => withField(binding, 'spec', defaultBindingSpec(binding.spec)),
  validate: ({ spec }) => [...validateBindingSpec(spec), ...validateActions(spec.validationActions)],
  columns: [
    nameColumn,
    {
      ...column('PolicyName', ({ spec }) => spec.policyName),
      description: 'PolicyName indicates the policy definition which the policy binding binded to',
    },
    {
      ...column('ParamRef', ({ spec }) => formatParamRef(spec.paramRef)),
      description: 'ParamRef indicates the param resource which sets the configration param',
    },
    ageColumn,
  ],
};
