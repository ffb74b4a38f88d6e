// Upstream: sigs.k8s.io/structured-merge-diff/typed/{merge,remove}.go
import { below, type FieldSet, fieldSet, noFields } from './fieldSet.ts';
import { isObject } from './goValue.ts';
import { type Fields, itemElement, type ListSchema, nameElement, type TypedSchema } from './typedSchema.ts';

/** `live` with what `applied` says: atomic parts replaced, all others merged. Both must be valid. */
export function mergeTyped(schema: TypedSchema, live: unknown, applied: unknown): unknown {
  if (applied === undefined) return live;
  if (live === undefined || live === null) return applied;
  switch (schema.is) {
    case 'struct':
      if (schema.atomic || !isObject(live)) return applied;
      return mergeFields(live, applied, (name) => schema.field(name)?.schema);
    case 'deduced':
    case 'map':
      if ((schema.is === 'map' && schema.atomic) || !isObject(live)) return applied;
      return mergeFields(live, applied, () => (schema.is === 'map' ? schema.of : schema));
    case 'list':
      if (schema.type === 'atomic' || !Array.isArray(live)) return applied;
      return mergeLists(schema, live, applied);
    default:
      return applied;
  }
}

function mergeFields(
  live: Fields,
  applied: unknown,
  schemaOf: (name: string) => TypedSchema | undefined,
): unknown {
  if (applied === null) return Object.keys(live).length === 0 ? null : live;
  if (!isObject(applied)) return applied;
  const merged: Record<string, unknown> = { ...live };
  for (const name of Object.keys(applied)) {
    const schema = schemaOf(name);
    merged[name] = schema === undefined ? applied[name] : mergeTyped(schema, live[name], applied[name]);
  }
  return merged;
}

/**
 * The applied items in their order, with the live ones that were not applied between them: each stays behind the
 * items that it stood behind, as far as those keep their order.
 */
function mergeLists(schema: ListSchema, live: readonly unknown[], applied: unknown): unknown {
  if (applied === null) return live.length === 0 ? null : live;
  if (!Array.isArray(applied)) return applied;
  const liveKeys = live.map((item) => itemElement(schema, item));
  const appliedKeys = applied.map((item) => itemElement(schema, item));
  const liveAt = new Map(liveKeys.map((key, i) => [key, i]));
  const isApplied = new Set(appliedKeys);
  const shared = appliedKeys.filter((key) => liveAt.has(key));
  const done = new Set<string>();
  const merged: unknown[] = [];
  const takeApplied = (at: number) => {
    const key = appliedKeys[at]!;
    const before = liveAt.get(key);
    merged.push(before === undefined ? applied[at] : mergeTyped(schema.of, live[before], applied[at]));
    done.add(key);
    if (shared[0] === key) shared.shift();
  };
  let l = 0;
  let a = 0;
  while (l < live.length || a < applied.length) {
    const key = liveKeys[l];
    if (key !== undefined && a < applied.length) {
      if (key === appliedKeys[a]) {
        takeApplied(a++);
        l++;
        continue;
      }
      // An applied item, but not the one whose turn it is: it comes where the configuration has it.
      if (isApplied.has(key) && shared.length > 0 && shared[0] !== key) {
        l++;
        continue;
      }
    }
    if (key !== undefined && !isApplied.has(key)) {
      merged.push(live[l++]);
      continue;
    }
    if (key !== undefined && done.has(key)) l++;
    if (a < applied.length) takeApplied(a++);
  }
  return merged;
}

/**
 * `value` without what stands at the set's paths; undefined where nothing is left of it. With `keepsEmptied`,
 * what is emptied within it is still there for whoever owns it, as null.
 */
export function removeFields(
  schema: TypedSchema,
  value: unknown,
  set: FieldSet,
  keepsEmptied = false,
): unknown {
  if (set.keys.length === 0) return value;
  if (isObject(value)) {
    const schemaOf =
      schema.is === 'struct'
        ? (name: string) => schema.field(name)?.schema
        : () => (schema.is === 'map' ? schema.of : schema.is === 'deduced' ? schema : undefined);
    return removeFromMap(value, set, schemaOf, keepsEmptied);
  }
  if (schema.is !== 'list' || schema.type === 'atomic' || !Array.isArray(value)) return value;
  const kept: unknown[] = [];
  for (const item of value as readonly unknown[]) {
    const inside = below(set, itemElement(schema, item));
    if (inside.owned) continue;
    kept.push(inside === noFields ? item : (removeFields(schema.of, item, inside, keepsEmptied) ?? null));
  }
  return kept.length === 0 ? undefined : kept;
}

function removeFromMap(
  value: Fields,
  set: FieldSet,
  schemaOf: (name: string) => TypedSchema | undefined,
  keepsEmptied: boolean,
): unknown {
  const kept: Record<string, unknown> = {};
  let count = 0;
  for (const name in value) {
    const inside = below(set, nameElement(name));
    if (inside.owned) continue;
    const schema = schemaOf(name);
    const rest =
      inside === noFields || schema === undefined
        ? value[name]
        : removeFields(schema, value[name], inside, keepsEmptied);
    if (rest === undefined && !keepsEmptied) continue;
    kept[name] = rest ?? null;
    count++;
  }
  return count === 0 ? undefined : kept;
}

/** The set with the names of the struct fields that it has something below of: pruning may take them whole. */
export function withNamedFields(schema: TypedSchema, set: FieldSet): FieldSet {
  if (set.keys.length === 0) return set;
  return fieldSet(
    set.owned,
    set.keys,
    set.keys.map((key, i) => {
      const field = schema.is === 'struct' ? schema.field(key.slice(2)) : undefined;
      const child = withNamedFields(schemaBelow(schema, key), set.children[i]!);
      return field === undefined || child.owned ? child : fieldSet(true, child.keys, child.children);
    }),
  );
}

const opaque: TypedSchema = { is: 'opaque' };

function schemaBelow(schema: TypedSchema, key: string): TypedSchema {
  if (schema.is === 'struct') return schema.field(key.slice(2))?.schema ?? opaque;
  if (schema.is === 'map' || schema.is === 'list') return schema.of;
  return schema.is === 'deduced' ? schema : opaque;
}
