type Fields = { readonly [key: string]: unknown };

/**
 * Whether two JSON values say the same. A field that is undefined counts as absent; the order of fields
 * does not matter, the order of list elements does.
 */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) {
      if (a[i] !== b[i] && !deepEqual(a[i], b[i])) return false;
    }
    return true;
  }
  if (Array.isArray(b)) return false;
  const left = a as Fields;
  const right = b as Fields;
  let unmatched = 0;
  for (const key in left) {
    const value = left[key];
    if (value === undefined) continue;
    if (value !== right[key] && !deepEqual(value, right[key])) return false;
    unmatched++;
  }
  for (const key in right) if (right[key] !== undefined) unmatched--;
  return unmatched === 0;
}

/**
 * `next`, with every subtree that equals the one at the same place in `old` replaced by the old one's
 * identity; `old` itself where all is equal. Allocates nothing where nothing differs. This keeps a thousand
 * revisions of an object small (D4): each write calls it.
 */
export function share<T>(next: T, old: unknown): T {
  if (next === old) return next;
  if (typeof next !== 'object' || typeof old !== 'object' || next === null || old === null) return next;
  if (Array.isArray(next)) {
    return (Array.isArray(old) ? shareList(next, old) : next) as T;
  }
  return Array.isArray(old) ? next : (shareFields(next as Fields, old as Fields) as T);
}

function shareList(next: readonly unknown[], old: readonly unknown[]): readonly unknown[] {
  // While `equal` holds, every element so far equals the old one, so the copy can still be cut from `old`.
  let equal = true;
  let reused = false;
  let copy: unknown[] | undefined;
  for (let i = 0; i < next.length; i++) {
    const value = next[i];
    const before = old[i];
    const shared = value === before ? value : share(value, before);
    if (equal) {
      if (i < old.length && shared === before) {
        if (shared !== value) reused = true;
        continue;
      }
      equal = false;
      if (reused) copy = [...old.slice(0, i), ...next.slice(i)];
    }
    if (shared !== value) (copy ??= next.slice())[i] = shared;
  }
  if (!equal) return copy ?? next;
  if (next.length === old.length) return old;
  return reused ? old.slice(0, next.length) : next;
}

function shareFields(next: Fields, old: Fields): Fields {
  let equal = true;
  let reused = false;
  let count = 0;
  let copy: { [key: string]: unknown } | undefined;
  for (const key in next) {
    const value = next[key];
    if (value === undefined) continue;
    const before = old[key];
    const shared = value === before ? value : share(value, before);
    if (equal) {
      if (shared === before) {
        if (shared !== value) reused = true;
        count++;
        continue;
      }
      equal = false;
      if (reused) copy = { ...next, ...firstFields(next, old, key) };
    }
    if (shared !== value) (copy ??= { ...next })[key] = shared;
  }
  if (!equal) return copy ?? next;
  for (const key in old) if (old[key] !== undefined) count--;
  if (count === 0) return old;
  return reused ? { ...next, ...firstFields(next, old) } : next;
}

/** The old values of the fields that stand in `next` before `end`. */
function firstFields(next: Fields, old: Fields, end?: string): Fields {
  const fields: { [key: string]: unknown } = {};
  for (const key in next) {
    if (key === end) break;
    if (next[key] !== undefined) fields[key] = old[key];
  }
  return fields;
}
