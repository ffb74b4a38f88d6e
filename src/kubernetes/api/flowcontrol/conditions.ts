// Upstream: pkg/apis/flowcontrol/validation/validation.go
import { duplicate, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';

/** What is wrong with the conditions in a flow schema's or priority level's status. */
export function validateConditions(conditions: readonly { readonly type?: string }[] = []): FieldError[] {
  const types = new Set<string>();
  return conditions.flatMap(({ type = '' }, index) => {
    const field = `status.conditions[${index}].type`;
    const errors = types.has(type) ? [duplicate(field, type)] : [];
    types.add(type);
    return type === '' ? [...errors, required(field, 'must not be empty')] : errors;
  });
}
