import type { JqValue } from './jqTree.ts';

/** An error that `try` and `?` can catch. */
export class JqError extends Error {
  readonly value: JqValue;
  constructor(value: JqValue) {
    super(typeof value === 'string' ? value : `${toJson(value)} (not a string)`);
    this.value = value;
  }
}

export type JqObject = { readonly [key: string]: JqValue };

export function isObject(value: JqValue): value is JqObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isArray(value: JqValue): value is readonly JqValue[] {
  return Array.isArray(value);
}

export function typeOf(value: JqValue): string {
  if (value === null) return 'null';
  if (isArray(value)) return 'array';
  return typeof value;
}

export function isTruthy(value: JqValue): boolean {
  return value !== null && value !== false;
}

/** A value as jq writes it. */
export function toJson(value: JqValue, indent: string | null = null, sorts = false): string {
  return JSON.stringify(sorts ? sortKeys(value) : value, null, indent ?? undefined);
}

function sortKeys(value: JqValue): JqValue {
  if (isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  return Object.fromEntries(keysOf(value).map((key) => [key, sortKeys(value[key]!)]));
}

export function keysOf(value: JqObject): string[] {
  return Object.keys(value).sort((a, b) => (a < b ? -1 : 1));
}

/** A value in an error message: cut short. */
export function shown(value: JqValue): string {
  const text = toJson(value);
  return `${typeOf(value)} (${text.length > 11 ? `${text.slice(0, 10)}...` : text})`;
}

const order = ['null', 'false', 'true', 'number', 'string', 'array', 'object'];

function rank(value: JqValue): number {
  return order.indexOf(typeof value === 'boolean' ? String(value) : typeOf(value));
}

/** jq's order of all values: null, false, true, numbers, strings, arrays, objects. */
export function compareValues(a: JqValue, b: JqValue): number {
  if (a === b) return 0;
  const ranks = rank(a) - rank(b);
  if (ranks !== 0) return ranks;
  if (typeof a === 'number' || typeof a === 'string')
    return a < (b as typeof a) ? -1 : a > (b as typeof a) ? 1 : 0;
  if (isArray(a)) {
    const other = b as readonly JqValue[];
    for (let index = 0; index < Math.min(a.length, other.length); index++) {
      const each = compareValues(a[index]!, other[index]!);
      if (each !== 0) return each;
    }
    return a.length - other.length;
  }
  if (!isObject(a)) return 0;
  const other = b as JqObject;
  const keys = compareValues(keysOf(a), keysOf(other));
  if (keys !== 0) return keys;
  for (const key of keysOf(a)) {
    const each = compareValues(a[key]!, other[key]!);
    if (each !== 0) return each;
  }
  return 0;
}

/** Texts longer than this, and arrays of more items, are refused. */
const sizeMax = 1_048_576;

/** `a + b` and the other operators. Throws JqError. */
export function calculate(operator: string, a: JqValue, b: JqValue): JqValue {
  switch (operator) {
    case '+':
      if (a === null) return b;
      if (b === null) return a;
      if (typeof a === 'number' && typeof b === 'number') return a + b;
      if (typeof a === 'string' && typeof b === 'string') return bounded(a + b);
      if (isArray(a) && isArray(b)) return bounded([...a, ...b]);
      if (isObject(a) && isObject(b)) return { ...a, ...b };
      throw new JqError(`${shown(a)} and ${shown(b)} cannot be added`);
    case '-':
      if (typeof a === 'number' && typeof b === 'number') return a - b;
      if (isArray(a) && isArray(b))
        return a.filter((item) => !b.some((other) => compareValues(item, other) === 0));
      throw new JqError(`${shown(a)} and ${shown(b)} cannot be subtracted`);
    case '*':
      return multiply(a, b);
    case '/':
      if (typeof a === 'number' && typeof b === 'number') {
        if (b === 0)
          throw new JqError(`${shown(a)} and ${shown(b)} cannot be divided because the divisor is zero`);
        return a / b;
      }
      if (typeof a === 'string' && typeof b === 'string') return a === '' ? [] : a.split(b);
      throw new JqError(`${shown(a)} and ${shown(b)} cannot be divided`);
    case '%':
      if (typeof a === 'number' && typeof b === 'number') {
        if (Math.trunc(b) === 0)
          throw new JqError(`${shown(a)} and ${shown(b)} cannot be divided because the divisor is zero`);
        return Math.trunc(a) % Math.trunc(b);
      }
      throw new JqError(`${shown(a)} and ${shown(b)} cannot be divided`);
    default:
      return comparisons[operator]!(compareValues(a, b));
  }
}

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  '==': (each) => each === 0,
  '!=': (each) => each !== 0,
  '<': (each) => each < 0,
  '<=': (each) => each <= 0,
  '>': (each) => each > 0,
  '>=': (each) => each >= 0,
};

export function bounded<T extends string | readonly JqValue[]>(value: T): T {
  if (value.length > sizeMax) throw new JqError('value is too large');
  return value;
}

function multiply(a: JqValue, b: JqValue): JqValue {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  if (typeof a === 'number' && typeof b === 'string') return multiply(b, a);
  if (typeof a === 'string' && typeof b === 'number') {
    if (b <= 0) return null;
    const count = Math.max(1, Math.floor(b));
    if (a.length * count > sizeMax) throw new JqError('Repeat string result too long');
    return a.repeat(count);
  }
  if (isObject(a) && isObject(b)) return merge(a, b);
  throw new JqError(`${shown(a)} and ${shown(b)} cannot be multiplied`);
}

function merge(a: JqObject, b: JqObject): JqObject {
  const merged: Record<string, JqValue> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const before = merged[key];
    merged[key] = before !== undefined && isObject(before) && isObject(value) ? merge(before, value) : value;
  }
  return merged;
}

/** `.[key]`: what is there, or null. Throws JqError. */
export function indexOf(value: JqValue, key: JqValue): JqValue {
  if (isObject(value) && typeof key === 'string') return Object.hasOwn(value, key) ? value[key]! : null;
  if (isArray(value) && typeof key === 'number') {
    const at = Math.floor(key);
    return value[at < 0 ? at + value.length : at] ?? null;
  }
  if (isObject(key) && (isArray(value) || typeof value === 'string')) {
    const [from, to] = sliceRange(value.length, key);
    return value.slice(from, to);
  }
  if (value === null && (typeof key === 'string' || typeof key === 'number' || isObject(key))) return null;
  if (isArray(value) && isArray(key)) {
    return value.flatMap((_, index) =>
      compareValues(value.slice(index, index + key.length), key) === 0 ? [index] : [],
    );
  }
  if (typeof key === 'string') throw new JqError(`Cannot index ${typeOf(value)} with string "${key}"`);
  throw new JqError(`Cannot index ${typeOf(value)} with ${typeOf(key)}`);
}

function sliceRange(length: number, slice: JqObject): [number, number] {
  const place = (value: JqValue | undefined, otherwise: number, round: (value: number) => number) => {
    if (value === null || value === undefined) return otherwise;
    if (typeof value !== 'number')
      throw new JqError('Start and end indices of an array slice must be numbers');
    const rounded = round(value);
    return Math.max(0, Math.min(length, rounded < 0 ? rounded + length : rounded));
  };
  const from = place(slice['start'], 0, Math.floor);
  return [from, Math.max(from, place(slice['end'], length, Math.ceil))];
}

/** A copy of `value` with what stands at `path` replaced. Throws JqError. */
export function setPath(value: JqValue, path: readonly JqValue[], replacement: JqValue): JqValue {
  const [key, ...rest] = path;
  if (key === undefined) return replacement;
  const inner = setPath(indexOf(value, key), rest, replacement);
  if (typeof key === 'string') {
    if (value !== null && !isObject(value))
      throw new JqError(`Cannot index ${typeOf(value)} with string "${key}"`);
    return { ...value, [key]: inner };
  }
  const items = value === null ? [] : isArray(value) ? [...value] : null;
  if (items === null) throw new JqError(`Cannot update field at array index of ${typeOf(value)}`);
  if (isObject(key)) {
    const [from, to] = sliceRange(items.length, key);
    if (!isArray(inner)) throw new JqError('A slice of an array can only be assigned another array');
    items.splice(from, to - from, ...inner);
    return items;
  }
  const at = Number(key) < 0 ? Number(key) + items.length : Number(key);
  if (at < 0) throw new JqError('Out of bounds negative array index');
  if (at > sizeMax) throw new JqError('Array index too large');
  while (items.length < at) items.push(null);
  items[at] = inner;
  return items;
}

/** A copy of `value` without what stands at `path`. */
export function deletePath(value: JqValue, path: readonly JqValue[]): JqValue {
  const [key, ...rest] = path;
  if (key === undefined) return null;
  if (value === null) return null;
  if (rest.length > 0) {
    const inner = indexOf(value, key);
    return inner === null ? value : setPath(value, [key], deletePath(inner, rest));
  }
  if (isObject(value) && typeof key === 'string') {
    return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  }
  if (isArray(value) && typeof key === 'number') {
    const at = key < 0 ? key + value.length : key;
    return value.filter((_, index) => index !== at);
  }
  if (isArray(value) && isObject(key)) {
    const [from, to] = sliceRange(value.length, key);
    return [...value.slice(0, from), ...value.slice(to)];
  }
  throw new JqError(
    `Cannot delete field at ${typeof key === 'string' ? 'object' : 'array'} index of ${typeOf(value)}`,
  );
}
