// Upstream: apimachinery/pkg/util/validation/field/errors.go
import type { FieldError } from './statusError.ts';

/** Go's %#v of a JSON value, as the sentences of field errors print it. */
function literal(value: unknown): string {
  return JSON.stringify(value ?? null);
}

export function required(field: string, detail = ''): FieldError {
  return {
    type: 'FieldValueRequired',
    field,
    message: detail ? `Required value: ${detail}` : 'Required value',
  };
}

export function invalidValue(field: string, value: unknown, detail: string): FieldError {
  return { type: 'FieldValueInvalid', field, message: `Invalid value: ${literal(value)}: ${detail}` };
}

/** As `invalidValue`, where upstream leaves the value out. */
export function invalidWhole(field: string, detail: string): FieldError {
  return { type: 'FieldValueInvalid', field, message: `Invalid value: ${detail}` };
}

export function duplicate(field: string, value: unknown): FieldError {
  return { type: 'FieldValueDuplicate', field, message: `Duplicate value: ${literal(value)}` };
}

export function forbidden(field: string, detail: string): FieldError {
  return { type: 'FieldValueForbidden', field, message: `Forbidden: ${detail}` };
}

export function notFoundValue(field: string, value: unknown): FieldError {
  return { type: 'FieldValueNotFound', field, message: `Not found: ${literal(value)}` };
}

export function tooLong(field: string, maxLength: number): FieldError {
  return { type: 'FieldValueTooLong', field, message: `Too long: may not be more than ${maxLength} bytes` };
}

/** More of something than there may be: items of a list, properties of an object. */
export function tooMany(field: string, count: number, maxCount: number, what = 'items'): FieldError {
  const message = `Too many: ${count}: must have at most ${maxCount} ${what}`;
  return { type: 'FieldValueTooMany', field, message };
}

export function notSupported(field: string, value: unknown, supported: readonly string[]): FieldError {
  const list = supported.map((entry) => JSON.stringify(entry)).join(', ');
  return {
    type: 'FieldValueNotSupported',
    field,
    message: `Unsupported value: ${literal(value)}: supported values: ${list}`,
  };
}
