/** Kinds that a real cluster serves and this one does not yet: plural, kind, short names. */
const kinds: readonly (readonly [plural: string, kind: string, ...short: string[]])[] = [
];

/**
 * Beyond kubectl: a line that says so when a type is missing here only because nothing simulates it, so that
 * nobody looks for a mistake of theirs. Empty for a type that no cluster has. Takes a plural, a short name or a
 * kind.
 */
export function unsimulatedHint(type: string): string {
  const name = type.toLowerCase();
  const found = kinds.find(
    ([plural, kind, ...short]) => name === plural || name === kind.toLowerCase() || short.includes(name),
  );
  return found === undefined ? '' : `\nhint: Podarium does not simulate ${found[1]} yet`;
}
