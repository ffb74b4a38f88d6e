/** Past so many entries a table of shared values starts anew. */
const sharedMax = 1024;
const conditions = new Map<string, unknown>();
const lists = new Map<string, unknown>();

/**
 * One list of conditions, and one object for each, for all pods of which they hold since the same seconds (D4). It
 * only saves room: it says what `list` says.
 */
export function sharedConditions<T>(list: readonly T[]): readonly T[] {
  const key = JSON.stringify(list);
  const known = lists.get(key);
  if (known !== undefined) return known as readonly T[];
  return sharedIn(
    lists,
    key,
    list.map((condition) => sharedIn(conditions, JSON.stringify(condition), condition)),
  );
}

function sharedIn<T>(table: Map<string, unknown>, key: string, value: T): T {
  const known = table.get(key);
  if (known !== undefined) return known as T;
  if (table.size >= sharedMax) table.clear();
  table.set(key, value);
  return value;
}
