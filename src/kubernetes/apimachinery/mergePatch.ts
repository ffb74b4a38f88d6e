// RFC 7386. Upstream: gopkg.in/evanphx/json-patch.v4 and apimachinery/pkg/util/jsonmergepatch
import { isObject } from './goValue.ts';
import { deepEqual } from './structure.ts';

type Fields = { readonly [key: string]: unknown };

/**
 * `target` with `patch` merged in: null removes a field, a list replaces the whole list. What does not change
 * keeps its identity; `target` itself comes back where nothing changes.
 */
export function applyMergePatch<T>(target: T, patch: unknown): T {
  return merge(target, patch) as T;
}

function merge(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return deepEqual(target, patch) ? target : withoutNulls(patch);
  if (!isObject(target)) return withoutNulls(patch);
  let result: { [key: string]: unknown } | undefined;
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    const before = Object.hasOwn(target, key) ? target[key] : undefined;
    if (value === null) {
      if (before !== undefined) delete (result ??= { ...target })[key];
      continue;
    }
    const after = before === undefined ? withoutNulls(value) : merge(before, value);
    if (after !== before) (result ??= { ...target })[key] = after;
  }
  return result ?? target;
}

/** A value that is new to the target. Upstream drops nulls from objects in lists, too, unlike the RFC. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) {
    const list = value.map(withoutNulls);
    return list.every((element, index) => element === value[index]) ? value : list;
  }
  if (!isObject(value)) return value;
  let result: { [key: string]: unknown } | undefined;
  for (const [key, field] of Object.entries(value)) {
    const kept = withoutNulls(field);
    if (field === null) delete (result ??= { ...value })[key];
    else if (kept !== field) (result ??= { ...value })[key] = kept;
  }
  return result ?? value;
}

/** The merge patch that makes `modified` of `original`; `{}` where they are equal. */
export function createMergePatch(original: Fields, modified: Fields): Fields {
  const patch: { [key: string]: unknown } = {};
  for (const [key, value] of Object.entries(modified)) {
    if (value === undefined) continue;
    const before = Object.hasOwn(original, key) ? original[key] : undefined;
    if (before === undefined || !isObject(before) || !isObject(value)) {
      if (before === undefined || !deepEqual(before, value)) patch[key] = value;
      continue;
    }
    const inner = createMergePatch(before, value);
    if (Object.keys(inner).length > 0) patch[key] = inner;
  }
  for (const key of Object.keys(original)) if (modified[key] === undefined) patch[key] = null;
  return patch;
}

/**
 * What `kubectl apply` sends for kinds without a schema: what `modified` adds or changes against `current`,
 * and the removal of what `original` (the last applied configuration) has and `modified` has not.
 */
export function createThreeWayMergePatch(original: Fields, modified: Fields, current: Fields): Fields {
  const additions = keepNulls(createMergePatch(current, modified), false);
  const deletions = keepNulls(createMergePatch(original, modified), true);
  return merge(deletions, additions) as Fields;
}

/** Only the deletions of a patch, or all but them. */
function keepNulls(patch: Fields, keep: boolean): Fields {
  const result: { [key: string]: unknown } = {};
  for (const [key, value] of Object.entries(patch)) {
    if (isObject(value) && Object.keys(value).length > 0) {
      const inner = keepNulls(value, keep);
      // An empty object that is left over is an empty patch; one that was given is a value.
      if (Object.keys(inner).length > 0) result[key] = inner;
    } else if ((value === null) === keep) result[key] = value;
  }
  return result;
}
