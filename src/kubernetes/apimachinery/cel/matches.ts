/** What `matches` is called inside: cel-js has one of its own, which runs JavaScript's expressions. */
export const matchesByRe2 = 'matchesByRe2';

/** Puts the linear `matches` in place of cel-js's, everywhere in a syntax tree. True where there was one. */
export function replaceMatches(tree: unknown, seen = new Set<object>()): boolean {
  if (typeof tree !== 'object' || tree === null || seen.has(tree)) return false;
  seen.add(tree);
  let found = false;
  const { op, args } = tree as { op?: unknown; args?: unknown };
  if (op === 'rcall' && Array.isArray(args) && args[0] === 'matches') {
    args[0] = matchesByRe2;
    found = true;
  }
  const isPlain = Array.isArray(tree) || Object.getPrototypeOf(tree) === Object.prototype || op !== undefined;
  if (!isPlain) return found;
  const { meta } = tree as { meta?: { alternate?: unknown; macro?: unknown } };
  const parts = op === undefined ? Object.values(tree) : [args, meta?.alternate, meta?.macro];
  for (const part of parts) found = replaceMatches(part, seen) || found;
  return found;
}
