// Upstream: validateCELCondition in pkg/apis/admissionregistration/validation, apiserver/pkg/admission/plugin/cel
import { checkCel } from '#kubernetes/apimachinery/cel.ts';
import { duplicate, invalidValue, required, tooMany } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkLabelKey } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { invalidFor } from '../fieldChecks.ts';

const matchConditionsMax = 64;

/** What an expression may speak of. */
export interface Scope {
  readonly hasParams: boolean;
  readonly hasAuthorizer: boolean;
  /** True where variables of the policy may be used. */
  readonly hasVariables: boolean;
}

/** The names that expressions of admission may use. */
export function variableNames({ hasParams, hasAuthorizer, hasVariables }: Scope): string[] {
  return [
    'object',
    'oldObject',
    'request',
    'namespaceObject',
    ...(hasParams ? ['params'] : []),
    ...(hasAuthorizer ? ['authorizer'] : []),
    ...(hasVariables ? ['variables'] : []),
  ];
}

/** What is wrong with an expression that must answer with one of `types` (of any type when there are none). */
export function validateExpression(
  field: string,
  expression: string,
  scope: Scope,
  types: readonly string[],
): FieldError[] {
  const why = checkCel(expression, variableNames(scope), types);
  return why === undefined ? [] : [invalidValue(field, expression, why)];
}

/** What is wrong with match conditions; `path` is that of the list. */
export function validateMatchConditions(
  path: string,
  conditions: readonly { readonly name: string; readonly expression: string }[] = [],
  hasParams = false,
): FieldError[] {
  const errors: FieldError[] = [];
  if (conditions.length > matchConditionsMax)
    errors.push(tooMany(path, conditions.length, matchConditionsMax));
  const names = new Set<string>();
  const scope = { hasParams, hasAuthorizer: true, hasVariables: false };
  for (const [index, { name, expression = '' }] of conditions.entries()) {
    const text = expression.trim();
    if (text === '') errors.push(required(`${path}[${index}].expression`));
    else errors.push(...validateExpression(`${path}[${index}].expression`, text, scope, ['bool']));
    if (!name) {
      errors.push(required(`${path}[${index}].name`));
      continue;
    }
    errors.push(...invalidFor(`${path}[${index}].name`, name, checkLabelKey(name)));
    if (names.has(name)) errors.push(duplicate(`${path}[${index}].name`, name));
    names.add(name);
  }
  return errors;
}
