// Upstream: validatePodFailurePolicy and validateSuccessPolicy in pkg/apis/batch/validation/validation.go
import type { JobSpec } from '#generated/types/batch.v1.ts';
import {
  duplicate,
  invalidWhole,
  invalidValue,
  notSupported,
  required,
  tooLong,
  tooMany,
} from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkLabelKey } from '#kubernetes/apimachinery/names.ts';
import { type FieldError, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { invalidFor, under, validateNotNegative } from '../fieldChecks.ts';
import { countIndexes } from './indexes.ts';

type FailurePolicy = NonNullable<JobSpec['podFailurePolicy']>;
type FailureRule = FailurePolicy['rules'][number];
type SuccessPolicy = NonNullable<JobSpec['successPolicy']>;
type SuccessRule = SuccessPolicy['rules'][number];

const failureRulesMax = 20;
const exitCodesMax = 255;
const conditionPatternsMax = 20;
const successRulesMax = 20;
const succeededIndexesLengthMax = 64 * 1024;

const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const operators = ['In', 'NotIn'];
const statuses = ['False', 'True', 'Unknown'];

/** Go's %q of a list of strings: `["A" "B"]`. */
function quoted(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(' ')}]`;
}

/** A required value out of a few, which the sentence names where it is missing. */
function validateNamedEnum(
  field: string,
  value: string | undefined,
  values: readonly string[],
): FieldError[] {
  if (!value) return [required(field, `valid values: ${quoted(values)}`)];
  return values.includes(value) ? [] : [notSupported(field, value, values)];
}

function validateExitCodes(
  { operator, containerName, values: given }: NonNullable<FailureRule['onExitCodes']>,
  containerNames: readonly string[],
): FieldError[] {
  const values = given ?? [];
  const errors = validateNamedEnum('operator', operator, operators);
  if (containerName !== undefined && !containerNames.includes(containerName)) {
    const why = 'must be one of the container or initContainer names in the pod template';
    errors.push(invalidValue('containerName', containerName, why));
  }
  if (values.length === 0) errors.push(invalidValue('values', values, 'at least one value is required'));
  else if (values.length > exitCodesMax) errors.push(tooMany('values', values.length, exitCodesMax));
  const seen = new Set<number>();
  for (const [index, value] of values.entries()) {
    if (operator === 'In' && value === 0)
      errors.push(invalidValue(`values[${index}]`, value, 'must not be 0 for the In operator'));
    if (seen.has(value)) errors.push(duplicate(`values[${index}]`, value));
    seen.add(value);
  }
  if (values.some((value, index) => index > 0 && values[index - 1]! > value))
    errors.push(invalidValue('values', values, 'must be ordered'));
  return errors;
}

function validateConditionPatterns(patterns: NonNullable<FailureRule['onPodConditions']>): FieldError[] {
  const errors: FieldError[] = [];
  if (patterns.length > conditionPatternsMax)
    errors.push(tooMany('onPodConditions', patterns.length, conditionPatternsMax));
  for (const [index, { type, status }] of patterns.entries())
    errors.push(
      ...under(`onPodConditions[${index}]`, [
        ...invalidFor('type', type, checkLabelKey(type)),
        ...validateNamedEnum('status', status, statuses),
      ]),
    );
  return errors;
}

function validateFailureRule(rule: FailureRule, spec: JobSpec): FieldError[] {
  const { action, onExitCodes, onPodConditions = [] } = rule;
  const { containers = [], initContainers = [] } = spec.template?.spec ?? {};
  const names = [...containers, ...initContainers].map(({ name }) => name);
  const errors =
    action === 'FailIndex'
      ? spec.backoffLimitPerIndex === undefined
        ? [invalidValue('action', action, 'requires the backoffLimitPerIndex to be set')]
        : []
      : validateNamedEnum('action', action, actions);
  if (onExitCodes) errors.push(...under('onExitCodes', validateExitCodes(onExitCodes, names)));
  errors.push(...validateConditionPatterns(onPodConditions));
  if (onExitCodes && onPodConditions.length > 0)
    errors.push(invalidWhole('', 'specifying both OnExitCodes and OnPodConditions is not supported'));
  if (!onExitCodes && onPodConditions.length === 0)
    errors.push(invalidWhole('', 'specifying one of OnExitCodes and OnPodConditions is required'));
  return errors;
}

/** What is wrong with the rules about failed pods; fields are relative to the policy. */
export function validatePodFailurePolicy(policy: FailurePolicy, spec: JobSpec): FieldError[] {
  const rules = policy.rules ?? [];
  return [
    ...(rules.length > failureRulesMax ? [tooMany('rules', rules.length, failureRulesMax)] : []),
    ...rules.flatMap((rule, index) => under(`rules[${index}]`, validateFailureRule(rule, spec))),
  ];
}

function validateSuccessRule(
  { succeededCount, succeededIndexes }: SuccessRule,
  completions: number,
): FieldError[] {
  const errors: FieldError[] = [];
  let total = 0;
  if (succeededCount === undefined && succeededIndexes === undefined)
    errors.push(required('', 'at least one of succeededCount or succeededIndexes must be specified'));
  if (succeededIndexes !== undefined) {
    if (succeededIndexes.length > succeededIndexesLengthMax)
      errors.push(tooLong('succeededIndexes', succeededIndexesLengthMax));
    try {
      total = countIndexes(succeededIndexes, completions);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      const why = `error parsing succeededIndexes: ${error.message}`;
      errors.push(invalidValue('succeededIndexes', succeededIndexes, why));
    }
  }
  if (succeededCount === undefined) return errors;
  errors.push(...validateNotNegative('succeededCount', succeededCount));
  if (succeededCount > completions) {
    const why = `must be less than or equal to ${completions} (the number of specified completions)`;
    errors.push(invalidValue('succeededCount', succeededCount, why));
  }
  if (succeededIndexes !== undefined && succeededCount > total) {
    const why = `must be less than or equal to ${total} (the number of indexes in the specified succeededIndexes field)`;
    errors.push(invalidValue('succeededCount', succeededCount, why));
  }
  return errors;
}

/** What is wrong with the rules by which an Indexed job succeeds early; fields are relative to the policy. */
export function validateSuccessPolicy(policy: SuccessPolicy, spec: JobSpec): FieldError[] {
  const rules = policy.rules ?? [];
  const errors: FieldError[] = [];
  if (rules.length === 0)
    errors.push(
      required('rules', 'at least one rules must be specified when the successPolicy is specified'),
    );
  if (rules.length > successRulesMax) errors.push(tooMany('rules', rules.length, successRulesMax));
  for (const [index, rule] of rules.entries())
    errors.push(...under(`rules[${index}]`, validateSuccessRule(rule, spec.completions ?? 0)));
  return errors;
}
