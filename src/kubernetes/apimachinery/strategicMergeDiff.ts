// Upstream: apimachinery/pkg/util/strategicpatch/patch.go
import { formatGoValue, goTypeOf, isObject } from './goValue.ts';
import { elementKind, keyed, sortBy, type Fields, type List } from './mergeList.ts';
import { patchFieldOf, type PatchField, type PatchSchema } from './patchSchema.ts';
import { mergeFields } from './strategicMergePatch.ts';
import { badRequest } from './statusError.ts';
import { deepEqual } from './structure.ts';

type Mutable = { [key: string]: unknown };

/** Which half of the difference to take. */
interface Wanted {
  /** What `modified` adds or changes. */
  readonly changes: boolean;
  /** What `modified` leaves out. */
  readonly deletions: boolean;
}

/** The strategic merge patch that makes `modified` of `original`; `{}` where they are equal. */
export function createTwoWayStrategicPatch(
  original: Fields,
  modified: Fields,
  schema: PatchSchema | undefined,
): Fields {
  return diffFields(original, modified, schema, { changes: true, deletions: true }, false);
}

/**
 * What `kubectl apply` sends: what `modified` adds or changes against `current`, and the removal of what
 * `original` (the last applied configuration) has and `modified` has not. What others set stays.
 */
export function createThreeWayStrategicPatch(
  original: Fields,
  modified: Fields,
  current: Fields,
  schema: PatchSchema | undefined,
): Fields {
  const changes = diffFields(current, modified, schema, { changes: true, deletions: false }, false);
  const deletions = diffFields(original, modified, schema, { changes: false, deletions: true }, false);
  return mergeFields(deletions, changes, schema, 'combine');
}

function diffFields(
  original: Fields,
  modified: Fields,
  schema: PatchSchema | undefined,
  wanted: Wanted,
  retainsKeys: boolean,
): Mutable {
  const patch: Mutable = {};
  const retained: string[] = [];
  for (const [key, value] of Object.entries(modified)) {
    if (value === undefined) continue;
    if (value !== null) retained.push(key);
    const before = original[key];
    if (before === undefined || goTypeOf(before) !== goTypeOf(value)) {
      if (wanted.changes) patch[key] = value;
    } else if (key === '$patch') {
      if (typeof value !== 'string') throw badRequest('invalid value for special key: $patch');
      if (before !== value) patch[key] = value;
    } else if (isObject(before) && isObject(value)) {
      diffObject(patch, key, before, value, schema, wanted);
    } else if (Array.isArray(before) && Array.isArray(value)) {
      diffList(patch, key, before, value, schema, wanted);
    } else if (wanted.changes && before !== value) {
      patch[key] = value;
    }
  }
  const gone = Object.keys(original).filter(
    (key) => original[key] !== undefined && modified[key] === undefined,
  );
  if (wanted.deletions) for (const key of gone) patch[key] = null;
  const clears = gone.some((key) => original[key] !== null);
  if (retainsKeys && retained.length > 0 && (Object.keys(patch).length > 0 || clears))
    patch['$retainKeys'] = retained.sort();
  return patch;
}

/** The rules of a field; none are needed where the values are equal. */
function fieldFor(
  key: string,
  before: unknown,
  value: unknown,
  schema: PatchSchema | undefined,
): PatchField | undefined {
  return schema?.field(key) === undefined && deepEqual(before, value) ? undefined : patchFieldOf(schema, key);
}

function diffObject(
  patch: Mutable,
  key: string,
  before: Fields,
  value: Fields,
  schema: PatchSchema | undefined,
  wanted: Wanted,
): void {
  const field = fieldFor(key, before, value, schema);
  if (!field) return;
  if (field.strategy === 'replace') {
    if (wanted.changes) patch[key] = value;
    return;
  }
  const inner = diffFields(before, value, field.value, wanted, field.retainKeys ?? false);
  if (Object.keys(inner).length > 0) patch[key] = inner;
}

function diffList(
  patch: Mutable,
  key: string,
  before: List,
  value: List,
  schema: PatchSchema | undefined,
  wanted: Wanted,
): void {
  const field = fieldFor(key, before, value, schema);
  if (!field) return;
  if (field.strategy !== 'merge') {
    if (wanted.changes && !deepEqual(before, value)) patch[key] = value;
    return;
  }
  if (before.length === 0) {
    if (wanted.changes && value.length > 0) patch[key] = value;
    return;
  }
  if (elementKind(before, value) === 'object') diffObjects(patch, key, before, value, field, wanted);
  else diffScalars(patch, key, before, value, wanted);
}

/** A merged list of scalars: what is new in one list, what is gone in another, and the order of all. */
function diffScalars(patch: Mutable, key: string, before: List, value: List, wanted: Wanted): void {
  const added = sortBy(excess(value, before), value, '');
  const deleted = [...new Set(excess(before, value))];
  if (wanted.changes && added.length > 0) patch[key] = added;
  if (wanted.deletions && deleted.length > 0) patch[`$deleteFromPrimitiveList/${key}`] = deleted;
  // Upstream has sorted `before` in place by now, so that any list out of order seems to differ.
  const sorted = before.toSorted((a, b) => compareText(formatGoValue(a), formatGoValue(b)));
  const differs = wanted.changes && !deepEqual(sorted, value);
  if (value.length > 0 && (differs || (wanted.deletions && deleted.length > 0)))
    patch[`$setElementOrder/${key}`] = value;
}

/** The scalars that `list` has more often than `other`, in the order of their text. */
function excess(list: List, other: List): List {
  const left = other.map(formatGoValue);
  const more = list.filter((element) => {
    const at = left.indexOf(formatGoValue(element));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return more.sort((a, b) => compareText(formatGoValue(a), formatGoValue(b)));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A merged list of objects: changed and new elements, deletions as directives, and the order of all. */
function diffObjects(
  patch: Mutable,
  key: string,
  before: List,
  value: List,
  { mergeKey = '', value: schema, retainKeys = false }: PatchField,
  wanted: Wanted,
): void {
  const old = new Map(before.map((element) => [formatGoValue(keyed(element, mergeKey)[mergeKey]), element]));
  const changed: Fields[] = [];
  for (const element of value) {
    const id = keyed(element, mergeKey)[mergeKey];
    const known = old.get(formatGoValue(id)) as Fields | undefined;
    old.delete(formatGoValue(id));
    if (!known) {
      if (wanted.changes) changed.push(element as Fields);
      continue;
    }
    const inner = diffFields(known, element as Fields, schema, wanted, retainKeys);
    if (Object.keys(inner).length > 0) changed.push({ ...inner, [mergeKey]: id });
  }
  const deleted = [...old]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, element]) => ({ [mergeKey]: (element as Fields)[mergeKey], $patch: 'delete' }));
  const list = [...sortBy(changed, value, mergeKey), ...(wanted.deletions ? deleted : [])];
  if (list.length > 0) patch[key] = list;
  const idAt = (elements: List, index: number) => (elements[index] as Fields | undefined)?.[mergeKey];
  const sameOrder =
    before.length === value.length && value.every((_, index) => idAt(before, index) === idAt(value, index));
  if (value.length > 0 && (list.length > 0 || (wanted.changes && !sameOrder)))
    patch[`$setElementOrder/${key}`] = value.map((_, index) => ({ [mergeKey]: idAt(value, index) }));
}
