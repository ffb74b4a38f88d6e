// Upstream: sigs.k8s.io/structured-merge-diff/typed/{compare,tofieldset}.go
import { type FieldSet, fieldSet, gather, leaf, noFields } from './fieldSet.ts';
import { isObject } from './goValue.ts';
import { deepEqual } from './structure.ts';
import { type Fields, itemElement, type ListSchema, nameElement, type TypedSchema } from './typedSchema.ts';

/** What became of an object's fields. */
export interface Comparison {
  /** Paths that are new or have another value. */
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

const unchanged: Comparison = { changed: noFields, removed: noFields };
const changedLeaf: Comparison = { changed: leaf, removed: noFields };
const removedLeaf: Comparison = { changed: noFields, removed: leaf };
const nothing: Fields = {};

/**
 * A list with `unique` keys had items before and has others now: sets that say `k:#0` of it must be written out
 * with the old object first, and the comparison made again with `explicit`.
 */
export class UniqueListChanged extends Error {
  override name = 'UniqueListChanged';
}

/**
 * What differs between two values of a type, as an update sees it. Undefined is absent. Costs only what is not
 * shared by both. A list with `unique` keys that appears is named by places (`k:#0`), unless `explicit`: then, or
 * where it changes, by its keys. Throws UniqueListChanged.
 */
export function compare(schema: TypedSchema, before: unknown, after: unknown, explicit = false): Comparison {
  if (before === after) return unchanged;
  if (before === undefined) return { changed: presentFields(schema, after, explicit), removed: noFields };
  if (after === undefined) return { changed: noFields, removed: presentFields(schema, before, true) };
  switch (schema.is) {
    case 'struct':
      if (schema.atomic || !isObject(before) || !isObject(after)) break;
      return compareStruct(schema, before, after, explicit);
    case 'deduced':
    case 'map':
      if ((schema.is === 'map' && schema.atomic) || !isObject(before) || !isObject(after)) break;
      return compareMap(schema.is === 'map' ? schema.of : schema, before, after, explicit);
    case 'list':
      if (schema.type === 'atomic' || !Array.isArray(before) || !Array.isArray(after)) break;
      return compareList(schema, before, after, explicit);
    default:
  }
  return deepEqual(before, after) ? unchanged : changedLeaf;
}

type StructSchema = Extract<TypedSchema, { is: 'struct' }>;

function compareStruct(schema: StructSchema, before: Fields, after: Fields, explicit: boolean): Comparison {
  const difference = new Difference();
  for (const name in after) {
    const now = after[name];
    const was = before[name];
    if (now === was || now === undefined) continue;
    const field = schema.field(name);
    if (field === undefined) continue;
    difference.add(field.key, compareField(field.schema, was, now, field.present, explicit));
  }
  for (const name in before) {
    const was = before[name];
    if (was === undefined || after[name] !== undefined) continue;
    const field = schema.field(name);
    if (field === undefined) continue;
    difference.add(field.key, compareField(field.schema, was, undefined, field.present, explicit));
  }
  return difference.end();
}

/** Where Go writes the field even if it is empty, an absent one is an empty one. */
export function compareField(
  schema: TypedSchema,
  before: unknown,
  after: unknown,
  present: boolean,
  explicit: boolean,
): Comparison {
  if (!present || (before !== undefined && after !== undefined))
    return compare(schema, before, after, explicit);
  const empty = emptyOf(schema, before ?? after);
  return compare(schema, before ?? empty, after ?? empty, explicit);
}

function emptyOf(schema: TypedSchema, like: unknown): unknown {
  if (schema.is === 'list') return [];
  if (schema.is === 'struct' || schema.is === 'map') return nothing;
  return typeof like === 'string'
    ? ''
    : typeof like === 'number'
      ? 0
      : typeof like === 'boolean'
        ? false
        : null;
}

function compareMap(of: TypedSchema, before: Fields, after: Fields, explicit: boolean): Comparison {
  const difference = new Difference();
  for (const name in after) {
    if (after[name] !== before[name])
      difference.add(nameElement(name), compare(of, before[name], after[name], explicit));
  }
  for (const name in before) {
    if (after[name] === undefined)
      difference.add(nameElement(name), compare(of, before[name], undefined, explicit));
  }
  return difference.end();
}

function compareList(
  schema: ListSchema,
  before: readonly unknown[],
  after: readonly unknown[],
  explicit: boolean,
): Comparison {
  if (before.length === 0 && after.length === 0) return unchanged;
  if (schema.unique && !explicit && before.length > 0) {
    if (deepEqual(before, after)) return unchanged;
    throw new UniqueListChanged();
  }
  const places = schema.unique && !explicit;
  const aligned = places ? null : compareAligned(schema, before, after, explicit);
  if (aligned !== null) return aligned;
  const difference = new Difference();
  const old = itemsOf(schema, before, false);
  const present = itemsOf(schema, after, places);
  for (const [key, item] of present)
    difference.add(key, compareItem(schema.of, old.get(key), item, explicit));
  for (const [key, item] of old)
    if (!present.has(key)) difference.add(key, compareItem(schema.of, item, undefined, explicit));
  return difference.end();
}

/** Longer lists are compared by way of maps. */
const alignedMax = 16;

/**
 * As `compareList`, for the common case of a short list whose items keep their places and may get some behind them.
 * Null where that is not so, or where a key stands twice.
 */
function compareAligned(
  schema: ListSchema,
  before: readonly unknown[],
  after: readonly unknown[],
  explicit: boolean,
): Comparison | null {
  if (after.length < before.length || after.length > alignedMax) return null;
  const keys: string[] = [];
  for (let i = 0; i < after.length; i++) {
    const key = elementOrNull(schema, after[i]);
    if (key === null || keys.includes(key)) return null;
    if (i < before.length && before[i] !== after[i] && elementOrNull(schema, before[i]) !== key) return null;
    keys.push(key);
  }
  const difference = new Difference();
  for (let i = 0; i < after.length; i++)
    if (before[i] !== after[i]) difference.add(keys[i]!, compare(schema.of, before[i], after[i], explicit));
  return difference.end();
}

function compareItem(schema: TypedSchema, before: unknown, after: unknown, explicit: boolean): Comparison {
  return before instanceof Duplicates || after instanceof Duplicates
    ? deepEqual(before, after)
      ? unchanged
      : after === undefined
        ? removedLeaf
        : changedLeaf
    : compare(schema, before, after, explicit);
}

/** Items of one key that stand in a list more than once: owned together, as one. */
class Duplicates {
  readonly items: unknown[];
  constructor(...items: unknown[]) {
    this.items = items;
  }
}

/** A list's items by their path element; items that have none are left out. */
function itemsOf(schema: ListSchema, list: readonly unknown[], places: boolean): Map<string, unknown> {
  const items = new Map<string, unknown>();
  for (let i = 0; i < list.length; i++) {
    const key = places ? `k:#${i}` : elementOrNull(schema, list[i]);
    if (key === null) continue;
    const same = items.get(key);
    if (same instanceof Duplicates) same.items.push(list[i]);
    else items.set(key, items.has(key) ? new Duplicates(same, list[i]) : list[i]);
  }
  return items;
}

function elementOrNull(schema: ListSchema, item: unknown): string | null {
  try {
    return itemElement(schema, item);
  } catch {
    return null;
  }
}

/** Every path of a value that appears or goes as a whole, its own included. */
function presentFields(schema: TypedSchema, value: unknown, explicit: boolean): FieldSet {
  switch (schema.is) {
    case 'struct': {
      if (schema.atomic || !isObject(value)) return leaf;
      let gathered = gather;
      for (const name in value) {
        const field = schema.field(name);
        if (field !== undefined && value[name] !== undefined)
          gathered = gathered.with(field.key, presentFields(field.schema, value[name], explicit));
      }
      for (const [name, field] of schema.presentFields())
        if (value[name] === undefined) gathered = gathered.with(field.key, leaf);
      return gathered.set(true);
    }
    case 'deduced':
    case 'map': {
      if ((schema.is === 'map' && schema.atomic) || !isObject(value)) return leaf;
      const of = schema.is === 'map' ? schema.of : schema;
      return fieldsBelow(value, (item) => presentFields(of, item, explicit), true);
    }
    case 'list': {
      if (schema.type === 'atomic' || !Array.isArray(value)) return leaf;
      let gathered = gather;
      for (const [key, item] of itemsOf(schema, value, schema.unique && !explicit))
        gathered = gathered.with(
          key,
          item instanceof Duplicates ? leaf : presentFields(schema.of, item, explicit),
        );
      return gathered.set(true);
    }
    default:
      return leaf;
  }
}

function fieldsBelow(value: Fields, of: (item: unknown) => FieldSet, owned: boolean): FieldSet {
  let gathered = gather;
  for (const name in value) {
    if (value[name] !== undefined) gathered = gathered.with(nameElement(name), of(value[name]));
  }
  return gathered.set(owned);
}

/** The paths that an applied configuration claims. It must be valid. */
export function fieldsOf(schema: TypedSchema, value: unknown): FieldSet {
  switch (schema.is) {
    case 'struct': {
      if (schema.atomic) return leaf;
      if (!isObject(value)) return noFields;
      let gathered = gather;
      for (const name in value) {
        const field = schema.field(name);
        if (field !== undefined)
          gathered = gathered.with(field.key, ownedIfEmpty(fieldsOf(field.schema, value[name]), value[name]));
      }
      return gathered.set();
    }
    case 'deduced':
    case 'map': {
      if (schema.is === 'map' && schema.atomic) return leaf;
      if (!isObject(value)) return schema.is === 'map' ? noFields : leaf;
      const of = schema.is === 'map' ? schema.of : schema;
      // The name in a map is owned itself, that of a struct's field is not.
      return fieldsBelow(value, (item) => owned(fieldsOf(of, item)), false);
    }
    case 'list': {
      if (schema.type === 'atomic') return leaf;
      if (!Array.isArray(value)) return noFields;
      let gathered = gather;
      for (const [key, item] of itemsOf(schema, value, false))
        gathered = gathered.with(key, item instanceof Duplicates ? leaf : owned(fieldsOf(schema.of, item)));
      return gathered.set();
    }
    default:
      return leaf;
  }
}

function owned(set: FieldSet): FieldSet {
  return set.owned ? set : fieldSet(true, set.keys, set.children);
}

/** A field that says nothing more than that it is null or an empty map is owned itself. */
function ownedIfEmpty(set: FieldSet, value: unknown): FieldSet {
  return value === null || (isObject(value) && Object.keys(value).length === 0) ? owned(set) : set;
}

/** A comparison of parts on its way: what changed and what was removed below a node. */
export class Difference {
  #changed = gather;
  #removed = gather;

  add(key: string, { changed, removed }: Comparison): void {
    if (changed !== noFields) this.#changed = this.#changed.with(key, changed);
    if (removed !== noFields) this.#removed = this.#removed.with(key, removed);
  }

  end(): Comparison {
    const changed = this.#changed.set();
    const removed = this.#removed.set();
    if (removed !== noFields) return { changed, removed };
    if (changed === noFields) return unchanged;
    let known = additions.get(changed);
    if (known === undefined) {
      known = { changed, removed: noFields };
      additions.set(changed, known);
    }
    return known;
  }
}

/** Comparisons in which nothing is removed, one for each set. */
const additions = new WeakMap<FieldSet, Comparison>();

/**
 * The set with every `k:#0` written out as the key that the item has in `value`, the object that the set is about.
 */
export function writtenOut(schema: TypedSchema, set: FieldSet, value: unknown): FieldSet {
  if (!set.positional) return set;
  let gathered = gather;
  for (let i = 0; i < set.keys.length; i++) {
    const key = set.keys[i]!;
    const child = set.children[i]!;
    if (schema.is === 'list' && key.startsWith('k:#')) {
      const item = Array.isArray(value) ? (value as readonly unknown[])[Number(key.slice(3))] : undefined;
      if (item !== undefined) gathered = gathered.with(itemElement(schema, item), child);
    } else if (schema.is === 'struct' && key.startsWith('f:')) {
      const field = schema.field(key.slice(2));
      const inside = isObject(value) ? value[key.slice(2)] : undefined;
      gathered = gathered.with(key, field === undefined ? child : writtenOut(field.schema, child, inside));
    } else gathered = gathered.with(key, child);
  }
  return gathered.set(set.owned);
}
