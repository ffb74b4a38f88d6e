// Upstream: pkg/apis/admissionregistration/{v1/defaults.go,validation/validation.go}
import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicySpec,
  Mutation,
} from '#generated/types/admissionregistration.v1.ts';
import { invalidValue, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { under, validateEnum } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { withDefaults, withField } from '../sharing.ts';
import { type Scope, validateExpression } from './expressions.ts';
import { defaultMatchResources, formatParamKind } from './matchResources.ts';
import { scopeOf, validatePolicy } from './policies.ts';

export type { MutatingAdmissionPolicy };

/** Each type of patch, and the field that has its expression. */
const patchFields = { ApplyConfiguration: 'applyConfiguration', JSONPatch: 'jsonPatch' } as const;

function validateMutation(mutation: Mutation, scope: Scope): FieldError[] {
  const { patchType } = mutation;
  const errors = validateEnum('patchType', patchType, Object.keys(patchFields));
  if (errors.length > 0) return errors;
  const field = patchFields[patchType];
  for (const [type, other] of Object.entries(patchFields))
    if (type !== patchType && mutation[other] !== undefined)
      errors.push(invalidValue(other, '{}', `${other} must not be specified when patchType is ${patchType}`));
  const expression = mutation[field]?.expression ?? '';
  if (mutation[field] === undefined)
    return [...errors, required(field, `must be specified when patchType is ${patchType}`)];
  return expression.trim() === ''
    ? [...errors, required(`${field}.expression`, 'expression is not specified')]
    : [...errors, ...validateExpression(`${field}.expression`, expression, scope, [])];
}

function validateSpec(spec: MutatingAdmissionPolicySpec): FieldError[] {
  const { mutations = [], reinvocationPolicy } = spec;
  const scope = scopeOf(spec);
  return [
    ...validatePolicy(spec),
    ...(mutations.length === 0 ? [required('mutations', 'mutations must contain at least one item')] : []),
    ...mutations.flatMap((one, index) => under(`mutations[${index}]`, validateMutation(one, scope))),
    ...validateEnum('reinvocationPolicy', reinvocationPolicy, ['IfNeeded', 'Never']),
  ];
}

export const mutatingAdmissionPolicies: Kind<MutatingAdmissionPolicy> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingAdmissionPolicy',
  plural: 'mutatingadmissionpolicies',
  singular: 'mutatingadmissionpolicy',
  shortNames: [],
  categories: ['api-extensions'],
  namespaced: false,
  schema: 'io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicy',
  hasStatus: false,
  countsGenerations: true,
  defaults(policy) {
    const spec = withDefaults(policy.spec, { failurePolicy: 'Fail', reinvocationPolicy: 'Never' });
    const { matchConstraints } = spec;
    return withField(
      policy,
      'spec',
      matchConstraints === undefined
        ? spec
        : withField(spec, 'matchConstraints', defaultMatchResources(matchConstraints)),
    );
  },
  validate: ({ spec }) => under('spec', validateSpec(spec)),
  columns: [
    nameColumn,
    {
      ...column('Mutations', ({ spec }) => spec.mutations?.length ?? 0, 'integer'),
      description: 'Mutation indicates the number of mutations rules defined in this configuration',
    },
    {
      ...column('ParamKind', ({ spec }) => formatParamKind(spec.paramKind)),
      description: 'ParamKind specifies the kind of resources used to parameterize this policy',
    },
    ageColumn,
  ],
};
