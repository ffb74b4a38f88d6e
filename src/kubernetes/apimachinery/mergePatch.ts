// RFC 7386. Upstream: evanphx/json-patch MergePatch
type JsonObject = { readonly [key: string]: unknown };

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `target` with `patch` merged in: nulls remove, lists replace. What does not change keeps its identity. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const base = isObject(target) ? target : {};
  let result: Record<string, unknown> | null = isObject(target) ? null : {};
  for (const [key, value] of Object.entries(patch)) {
    const before = base[key];
    if (value === null) {
      if (!(key in base)) continue;
      result ??= { ...base };
      delete result[key];
      continue;
    }
    const after = applyMergePatch(before, value);
    if (after === before && key in base) continue;
    result ??= { ...base };
    result[key] = after;
  }
  return result ?? target;
}
