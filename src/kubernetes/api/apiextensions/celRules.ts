// Upstream: apiextensions-apiserver/pkg/apiserver/schema/cel/validation.go
import { type CelExpression, celOptional, compileCel } from '#kubernetes/apimachinery/cel.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { decodeBase64 } from '../base64.ts';
import { celName } from './celTypes.ts';
import { childPath, isFields, type JsonSchema, type Rule, schemaOfField } from './jsonSchema.ts';

/** Rules that one object may run into; what is beyond is refused, as upstream refuses what costs too much. */
const evaluationsMax = 10_000;

interface CompiledRule {
  readonly rule: Rule;
  /** Compares with what was there before: run only where there was something. */
  readonly isTransition: boolean;
  readonly check: CelExpression;
  readonly message: CelExpression | null;
}

const compiled = new WeakMap<Rule, CompiledRule>();

/** Reads a rule. Throws an Error whose message points at the place. */
export function compileRule(rule: Rule): CompiledRule {
  let known = compiled.get(rule);
  if (known === undefined) {
    known = {
      rule,
      isTransition: /\boldSelf\b/.test(rule.rule) && rule.optionalOldSelf !== true,
      check: compileCel(rule.rule),
      message: rule.messageExpression ? compileCel(rule.messageExpression) : null,
    };
    compiled.set(rule, known);
  }
  return known;
}

/** What the rules (`x-kubernetes-validations`) of a schema find wrong with a value that the schema itself accepts. */
export function validateByRules(
  value: unknown,
  old: unknown,
  schema: JsonSchema,
  path = '',
  budget = { left: evaluationsMax },
): FieldError[] {
  const errors: FieldError[] = [];
  for (const rule of schema['x-kubernetes-validations'] ?? []) {
    const { check, message, isTransition } = compileRule(rule);
    if (isTransition && old === undefined) continue;
    if (budget.left-- <= 0) return [tooExpensive(path)];
    const before = old === undefined ? undefined : celOf(old, schema);
    const variables = {
      self: celOf(value, schema),
      oldSelf: rule.optionalOldSelf ? celOptional(before) : before,
    };
    const problem = evaluate(rule, check, message, variables);
    if (problem !== null) errors.push(failure(rule, schema, path, problem));
  }
  return [...errors, ...validateBelow(value, old, schema, path, budget)];
}

function validateBelow(
  value: unknown,
  old: unknown,
  schema: JsonSchema,
  path: string,
  budget: { left: number },
): FieldError[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined || !hasRules(items)) return [];
    const before = correlated(old, schema);
    return value.flatMap((entry, index) =>
      validateByRules(entry, before(entry), items, `${path}[${index}]`, budget),
    );
  }
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([name, entry]) => {
    const own = schemaOfField(schema, name);
    if (own === undefined || !hasRules(own)) return [];
    const before = isFields(old) ? old[name] : undefined;
    return validateByRules(entry, before, own, childPath(path, name), budget);
  });
}

const ruled = new WeakMap<JsonSchema, boolean>();

/** True where the schema or one below it has rules. */
function hasRules(schema: JsonSchema): boolean {
  let known = ruled.get(schema);
  if (known === undefined) {
    const { items, properties = {}, additionalProperties } = schema;
    const below = [
      ...Object.values(properties),
      ...(items ? [items] : []),
      ...(typeof additionalProperties === 'object' ? [additionalProperties] : []),
    ];
    known = (schema['x-kubernetes-validations'] ?? []).length > 0 || below.some(hasRules);
    ruled.set(schema, known);
  }
  return known;
}

/** Finds an element's former self: by its keys in a map list; elements of other lists have none. */
function correlated(old: unknown, schema: JsonSchema): (entry: unknown) => unknown {
  const keys = schema['x-kubernetes-list-map-keys'];
  if (schema['x-kubernetes-list-type'] !== 'map' || keys === undefined || !Array.isArray(old))
    return () => undefined;
  const identity = (entry: unknown) =>
    JSON.stringify(keys.map((key) => (isFields(entry) ? entry[key] : undefined)));
  const byKeys = new Map(old.map((entry) => [identity(entry), entry as unknown]));
  return (entry) => byKeys.get(identity(entry));
}

/** Null where the rule holds, else what to say. */
function evaluate(
  rule: Rule,
  check: CelExpression,
  message: CelExpression | null,
  variables: Record<string, unknown>,
): string | null {
  try {
    if (check(variables) === true) return null;
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).split('\n')[0];
    return `${why} evaluating rule: ${rule.message || rule.rule}`;
  }
  if (message !== null) {
    try {
      const text = message(variables);
      if (typeof text === 'string' && text.trim() !== '') return text;
    } catch {
      // Upstream falls back to the fixed message too.
    }
  }
  return rule.message?.trim() || `failed rule: ${rule.rule}`;
}

const prefixes: Readonly<Record<string, [FieldError['type'], string]>> = {
  FieldValueForbidden: ['FieldValueForbidden', 'Forbidden'],
  FieldValueRequired: ['FieldValueRequired', 'Required value'],
};

function failure(rule: Rule, schema: JsonSchema, path: string, why: string): FieldError {
  const field = rule.fieldPath ? `${path}${rule.fieldPath}`.replace(/^\./, '') : path;
  const known = prefixes[rule.reason ?? ''];
  if (known !== undefined) return { type: known[0], field, message: `${known[1]}: ${why}` };
  const type = JSON.stringify(schema.type ?? '');
  if (rule.reason === 'FieldValueDuplicate')
    return { type: 'FieldValueDuplicate', field, message: `Duplicate value: ${type}` };
  return { type: 'FieldValueInvalid', field: field || '<nil>', message: `Invalid value: ${type}: ${why}` };
}

function tooExpensive(path: string): FieldError {
  const why = 'validation failed due to running out of cost budget, no further validation rules will be run';
  return { type: 'FieldValueInvalid', field: path || '<nil>', message: `Invalid value: "object": ${why}` };
}

const readings: Readonly<Record<string, string>> = {
  date: "timestamp(text + 'T00:00:00Z')",
  'date-time': 'timestamp(text)',
  duration: 'duration(text)',
};
const readers = new Map<string, CelExpression>();

function readerOf(format: string): CelExpression | undefined {
  if (!Object.hasOwn(readings, format)) return undefined;
  let known = readers.get(format);
  if (known === undefined) {
    known = compileCel(readings[format]!);
    readers.set(format, known);
  }
  return known;
}

/** A text as its format has it: a moment, a span of time, bytes; as it is where it is none. */
function celText(text: string, format: string): unknown {
  if (format === 'byte') return decodeBase64(text) ?? text;
  const read = readerOf(format);
  try {
    return read === undefined ? text : read({ text });
  } catch {
    return text;
  }
}

/** The value as CEL sees it: whole numbers are ints, unless the schema says that they are any numbers. */
function celOf(value: unknown, schema: JsonSchema | undefined): unknown {
  if (typeof value === 'string') return schema?.format ? celText(value, schema.format) : value;
  if (typeof value === 'number')
    return schema?.type !== 'number' && Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map((entry) => celOf(entry, schema?.items));
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      schema?.properties && Object.hasOwn(schema.properties, name) ? celName(name) : name,
      celOf(entry, schema && schemaOfField(schema, name)),
    ]),
  );
}
