// Upstream: apimachinery/pkg/api/validation/generic.go, pkg/apis/core/validation, pkg/apis/apps/validation
import { invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkPercent, checkPortName, checkPortNumber } from '#kubernetes/apimachinery/names.ts';
import { canonicalQuantity, parseQuantity } from '#kubernetes/apimachinery/quantity.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';

/** Errors whose fields are relative to `path`, made absolute. A relative field of `''` is `path` itself. */
export function under(path: string, errors: readonly FieldError[]): FieldError[] {
  return errors.map((error) => ({ ...error, field: joinPath(path, error.field) }));
}

/** The errors of two checks; nothing new is made where one of them, as with most writes both, found none. */
export function joined(
  errors: readonly FieldError[],
  more: readonly FieldError[] | undefined,
): readonly FieldError[] {
  if (more === undefined || more.length === 0) return errors;
  return errors.length === 0 ? more : [...errors, ...more];
}

/** `spec` and `ports[0]` make `spec.ports[0]`; an index or a key joins without a dot. */
export function joinPath(path: string, field: string): string {
  if (path === '') return field;
  if (field === '') return path;
  return field.startsWith('[') ? `${path}${field}` : `${path}.${field}`;
}

/** One error per sentence that a check of `value` answered. */
export function invalidFor(field: string, value: unknown, sentences: readonly string[]): FieldError[] {
  return sentences.map((sentence) => invalidValue(field, value, sentence));
}

export const notNegative = 'must be greater than or equal to 0';

/** An unset number passes. */
export function validateNotNegative(field: string, value: number | undefined): FieldError[] {
  return value !== undefined && value < 0 ? [invalidValue(field, value, notNegative)] : [];
}

export function validateImmutable(field: string, next: unknown, old: unknown): FieldError[] {
  return deepEqual(next, old) ? [] : [invalidValue(field, next ?? null, 'field is immutable')];
}

/** A required value that must be one of `values`, listed in that order. */
export function validateEnum(
  field: string,
  value: string | undefined,
  values: readonly string[],
): FieldError[] {
  if (!value) return [required(field)];
  return values.includes(value) ? [] : [notSupported(field, value, values)];
}

/** A count of 0 or more, or a percentage. */
export function validateCountOrPercent(field: string, value: string | number | undefined): FieldError[] {
  if (value === undefined) return [];
  return typeof value === 'string'
    ? invalidFor(field, value, checkPercent(value))
    : validateNotNegative(field, value);
}

/** The number that a count or percentage starts with; 0 when it has none. */
export function countOrPercentNumber(value: string | number | undefined): number {
  return typeof value === 'string' ? Number.parseInt(value, 10) || 0 : (value ?? 0);
}

/** The number or the name of a port. */
export function validatePort(field: string, port: string | number | undefined): FieldError[] {
  return typeof port === 'string'
    ? invalidFor(field, port, checkPortName(port))
    : invalidFor(field, port ?? 0, checkPortNumber(port ?? 0));
}

/** A percentage of more than the whole. Numbers, and what is no percentage at all, pass. */
export function validateAtMost100Percent(field: string, value: string | number | undefined): FieldError[] {
  return typeof value === 'string' && checkPercent(value).length === 0 && countOrPercentNumber(value) > 100
    ? [invalidValue(field, value, 'must not be greater than 100%')]
    : [];
}

/** A quantity above zero. Upstream: ValidatePositiveQuantityValue. */
export function validatePositiveQuantity(field: string, value: string | number): FieldError[] {
  return parseQuantity(value).nanos > 0n
    ? []
    : [invalidValue(field, canonicalQuantity(value), 'must be greater than zero')];
}

/** A quantity of zero or more. Upstream: ValidateNonnegativeQuantity. */
export function validateNotNegativeQuantity(field: string, value: string | number): FieldError[] {
  return parseQuantity(value).nanos < 0n ? [invalidValue(field, canonicalQuantity(value), notNegative)] : [];
}
