// Upstream: sigs.k8s.io/structured-merge-diff/schema/elements.go, typed/helpers.go
import { isObject } from './goValue.ts';
import { keyElement, valueElement } from './fieldsV1.ts';

export type Fields = { readonly [key: string]: unknown };

/** One field of a struct. */
export interface TypedField {
  /** Its path element: `f:spec`. */
  readonly key: string;
  readonly schema: TypedSchema;
  /**
   * True for what Go's encoder always writes: structs that are no pointers, and whatever is required. Where the
   * field is missing it counts as there, and empty.
   */
  readonly present: boolean;
}

/** What server-side apply must know of a type: which parts have owners of their own. */
export type TypedSchema =
  | { readonly is: 'scalar'; readonly of: 'string' | 'numeric' | 'boolean' | 'untyped' }
  | {
      readonly is: 'struct';
      readonly atomic: boolean;
      /** The field of that name, undefined where the type has none. */
      field(name: string): TypedField | undefined;
      /** The fields that are `present`. */
      presentFields(): readonly (readonly [name: string, field: TypedField])[];
    }
  | { readonly is: 'map'; readonly atomic: boolean; readonly of: TypedSchema }
  | {
      readonly is: 'list';
      readonly type: 'atomic' | 'set' | 'map';
      readonly of: TypedSchema;
      /** The fields that tell a map's items apart. */
      readonly keys: readonly string[];
      /** What a key counts as where an item leaves it out; undefined where it may not. */
      keyDefault(name: string): unknown;
      /** True where each object has an item of its own, such as a pod's address: see `typedCompare.ts`. */
      readonly unique: boolean;
    }
  /** Anything: maps have owners per field, lists are atomic. */
  | { readonly is: 'deduced' }
  /** Anything, owned whole. */
  | { readonly is: 'opaque' };

export type ListSchema = Extract<TypedSchema, { is: 'list' }>;

const names = new Map<string, string>();
const namesMax = 10_000;

/** The path element of a field: one text for each name. */
export function nameElement(name: string): string {
  let element = names.get(name);
  if (element === undefined) {
    if (names.size >= namesMax) names.clear();
    element = `f:${name}`;
    names.set(name, element);
  }
  return element;
}

/** Why an item has no path element. */
export class ElementError extends Error {
  override name = 'ElementError';
}

/** The path element of a list's item. Throws ElementError in upstream's words. */
export function itemElement(list: ListSchema, item: unknown): string {
  if (list.type === 'set') {
    if (isObject(item))
      throw new ElementError("associative list without keys has an element that's a map type");
    if (Array.isArray(item)) throw new ElementError('not supported: associative list with lists as elements');
    if (item === null)
      throw new ElementError("associative list without keys has an element that's an explicit null");
    return valueElement(item);
  }
  if (item === null) throw new ElementError('associative list with keys may not have a null element');
  if (!isObject(item)) throw new ElementError('associative list with keys may not have non-map elements');
  const { keys } = list;
  if (keys.length === 1) return singleKeyElement(list, keys[0]!, keyOf(list, item, keys[0]!));
  return keyElement(Object.fromEntries(keys.map((name) => [name, keyOf(list, item, name)])));
}

const singleKeys = new Map<string, Map<unknown, string>>();
const singleKeysMax = 1_000;

/** One text for each key of lists such as conditions; those of `unique` ones are not worth remembering. */
function singleKeyElement(list: ListSchema, name: string, value: unknown): string {
  if (list.unique || (typeof value !== 'string' && typeof value !== 'number'))
    return keyElement({ [name]: value });
  let known = singleKeys.get(name);
  if (known === undefined) {
    known = new Map();
    singleKeys.set(name, known);
  }
  let element = known.get(value);
  if (element === undefined) {
    if (known.size >= singleKeysMax) known.clear();
    element = keyElement({ [name]: value });
    known.set(value, element);
  }
  return element;
}

function keyOf(list: ListSchema, item: Fields, name: string): unknown {
  const value = item[name] ?? list.keyDefault(name);
  if (value === undefined) {
    const key = JSON.stringify(name);
    throw new ElementError(
      `associative list with keys has an element that omits key field ${key} (and doesn't have default value)`,
    );
  }
  return value;
}
