// Upstream: pkg/apis/apps/validation/validation.go
import type { LabelSelector } from '#generated/types/meta.v1.ts';
import { invalidValue, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import {
  nothing,
  type Selector,
  selectorOf,
  validateLabelSelector,
} from '#kubernetes/apimachinery/labels.ts';
import { type FieldError, StatusError } from '#kubernetes/apimachinery/statusError.ts';

/** The selector of a workload at `spec.selector`: required, not empty. `owner` is for the sentence. */
export function validateSelector(selector: LabelSelector | undefined, owner: string): FieldError[] {
  const field = 'spec.selector';
  if (selector === undefined) return [required(field)];
  const errors = validateLabelSelector(selector, field);
  const count = Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions?.length ?? 0);
  if (count === 0) errors.push(invalidValue(field, selector, `empty selector is invalid for ${owner}`));
  return errors;
}

/** The selector compiled; one that cannot be selects nothing, and `validateSelector` says why. */
export function compiledSelector(selector: LabelSelector | undefined): Selector {
  try {
    return selectorOf(selector);
  } catch (error) {
    if (error instanceof StatusError) return nothing;
    throw error;
  }
}
