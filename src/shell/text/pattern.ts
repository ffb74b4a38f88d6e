import { compileNode, literal, type Node, readBracket, Regex, setOf } from '#text/regex.ts';

/** A shell pattern (`*`, `?`, `[…]`, `@(…)`); a backslash takes a character's meaning away. */
export class Pattern {
  readonly #regex: Regex;

  constructor(source: string, options: { ignoreCase?: boolean } = {}) {
    const fold = options.ignoreCase === true;
    this.#regex = new Regex(parseChoice(fold ? source.toLowerCase() : source), { longest: true, fold });
  }

  matches(text: string): boolean {
    return this.#regex.prefix(text)?.end === text.length;
  }

  /** The length of the longest, or shortest, start of `text` that matches; -1 when none does. */
  prefixLength(text: string, longest: boolean): number {
    if (longest) return this.#regex.prefix(text)?.end ?? -1;
    for (let length = 0; length <= text.length; length++)
      if (this.matches(text.slice(0, length))) return length;
    return -1;
  }

  /** Where the longest, or shortest, end of `text` that matches begins; -1 when none does. */
  suffixStart(text: string, longest: boolean): number {
    for (let step = 0; step <= text.length; step++) {
      const start = longest ? step : text.length - step;
      if (this.matches(text.slice(start))) return start;
    }
    return -1;
  }

  /** `text` with the first match, or every one, replaced. */
  replace(text: string, replacement: string, every: boolean): string {
    let result = '';
    let from = 0;
    for (const match of this.#regex.all(text)) {
      if (match.end === match.start) continue;
      result += text.slice(from, match.start) + replacement;
      from = match.end;
      if (!every) break;
    }
    return result + text.slice(from);
  }
}

const compiled = new Map<string, Pattern>();

/** A pattern, compiled once. */
export function patternOf(source: string): Pattern {
  let pattern = compiled.get(source);
  if (pattern === undefined) {
    if (compiled.size > 500) compiled.clear();
    pattern = new Pattern(source);
    compiled.set(source, pattern);
  }
  return pattern;
}

/** True when `source` has a character that is special in a pattern. */
export function isPattern(source: string): boolean {
  return /(^|[^\\])(\\\\)*([*?[]|[@+!]\()/.test(source);
}

/** `text` as a pattern that matches only itself. */
export function escapePattern(text: string): string {
  return text.replace(/[*?[\]\\@+!()|]/g, '\\$&');
}

/** A pattern that has no special character left, as the text it stands for. */
export function unescapePattern(source: string): string {
  return source.replace(/\\(.)/gs, '$1');
}

function parseChoice(source: string): Node {
  const nodes: Node[] = [];
  for (let at = 0; at < source.length;) {
    const character = source[at]!;
    const extended = '?*+@!'.includes(character) && source[at + 1] === '(' ? closing(source, at + 1) : -1;
    if (extended > 0) {
      nodes.push(group(character, alternatives(source.slice(at + 2, extended))));
      at = extended + 1;
      continue;
    }
    const bracket = character === '[' ? readBracket(source, at, '!^') : null;
    if (bracket !== null) {
      nodes.push(setOf(bracket.test));
      at = bracket.end;
      continue;
    }
    if (character === '*')
      nodes.push(
        repeat(
          setOf(() => true),
          0,
          Infinity,
        ),
      );
    else if (character === '?') nodes.push(setOf(() => true));
    else nodes.push(literal(character === '\\' ? (source[++at] ?? '\\') : character));
    at++;
  }
  return { type: 'sequence', nodes };
}

function repeat(node: Node, min: number, max: number): Node {
  return { type: 'repeat', node, min, max, lazy: false };
}

function group(operator: string, choices: readonly string[]): Node {
  const node: Node = { type: 'choice', nodes: choices.map(parseChoice) };
  if (operator === '@') return node;
  if (operator === '?') return repeat(node, 0, 1);
  if (operator === '*') return repeat(node, 0, Infinity);
  if (operator === '+') return repeat(node, 1, Infinity);
  return { type: 'instruction', instruction: { op: 'except', program: compileNode(node) } };
}

/** Where the parenthesis at `open` closes, or -1. */
function closing(source: string, open: number): number {
  let depth = 0;
  for (let at = open; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === '(') depth++;
    else if (source[at] === ')' && --depth === 0) return at;
  }
  return -1;
}

function alternatives(source: string): string[] {
  const parts = [''];
  let depth = 0;
  for (let at = 0; at < source.length; at++) {
    const character = source[at]!;
    if (character === '(') depth++;
    if (character === ')') depth--;
    if (character === '|' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character === '\\' ? character + (source[++at] ?? '') : character;
  }
  return parts;
}
