// Upstream: sigs.k8s.io/json, Go's encoding/json, apiserver/pkg/endpoints/handlers/rest.go transformDecodeError
import { canonicalQuantity } from '#kubernetes/apimachinery/quantity.ts';
import { badRequest, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { prune } from './apiextensions/pruning.ts';
import { decodeBase64 } from './base64.ts';
import { conversionError } from './conversionError.ts';
import { type Definition, definition, type FieldType, shortName } from './definitions.ts';
import { canonicalTime, GoTimeError } from './goTime.ts';
import { goTypeOf } from './goTypes.ts';
import type { Kind } from './kind.ts';
import type { KubeObject } from './object.ts';

/** What the server does about unknown fields: the `fieldValidation` parameter of a write. */
export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

/** What a strict reader finds in the text of a body, beside what the schema says of its fields. */
export interface TextErrors {
  /** Such as `duplicate field "spec.replicas"`. */
  readonly found: readonly string[];
  /** These and the unknown fields of a typed object, in the order in which one reader meets them. */
  withUnknown(unknown: readonly string[]): readonly string[];
}

/** A value that does not fit its schema; the message is the sentence of Go's JSON decoder. */
export class DecodeError extends Error {
  override name = 'DecodeError';
  /** What the server's converter says of the same value, when a strategic merge patch brought it. */
  readonly conversion: string;
  constructor(message: string, conversion = message) {
    super(message);
    this.conversion = conversion;
  }
}

export interface Decoded {
  /** The value without unknown fields and nulls, in canonical form; the very same where nothing changed. */
  readonly value: unknown;
  /** `unknown field "spec.replcas"`, in the order of the document. */
  readonly strictErrors: readonly string[];
}

/** Upstream: sigs.k8s.io/json reports no more strict errors than this. */
const strictErrorsMax = 100;

/** Subtrees that were found clean, by the definition they were read as: immutable, so never walked again. */
const clean = new WeakMap<object, string>();

/** Where the walk is, and what it has found. */
interface Walk {
  /** Field names, map keys and list indices from the root. */
  readonly path: (string | number)[];
  /** For each of `path`, whether Go's type errors name it: fields, but neither keys nor indices. */
  readonly fields: string[];
  readonly strictErrors: string[];
}

/**
 * Reads a decoded JSON value as the definition of that name. Throws a DecodeError for the first value of
 * a wrong type.
 */
export function decodeValue(name: string, value: unknown): Decoded {
  const walk: Walk = { path: [], fields: [], strictErrors: [] };
  const root = definition(name);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new DecodeError(
      `json: cannot unmarshal ${jsonType(value)} into Go value of type ${goTypeOf({ is: 'object', name })}`,
    );
  const decoded = decodeObject(root, value as Fields, walk);
  return { value: decoded, strictErrors: walk.strictErrors };
}

/**
 * Reads a decoded JSON value as an object of that kind. Throws what `refuse` makes of it for wrong types, and
 * for unknown fields too with `Strict`; with `Warn` they come back as warnings. `found` is what was already wrong with
 * its text.
 */
export function decode<T extends KubeObject>(
  kind: Kind<T>,
  value: unknown,
  fieldValidation: FieldValidation = 'Strict',
  refuse: (why: DecodeError) => StatusError = ({ message }) =>
    badRequest(`${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${message}`),
  found?: TextErrors,
): { readonly object: T; readonly warnings: readonly string[] } {
  let decoded: Decoded;
  try {
    decoded = kind.custom ? decodeCustom(kind.custom, value as Fields) : decodeValue(kind.schema, value);
  } catch (error) {
    if (error instanceof DecodeError) throw refuse(error);
    throw error;
  }
  const strictErrors = allErrors(found, decoded.strictErrors, kind.custom !== undefined);
  if (fieldValidation === 'Strict' && strictErrors.length > 0) {
    throw refuse(new DecodeError(strictErrorText(strictErrors)));
  }
  return {
    object: withStructs(kind, decoded.value as Fields) as unknown as T,
    warnings: fieldValidation === 'Warn' ? strictErrors : [],
  };
}

/** A custom resource is read as a map before its schema is asked: what its text has twice is found first. */
function allErrors(
  text: TextErrors | undefined,
  unknown: readonly string[],
  isCustom: boolean,
): readonly string[] {
  if (text === undefined) return unknown;
  return isCustom ? [...text.found, ...unknown] : text.withUnknown(unknown);
}

/** A custom resource: its metadata is every object's; of the rest, what its own schema does not know is left out. */
function decodeCustom(custom: NonNullable<Kind['custom']>, value: Fields): Decoded {
  const metadata = decodeValue('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta', value['metadata'] ?? {});
  const strictErrors = metadata.strictErrors.map((error) => error.replace('"', '"metadata.'));
  const object = metadata.value === value['metadata'] ? value : { ...value, metadata: metadata.value };
  if (custom.preservesUnknownFields) return { value: object, strictErrors };
  const unknown: string[] = [];
  const pruned = prune(object, custom.schema, unknown);
  return {
    value: pruned,
    strictErrors: [...strictErrors, ...unknown.map((path) => `unknown field ${JSON.stringify(path)}`)],
  };
}

/** Go's structs are never absent: an object without a spec or metadata has an empty one. */
function withStructs(kind: Kind, object: Fields): Fields {
  if (kind.custom) return object;
  const missing = ['metadata', 'spec'].filter(
    (name) => object[name] === undefined && definition(kind.schema).fields.get(name)?.type.is === 'object',
  );
  return missing.length === 0
    ? object
    : { ...object, ...Object.fromEntries(missing.map((name) => [name, {}])) };
}

/** `strict decoding error: unknown field "a", unknown field "b"`. */
export function strictErrorText(strictErrors: readonly string[]): string {
  return `strict decoding error: ${strictErrors.join(', ')}`;
}

type Fields = { readonly [key: string]: unknown };

function decodeObject(of: Definition, value: Fields, walk: Walk): Fields {
  if (clean.get(value) === of.name) return value;
  const problemsBefore = walk.strictErrors.length;
  let changed: Record<string, unknown> | undefined;
  for (const key in value) {
    const field = of.fields.get(key);
    const before = value[key];
    if (field === undefined || before === undefined) {
      walk.path.push(key);
      if (field === undefined) reportUnknown(walk);
      walk.path.pop();
      changed ??= { ...value };
      delete changed[key];
      continue;
    }
    if (before === null) {
      changed ??= { ...value };
      delete changed[key];
      continue;
    }
    walk.path.push(key);
    walk.fields.push(key);
    const after = decodeField(field.type, before, walk, of);
    walk.fields.pop();
    walk.path.pop();
    if (!field.required && isEmptyCollection(field.type, after)) {
      changed ??= { ...value };
      delete changed[key];
    } else if (after !== before) {
      (changed ??= { ...value })[key] = after;
    }
  }
  for (const [key, zero] of zerosOf(of)) {
    if ((changed ?? value)[key] === undefined) (changed ??= { ...value })[key] = zero;
  }
  const result = changed ?? value;
  if (walk.strictErrors.length === problemsBefore) clean.set(value === result ? value : result, of.name);
  return result;
}

type Zeros = readonly (readonly [field: string, zero: unknown])[];

const zeros = new Map<string, Zeros>();

/**
 * What Go has in the fields of a struct that are always there, whether the document names them or not. Fields that are
 * pointers, lists or maps may be missing all the same.
 */
function zerosOf(of: Definition): Zeros {
  let known = zeros.get(of.name);
  if (known === undefined) {
    zeros.set(of.name, []);
    known = [...of.fields].flatMap(([field, { type, required }]) => {
      const zero = required && !typeMeta.has(field) ? zeroField(type) : undefined;
      return zero === undefined ? [] : [[field, zero] as const];
    });
    zeros.set(of.name, known);
  }
  return known;
}

/** Filled in from the path, for objects; where they are a reference's, they are strings like any other. */
const typeMeta = new Set(['apiVersion', 'kind']);
/** Required, and a pointer in Go all the same. */
const pointers = new Set(['LabelSelector', 'ParentReference']);

function zeroField(type: FieldType): unknown {
  switch (type.is) {
    case 'object':
      return pointers.has(shortName(type.name)) ? undefined : zeroValue(type);
    case 'string':
    case 'boolean':
    case 'int32':
    case 'int64':
    case 'double':
    case 'intOrString':
    case 'quantity':
      return zeroValue(type);
    default:
      return undefined;
  }
}

/** Go leaves out empty lists and maps (`omitempty`). */
function isEmptyCollection(type: FieldType, value: unknown): boolean {
  if (type.is === 'list') return (value as readonly unknown[]).length === 0;
  if (type.is !== 'map') return false;
  for (const _key in value as object) return false;
  return true;
}

function reportUnknown(walk: Walk): void {
  if (walk.strictErrors.length < strictErrorsMax)
    walk.strictErrors.push(`unknown field ${JSON.stringify(pathText(walk.path))}`);
}

/** `spec.containers[0].image`. */
function pathText(path: readonly (string | number)[]): string {
  let text = '';
  for (const step of path) text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`;
  return text;
}

/** `owner` is the definition whose field is being read: Go's sentences name it. */
function decodeField(type: FieldType, value: unknown, walk: Walk, owner: Definition): unknown {
  switch (type.is) {
    case 'object':
      if (!isMap(value)) throw mismatch(type, value, walk, owner);
      return decodeObject(definition(type.name), value, walk);
    case 'list':
      if (!Array.isArray(value)) throw mismatch(type, value, walk, owner);
      return decodeList(type.of, value, walk, owner);
    case 'map':
      if (!isMap(value)) throw mismatch(type, value, walk, owner);
      return decodeMap(type.of, value, walk, owner);
    case 'string':
    case 'enum':
      if (typeof value !== 'string') throw mismatch(type, value, walk, owner);
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw mismatch(type, value, walk, owner);
      return value;
    case 'int32':
    case 'int64':
    case 'double':
      if (typeof value !== 'number' || !fitsNumber(type.is, value)) throw mismatch(type, value, walk, owner);
      return value;
    case 'bytes':
      if (typeof value !== 'string') throw mismatch(type, value, walk, owner);
      checkBase64(value);
      return value;
    case 'anything':
      return value;
    default:
      return decodeSpecial(type.is, value);
  }
}

function decodeList(of: FieldType, list: readonly unknown[], walk: Walk, owner: Definition): unknown {
  let changed: unknown[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const before = list[index];
    walk.path.push(index);
    const after = before === null ? zeroValue(of) : decodeField(of, before, walk, owner);
    walk.path.pop();
    if (after !== before) (changed ??= list.slice())[index] = after;
  }
  return changed ?? list;
}

function decodeMap(of: FieldType, map: Fields, walk: Walk, owner: Definition): unknown {
  let changed: Record<string, unknown> | undefined;
  for (const key in map) {
    const before = map[key];
    walk.path.push(key);
    const after = before === null ? zeroValue(of) : decodeField(of, before, walk, owner);
    walk.path.pop();
    if (after !== before) (changed ??= { ...map })[key] = after;
  }
  return changed ?? map;
}

/** What Go makes of null where a value has to stand: in a list or a map. */
function zeroValue(type: FieldType): unknown {
  switch (type.is) {
    case 'string':
    case 'enum':
    case 'bytes':
      return '';
    case 'boolean':
      return false;
    case 'int32':
    case 'int64':
    case 'double':
    case 'intOrString':
      return 0;
    case 'quantity':
      return '0';
    case 'list':
      return [];
    case 'object':
      return Object.fromEntries(zerosOf(definition(type.name)));
    case 'map':
      return {};
    default:
      return null;
  }
}

/** The types that read themselves in Go: their sentences know no field. */
function decodeSpecial(is: 'time' | 'microTime' | 'quantity' | 'intOrString', value: unknown): unknown {
  if (is === 'intOrString') {
    if (typeof value === 'string' || (typeof value === 'number' && fitsNumber('int32', value))) return value;
    throw new DecodeError(`json: cannot unmarshal ${jsonType(value, true)} into Go value of type int32`);
  }
  if (is === 'quantity') {
    try {
      return canonicalQuantity(
        typeof value === 'number' ? value : typeof value === 'string' ? value.trim() : 'x',
      );
    } catch (error) {
      throw error instanceof StatusError ? new DecodeError(error.message) : error;
    }
  }
  if (typeof value !== 'string')
    throw new DecodeError(`json: cannot unmarshal ${jsonType(value)} into Go value of type string`);
  try {
    return canonicalTime(value, is);
  } catch (error) {
    throw error instanceof GoTimeError ? new DecodeError(error.message) : error;
  }
}

const int32Max = 2 ** 31;

function fitsNumber(is: 'int32' | 'int64' | 'double', value: number): boolean {
  if (is === 'double') return true;
  if (!Number.isInteger(value)) return false;
  return is === 'int64' ? Math.abs(value) <= 2 ** 63 : value >= -int32Max && value < int32Max;
}

/** Upstream: encoding/base64 CorruptInputError. */
function checkBase64(text: string): void {
  if (decodeBase64(text) !== undefined) return;
  const at = text.search(/[^A-Za-z0-9+/\r\n]/);
  const length = text.replace(/=+$/, '').length;
  const where = at >= 0 && at < length ? at : length - (length % 4);
  throw new DecodeError(`illegal base64 data at input byte ${where}`);
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Go's word for a JSON value. Numbers that do not fit an integer are quoted with it. */
function jsonType(value: unknown, quoteNumber = false): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  if (typeof value === 'number') return quoteNumber ? `number ${value}` : 'number';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function mismatch(type: FieldType, value: unknown, walk: Walk, owner: Definition): DecodeError {
  const field = `${shortName(owner.name)}.${walk.fields.join('.')}`;
  const quoteNumber = type.is === 'int32' || type.is === 'int64';
  const goType = goTypeOf(type, owner, walk.fields.at(-1));
  return new DecodeError(
    `json: cannot unmarshal ${jsonType(value, quoteNumber)} into Go struct field ${field} of type ${goType}`,
    conversionError(type, value, goType),
  );
}
