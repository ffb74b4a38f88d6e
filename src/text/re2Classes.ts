// Upstream: Go's regexp/syntax/perl_groups.go

export type CharacterTest = (character: string) => boolean;

export const digit: CharacterTest = (c) => c >= '0' && c <= '9';
/** Perl's `\s`, to which a vertical tab does not belong. */
export const space: CharacterTest = (c) => '\t\n\f\r '.includes(c);
const lower: CharacterTest = (c) => c >= 'a' && c <= 'z';
const upper: CharacterTest = (c) => c >= 'A' && c <= 'Z';
const alpha: CharacterTest = (c) => lower(c) || upper(c);
const graph: CharacterTest = (c) => c >= '!' && c <= '~';
export const wordCharacter: CharacterTest = (c) => alpha(c) || digit(c) || c === '_';

/** Of ASCII alone, as Go has them. */
const posixClasses: Readonly<Record<string, CharacterTest>> = {
  alnum: (c) => alpha(c) || digit(c),
  alpha,
  ascii: (c) => c <= '\u007f',
  blank: (c) => c === '\t' || c === ' ',
  cntrl: (c) => c <= '\u001f' || c === '\u007f',
  digit,
  graph,
  lower,
  print: (c) => c === ' ' || graph(c),
  punct: (c) => graph(c) && !alpha(c) && !digit(c),
  space: (c) => space(c) || c === '\v',
  upper,
  word: wordCharacter,
  xdigit: (c) => digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'),
};

export function posixClass(name: string): CharacterTest | null {
  return Object.hasOwn(posixClasses, name) ? posixClasses[name]! : null;
}

/** A category such as `Lu`, a script such as `Greek`, or `Any`; null for what Unicode does not know. */
export function unicodeClass(name: string): CharacterTest | null {
  if (name === 'Any') return () => true;
  if (!/^\w+$/.test(name)) return null;
  try {
    const property = name.length <= 2 ? name : `Script=${name}`;
    const one = new RegExp(`^\\p{${property}}$`, 'u');
    return (c) => one.test(c);
  } catch {
    return null;
  }
}
