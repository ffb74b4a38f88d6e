// Upstream: validateValidatingAdmissionPolicySpec in pkg/apis/admissionregistration/validation/validation.go
import type {
  MatchCondition,
  MatchResources,
  ParamKind,
  Variable,
} from '#generated/types/admissionregistration.v1.ts';
import { invalidValue, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { under, validateEnum } from '../fieldChecks.ts';
import { type Scope, validateExpression, validateMatchConditions } from './expressions.ts';
import { validateMatchResources, validateParamKind } from './matchResources.ts';
import { failurePolicies } from './webhooks.ts';

/** What validating and mutating policies have in common. */
interface Policy {
  readonly failurePolicy?: string;
  readonly paramKind?: ParamKind;
  readonly matchConstraints?: MatchResources;
  readonly matchConditions?: readonly MatchCondition[];
  readonly variables?: readonly Variable[];
}

const reserved = new Set(
  (
    'true false null in as break const continue else for function if import let loop package namespace ' +
    'return var void while'
  ).split(' '),
);

/** What the expressions of a policy may speak of. */
export function scopeOf({ paramKind, variables = [] }: Policy): Scope {
  return { hasParams: paramKind !== undefined, hasAuthorizer: true, hasVariables: variables.length > 0 };
}

function validateVariable({ name = '', expression = '' }: Partial<Variable>, scope: Scope): FieldError[] {
  const errors: FieldError[] = [];
  if (name.trim() === '') errors.push(required('name', 'name is not specified'));
  else if (!/^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) || reserved.has(name))
    errors.push(invalidValue('name', name, 'name is not a valid CEL identifier'));
  return expression.trim() === ''
    ? [...errors, required('expression', 'expression is not specified')]
    : [...errors, ...validateExpression('expression', expression, scope, [])];
}

/** What is wrong with the common part of a policy; fields are relative to its spec. */
export function validatePolicy(spec: Policy): FieldError[] {
  const { failurePolicy, paramKind, matchConstraints, matchConditions, variables = [] } = spec;
  const errors = validateEnum('failurePolicy', failurePolicy, failurePolicies);
  if (paramKind !== undefined) errors.push(...under('paramKind', validateParamKind(paramKind)));
  if (matchConstraints === undefined) errors.push(required('matchConstraints'));
  else {
    errors.push(...under('matchConstraints', validateMatchResources(matchConstraints)));
    // One rule at least, or nothing says of which types the expressions speak.
    if (!matchConstraints.resourceRules?.length) errors.push(required('matchConstraints.resourceRules'));
  }
  errors.push(...validateMatchConditions('matchConditions', matchConditions, paramKind !== undefined));
  for (const [index, variable] of variables.entries()) {
    const scope = { ...scopeOf(spec), hasVariables: index > 0 };
    errors.push(...under(`variables[${index}]`, validateVariable(variable, scope)));
  }
  return errors;
}
