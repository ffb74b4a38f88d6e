// Upstream: apiextensions-apiserver/pkg/apiserver/validation/{validation,formats}.go, kube-openapi/pkg/validation
import {
  duplicate,
  invalidValue,
  notSupported,
  required,
  tooLong,
  tooMany,
} from '#kubernetes/apimachinery/fieldErrors.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { childPath, isFields, type JsonSchema, schemaOfField } from './jsonSchema.ts';
import { matchesFormat } from './stringFormats.ts';
import { compileRe2 } from '#text/re2.ts';
import { type Regex, RegexError } from '#text/regex.ts';

/** What is wrong with a value of a custom resource, by its schema alone: rules in CEL come after. */
export function validateBySchema(value: unknown, schema: JsonSchema, path = ''): FieldError[] {
  if (value === null && schema.nullable) return [];
  const wrongType = checkType(value, schema, path);
  if (wrongType !== undefined) return [wrongType];
  const errors = [...checkScalar(value, schema, path), ...checkCombinations(value, schema, path)];
  if (Array.isArray(value)) {
    errors.push(...checkSize(value.length, schema.minItems, schema.maxItems, 'items', path));
    const { items } = schema;
    if (items !== undefined)
      for (const [index, entry] of value.entries())
        errors.push(...validateBySchema(entry, items, `${path}[${index}]`));
    errors.push(...checkUnique(value, schema, path));
  } else if (isFields(value)) {
    errors.push(...checkObject(value, schema, path));
  }
  return errors;
}

function checkObject(
  value: { readonly [key: string]: unknown },
  schema: JsonSchema,
  path: string,
): FieldError[] {
  const errors = checkSize(
    Object.keys(value).length,
    schema.minProperties,
    schema.maxProperties,
    'properties',
    path,
  );
  for (const [name, entry] of Object.entries(value)) {
    const own = schemaOfField(schema, name);
    // The metadata has been checked as every object's.
    if (own === undefined || (path === '' && name === 'metadata')) continue;
    errors.push(...validateBySchema(entry, own, childPath(path, name)));
  }
  for (const name of schema.required ?? []) {
    if (value[name] === undefined) errors.push(required(childPath(path, name)));
  }
  return errors;
}

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
};

function checkType(value: unknown, schema: JsonSchema, path: string): FieldError | undefined {
  const is = typeOf(value);
  if (schema['x-kubernetes-int-or-string']) {
    if (is === 'string' || is === 'integer') return undefined;
    return mismatch(value, 'integer,string', path);
  }
  const { type } = schema;
  if (type === undefined || type === '' || type === is) return undefined;
  if (type === 'number' && is === 'integer') return undefined;
  return mismatch(value, type, path);
}

function mismatch(value: unknown, type: string, path: string): FieldError {
  // Upstream names the type that it found where one would expect the value.
  const found = typeOf(value);
  return invalidValue(path, found, `${path} in body must be of type ${type}: ${JSON.stringify(found)}`);
}

function checkScalar(value: unknown, schema: JsonSchema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const wrong = (what: string) => errors.push(invalidValue(path, value, `${path} in body ${what}`));
  if (schema.enum !== undefined && !schema.enum.some((entry) => deepEqual(entry, value))) {
    errors.push(notSupported(path, value, schema.enum.map(textOf)));
  }
  if (typeof value === 'string') {
    const length = Array.from(value).length;
    if (schema.maxLength !== undefined && length > schema.maxLength)
      errors.push(tooLong(path, schema.maxLength));
    if (schema.minLength !== undefined && length < schema.minLength)
      wrong(`should be at least ${schema.minLength} chars long`);
    if (schema.pattern !== undefined && !matchesPattern(schema.pattern, value))
      wrong(`should match '${schema.pattern}'`);
    if (schema.format !== undefined && !matchesFormat(schema.format, value))
      wrong(`must be of type ${schema.format}: ${JSON.stringify(value)}`);
  }
  if (typeof value === 'number') {
    const { maximum, minimum, multipleOf } = schema;
    if (maximum !== undefined && (schema.exclusiveMaximum ? value >= maximum : value > maximum))
      wrong(`should be less than ${schema.exclusiveMaximum ? '' : 'or equal to '}${maximum}`);
    if (minimum !== undefined && (schema.exclusiveMinimum ? value <= minimum : value < minimum))
      wrong(`should be greater than ${schema.exclusiveMinimum ? '' : 'or equal to '}${minimum}`);
    if (multipleOf !== undefined && value % multipleOf !== 0) wrong(`should be a multiple of ${multipleOf}`);
    if (schema.format === 'int32' && (value < -(2 ** 31) || value >= 2 ** 31))
      wrong(`must be of type int32: ${JSON.stringify(typeOf(value))}`);
  }
  return errors;
}

/** A value that a schema allows, as it is named. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const patterns = new Map<string, Regex>();

/** A pattern as a regular expression. Throws a RegexError; whoever defines a kind with such a pattern is told. */
export function patternOf(pattern: string): Regex {
  let known = patterns.get(pattern);
  if (known === undefined) {
    known = compileRe2(pattern);
    patterns.set(pattern, known);
  }
  return known;
}

/** A value that is too long for so large a pattern is taken for one that does not match. */
function matchesPattern(pattern: string, value: string): boolean {
  try {
    return patternOf(pattern).test(value);
  } catch (error) {
    if (error instanceof RegexError) return false;
    throw error;
  }
}

function checkSize(
  size: number,
  min: number | undefined,
  max: number | undefined,
  what: 'items' | 'properties',
  path: string,
): FieldError[] {
  if (max !== undefined && size > max) return [tooMany(path, size, max)];
  if (min !== undefined && size < min)
    return [invalidValue(path, size, `${path} in body should have at least ${min} ${what}`)];
  return [];
}

/** Sets hold a value once, and maps an element of each key. */
function checkUnique(list: readonly unknown[], schema: JsonSchema, path: string): FieldError[] {
  const type = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'];
  if (type !== 'set' && (type !== 'map' || keys === undefined)) return [];
  const seen = new Set<string>();
  const errors: FieldError[] = [];
  for (const [index, entry] of list.entries()) {
    const identity =
      type === 'set'
        ? entry
        : Object.fromEntries((keys ?? []).map((key) => [key, (entry as Record<string, unknown>)?.[key]]));
    const text = JSON.stringify(identity);
    if (seen.has(text)) errors.push(duplicate(`${path}[${index}]`, identity));
    seen.add(text);
  }
  return errors;
}

function checkCombinations(value: unknown, schema: JsonSchema, path: string): FieldError[] {
  const fits = (other: JsonSchema) => validateBySchema(value, other, path).length === 0;
  const name = JSON.stringify(path);
  const wrong = (what: string) => [invalidValue(path, '', `${name} ${what}`)];
  const errors: FieldError[] = [];
  if (schema.allOf?.some((other) => !fits(other)))
    errors.push(...wrong('must validate all the schemas (allOf)'));
  if (schema.anyOf && !schema.anyOf.some(fits))
    errors.push(...wrong('must validate at least one schema (anyOf)'));
  if (schema.oneOf) {
    const count = schema.oneOf.filter(fits).length;
    const found = count === 0 ? 'Found none valid' : `Found ${count} valid alternatives`;
    if (count !== 1) errors.push(...wrong(`must validate one and only one schema (oneOf). ${found}`));
  }
  if (schema.not && fits(schema.not)) errors.push(...wrong('must not validate the schema (not)'));
  return errors;
}
