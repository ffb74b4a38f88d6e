// Upstream: ValidateConditions in apimachinery/pkg/apis/meta/v1/validation/validation.go
import type { Condition } from '#generated/types/meta.v1.ts';
import { duplicate, notSupported, required, tooLong } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkLabelKey, patternSentence } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { invalidFor, under, validateNotNegative } from './fieldChecks.ts';

const statuses = ['False', 'True', 'Unknown'];
const reasonPattern = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?';
const reasonRegExp = new RegExp(`^${reasonPattern}$`);
const reasonLengthMax = 1024;
const messageLengthMax = 32 * 1024;

function validateReason(reason: string): FieldError[] {
  if (!reason) return [required('reason')];
  const errors: FieldError[] = [];
  if (!reasonRegExp.test(reason)) {
    const message =
      "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'";
    const sentence = patternSentence(
      message,
      reasonPattern,
      'my_name',
      'MY_NAME',
      'MyName',
      'ReasonA,ReasonB',
      'ReasonA:ReasonB',
    );
    errors.push(...invalidFor('reason', reason, [sentence]));
  }
  if (reason.length > reasonLengthMax) errors.push(tooLong('reason', reasonLengthMax));
  return errors;
}

function validateCondition(condition: Condition): FieldError[] {
  const { type, status, lastTransitionTime, reason, message } = condition;
  return [
    ...(type ? invalidFor('type', type, checkLabelKey(type)) : [required('type')]),
    ...(statuses.includes(status) ? [] : [notSupported('status', status, statuses)]),
    ...validateNotNegative('observedGeneration', condition.observedGeneration),
    ...(lastTransitionTime ? [] : [required('lastTransitionTime', 'must be set')]),
    ...validateReason(reason),
    ...((message ?? '').length > messageLengthMax ? [tooLong('message', messageLengthMax)] : []),
  ];
}

/** What is wrong with conditions of the common shape, at `field`. */
export function validateConditions(field: string, conditions: readonly Condition[]): FieldError[] {
  const seen = new Set<string>();
  return conditions.flatMap((condition, index) => {
    const errors = validateCondition(condition);
    if (condition.type && seen.has(condition.type)) errors.unshift(duplicate('type', condition.type));
    seen.add(condition.type);
    return under(`${field}[${index}]`, errors);
  });
}
