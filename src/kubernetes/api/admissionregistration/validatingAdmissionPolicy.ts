// Upstream: pkg/apis/admissionregistration/{v1/defaults.go,validation/validation.go}
import type {
  AuditAnnotation,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicySpec,
  Validation,
} from '#generated/types/admissionregistration.v1.ts';
import { duplicate, invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkLabelKey } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { invalidFor, under } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { withDefaults, withField } from '../sharing.ts';
import { type Scope, validateExpression } from './expressions.ts';
import { defaultMatchResources, formatParamKind } from './matchResources.ts';
import { scopeOf, validatePolicy } from './policies.ts';

export type { ValidatingAdmissionPolicy };

const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];
const auditAnnotationsMax = 20;
const valueExpressionLengthMax = 5 * 1024;

function validateValidation(validation: Partial<Validation>, scope: Scope): FieldError[] {
  const { expression = '', message = '', messageExpression = '', reason } = validation;
  const errors =
    expression.trim() === ''
      ? [required('expression', 'expression is not specified')]
      : validateExpression('expression', expression, scope, ['bool']);
  if (messageExpression !== '') {
    if (messageExpression.trim() === '')
      errors.push(invalidValue('messageExpression', messageExpression, 'must be non-empty if specified'));
    else {
      const bare = { ...scope, hasAuthorizer: false };
      errors.push(...validateExpression('messageExpression', messageExpression, bare, ['string']));
    }
  }
  if (message !== '' && message.trim() === '')
    errors.push(invalidValue('message', message, 'message must be non-empty if specified'));
  else if (/[\n\r]/.test(message.trim()))
    errors.push(invalidValue('message', message, 'message must not contain line breaks'));
  if (reason !== undefined && !reasons.includes(reason)) errors.push(notSupported('reason', reason, reasons));
  return errors;
}

function validateAuditAnnotation(
  { key = '', valueExpression = '' }: Partial<AuditAnnotation>,
  name: string,
  scope: Scope,
): FieldError[] {
  const errors = name
    ? invalidFor('key', `${name}/${key}`, checkLabelKey(`${name}/${key}`))
    : [invalidValue('key', key, 'requires metadata.name be non-empty')];
  const text = valueExpression.trim();
  if (text === '') return [...errors, required('valueExpression', 'valueExpression is not specified')];
  if (text.length > valueExpressionLengthMax)
    return [
      ...errors,
      required('valueExpression', `must not exceed ${valueExpressionLengthMax} bytes in length`),
    ];
  return [...errors, ...validateExpression('valueExpression', text, scope, ['string', 'null_type'])];
}

function validateAnnotations(name: string, spec: ValidatingAdmissionPolicySpec, scope: Scope): FieldError[] {
  const { auditAnnotations = [] } = spec;
  const errors: FieldError[] = [];
  if (auditAnnotations.length > auditAnnotationsMax)
    errors.push(
      invalidValue(
        'auditAnnotations',
        auditAnnotations,
        `must not have more than ${auditAnnotationsMax} auditAnnotations`,
      ),
    );
  const keys = new Set<string>();
  for (const [index, annotation] of auditAnnotations.entries()) {
    const path = `auditAnnotations[${index}]`;
    errors.push(...under(path, validateAuditAnnotation(annotation, name, scope)));
    if (keys.has(annotation.key)) errors.push(duplicate(`${path}.key`, annotation.key));
    keys.add(annotation.key);
  }
  return errors;
}

function validateSpec(name: string, spec: ValidatingAdmissionPolicySpec): FieldError[] {
  const { validations = [], auditAnnotations = [] } = spec;
  const errors = validatePolicy(spec);
  if (validations.length === 0 && auditAnnotations.length === 0) {
    const why = 'validations or auditAnnotations must contain at least one item';
    return [...errors, required('validations', why), required('auditAnnotations', why)];
  }
  const scope = scopeOf(spec);
  return [
    ...errors,
    ...validations.flatMap((one, index) => under(`validations[${index}]`, validateValidation(one, scope))),
    ...validateAnnotations(name, spec, scope),
  ];
}

export const validatingAdmissionPolicies: Kind<ValidatingAdmissionPolicy> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicy',
  plural: 'validatingadmissionpolicies',
  singular: 'validatingadmissionpolicy',
  shortNames: [],
  categories: ['api-extensions'],
  namespaced: false,
  schema: 'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy',
  hasStatus: true,
  defaults(policy) {
    const spec = withDefaults(policy.spec, { failurePolicy: 'Fail' });
    const { matchConstraints } = spec;
    return withField(
      policy,
      'spec',
      matchConstraints === undefined
        ? spec
        : withField(spec, 'matchConstraints', defaultMatchResources(matchConstraints)),
    );
  },
  validate: ({ metadata, spec }) => under('spec', validateSpec(metadata.name, spec)),
  validateStatusUpdate: ({ status }) =>
    (status?.typeChecking?.expressionWarnings ?? []).flatMap(({ warning, fieldRef }, index) => {
      const path = `status.typeChecking.expressionWarnings[${index}]`;
      return [
        ...(warning ? [] : [required(`${path}.warning`)]),
        ...(fieldRef?.trim() ? [] : [required(`${path}.fieldRef`)]),
      ];
    }),
  columns: [
    nameColumn,
    {
      ...column('Validations', ({ spec }) => spec.validations?.length ?? 0, 'integer'),
      description: 'Validations indicates the number of validation rules defined in this configuration',
    },
    {
      ...column('ParamKind', ({ spec }) => formatParamKind(spec.paramKind)),
      description: 'ParamKind specifies the kind of resources used to parameterize this policy',
    },
    ageColumn,
  ],
};
