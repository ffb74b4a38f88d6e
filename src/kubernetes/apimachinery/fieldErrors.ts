// Upstream: apimachinery/pkg/util/validation/field/errors.go
import type { FieldError } from './statusError.ts';

/** A text as Go's %q prints it. */
function quoted(text: string): string {
  const names: Readonly<Record<string, string>> = { '07': '\\a', '0b': '\\v' };
  return JSON.stringify(text)
    .replaceAll(/\\(?:u00([01][0-9a-f])|[^])/g, (escape, code?: string) =>
      code === undefined ? escape : (names[code] ?? `\\x${code}`),
    )
    .replaceAll('\x7f', '\\x7f');
}

/** A value as the sentences of field errors print it: texts by %q, what is not simple as Go's JSON, safe for HTML. */
function literal(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  return JSON.stringify(value ?? null).replaceAll(
    /[<>&]/g,
    (char) => `\\u00${char.charCodeAt(0).toString(16)}`,
  );
}

/** `1 byte`, `2 bytes`. */
function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
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
  return {
    type: 'FieldValueTooLong',
    field,
    message: `Too long: may not be more than ${counted(maxLength, 'byte')}`,
  };
}

/** More items of a list, or properties of an object, than there may be. */
export function tooMany(field: string, count: number, maxCount: number): FieldError {
  const message = `Too many: ${count}: must have at most ${counted(maxCount, 'item')}`;
  return { type: 'FieldValueTooMany', field, message };
}

export function notSupported(field: string, value: unknown, supported: readonly string[]): FieldError {
  const list = supported.map(quoted).join(', ');
  return {
    type: 'FieldValueNotSupported',
    field,
    message: `Unsupported value: ${literal(value)}: supported values: ${list}`,
  };
}
