import { type Instruction, RegexError, type RegexMatch, runProgram, type Subject } from './regexProgram.ts';

export { RegexError };

/** Basic (grep, sed), extended (-E, awk, =~), or Perl's (-P, jq). */
export type RegexSyntax = 'basic' | 'extended' | 'perl';

const instructionsMax = 20_000;
const repeatMax = 1_000;

const classes: Readonly<Record<string, (c: string) => boolean>> = {
  alpha: (c) => c.toLowerCase() !== c.toUpperCase(),
  digit: (c) => c >= '0' && c <= '9',
  alnum: (c) => classes['alpha']!(c) || classes['digit']!(c),
  upper: (c) => c !== c.toLowerCase(),
  lower: (c) => c !== c.toUpperCase(),
  space: (c) => ' \t\n\r\f\v'.includes(c),
  blank: (c) => c === ' ' || c === '\t',
  punct: (c) => c > ' ' && c < '\u007f' && !classes['alnum']!(c),
  print: (c) => c >= ' ' && c !== '\u007f',
  graph: (c) => c > ' ' && c !== '\u007f',
  cntrl: (c) => c < ' ' || c === '\u007f',
  xdigit: (c) => /[0-9a-fA-F]/.test(c),
};
const isWord = (c: string | undefined) => c !== undefined && (c === '_' || classes['alnum']!(c));
const escapes: Readonly<Record<string, (c: string) => boolean>> = {
  d: classes['digit']!,
  w: isWord,
  s: classes['space']!,
};
const controls: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v' };

type Test = (character: string) => boolean;

/** The tree between pattern and program. */
export type Node =
  | { readonly type: 'instruction'; readonly instruction: Instruction }
  | { readonly type: 'sequence'; readonly nodes: readonly Node[] }
  | { readonly type: 'choice'; readonly nodes: readonly Node[] }
  | {
      readonly type: 'repeat';
      readonly node: Node;
      readonly min: number;
      readonly max: number;
      lazy: boolean;
    }
  | { readonly type: 'capture'; readonly node: Node; readonly group: number };

const surrogate = /[\ud800-\udfff]/;

/** A compiled pattern. */
export class Regex {
  readonly #program: readonly Instruction[];
  readonly #longest: boolean;
  readonly #fold: boolean;
  readonly #wide: boolean;
  /** Names of groups, by group number, where the pattern gives any. */
  readonly names: ReadonlyMap<string, number>;

  /** `wide` counts characters as Unicode does, positions of matches too. */
  constructor(
    node: Node,
    options: { longest: boolean; fold: boolean; wide?: boolean; names?: ReadonlyMap<string, number> },
  ) {
    this.#program = emit(node);
    this.#longest = options.longest;
    this.#fold = options.fold;
    this.#wide = options.wide === true;
    this.names = options.names ?? new Map();
  }

  /** The leftmost match at or after `from`. */
  exec(text: string, from = 0): RegexMatch | null {
    return this.#run(text, from, false);
  }

  /** The match that begins at the very start. */
  prefix(text: string): RegexMatch | null {
    return this.#run(text, 0, true);
  }

  test(text: string): boolean {
    return this.exec(text) !== null;
  }

  /** Every match, none overlapping, each empty one followed by a step. */
  *all(text: string): Generator<RegexMatch> {
    let last = -1;
    for (let from = 0; from <= text.length;) {
      const match = this.exec(text, from);
      if (match === null) return;
      // An empty match right behind a match is none.
      if (match.end > match.start || match.start !== last) yield match;
      last = match.end;
      from = match.end > match.start ? match.end : match.end + 1;
    }
  }

  #run(text: string, from: number, anchored: boolean): RegexMatch | null {
    if (this.#wide && surrogate.test(text))
      return runProgram(this.#program, Array.from(text), from, { longest: this.#longest, anchored });
    const folded = this.#fold ? text.toLowerCase() : text;
    const same = folded.length === text.length ? folded : text;
    return runProgram(this.#program, same, from, { longest: this.#longest, anchored, shown: text });
  }
}

/** Compiles a regular expression. Throws RegexError. */
export function compileRegex(
  source: string,
  syntax: RegexSyntax = 'extended',
  options: { ignoreCase?: boolean } = {},
): Regex {
  const parser = new Parser(source, syntax, options.ignoreCase === true);
  const node = parser.parse();
  return new Regex(node, {
    longest: syntax !== 'perl',
    fold: options.ignoreCase === true,
    names: parser.names,
  });
}

/** A node that matches one character. */
export function setOf(test: Test): Node {
  return { type: 'instruction', instruction: { op: 'set', test } };
}

/** A node that matches this very text. */
export function literal(text: string): Node {
  return {
    type: 'sequence',
    nodes: text
      .split('')
      .map((character) => ({ type: 'instruction', instruction: { op: 'character', character } })),
  };
}

/**
 * Reads a bracket expression whose `[` is at `at`: its test, and where it ends. Null when it is not closed.
 */
export function readBracket(
  source: string,
  at: number,
  negations = '^',
): { readonly test: Test; readonly end: number } | null {
  let position = at + 1;
  const negated = negations.includes(source[position] ?? ' ');
  if (negated) position++;
  const tests: Test[] = [];
  for (let first = true; ; first = false) {
    const character = source[position];
    if (character === undefined) return null;
    if (character === ']' && !first) break;
    if (character === '[' && source[position + 1] === ':') {
      const end = source.indexOf(':]', position);
      const name = end < 0 ? '' : source.slice(position + 2, end);
      const test = classes[name];
      if (test === undefined) throw new RegexError('Invalid character class name');
      tests.push(test);
      position = end + 2;
      continue;
    }
    if (character === '\\' && escapes[source[position + 1] ?? ''] !== undefined) {
      tests.push(escapes[source[position + 1]!]!);
      position += 2;
      continue;
    }
    let low = character;
    if (
      character === '\\' &&
      (']\\-[^/.'.includes(source[position + 1] ?? ' ') || controls[source[position + 1]!])
    ) {
      low = controls[source[++position]!] ?? source[position]!;
    }
    position++;
    if (source[position] === '-' && source[position + 1] !== undefined && source[position + 1] !== ']') {
      const high = source[position + 1]!;
      if (high < low) throw new RegexError('Invalid range end');
      tests.push((c) => c >= low && c <= high);
      position += 2;
    } else tests.push((c) => c === low);
  }
  const any = (c: string) => tests.some((test) => test(c));
  return { test: negated ? (c) => !any(c) : any, end: position + 1 };
}

class Parser {
  readonly names = new Map<string, number>();
  readonly #source: string;
  readonly #syntax: RegexSyntax;
  readonly #fold: boolean;
  #at = 0;
  #groups = 0;
  #depth = 0;

  constructor(source: string, syntax: RegexSyntax, fold: boolean) {
    this.#source = source;
    this.#syntax = syntax;
    this.#fold = fold;
  }

  parse(): Node {
    const node = this.#choice();
    if (this.#at < this.#source.length) throw new RegexError('Unmatched ) or \\)');
    return node;
  }

  /** True, and past it, when an operator stands here: `\|` in basic syntax, `|` in the others. */
  #operator(operator: string): boolean {
    const written = this.#syntax === 'basic' ? `\\${operator}` : operator;
    if (!this.#source.startsWith(written, this.#at)) return false;
    this.#at += written.length;
    return true;
  }

  #sees(operator: string): boolean {
    return this.#source.startsWith(this.#syntax === 'basic' ? `\\${operator}` : operator, this.#at);
  }

  #choice(): Node {
    const nodes = [this.#sequence()];
    while (this.#operator('|')) nodes.push(this.#sequence());
    return nodes.length === 1 ? nodes[0]! : { type: 'choice', nodes };
  }

  #sequence(): Node {
    const nodes: Node[] = [];
    while (this.#at < this.#source.length && !this.#sees('|')) {
      if (this.#sees(')') && (this.#depth > 0 || this.#syntax === 'basic')) break;
      const atom = this.#atom(nodes.length === 0);
      nodes.push(this.#repeats(atom));
    }
    return { type: 'sequence', nodes };
  }

  #repeats(atom: Node): Node {
    let node = atom;
    for (;;) {
      let min: number;
      let max: number;
      if (this.#source[this.#at] === '*') {
        this.#at++;
        [min, max] = [0, Infinity];
      } else if (this.#operator('+')) [min, max] = [1, Infinity];
      else if (this.#operator('?')) [min, max] = [0, 1];
      else {
        const interval = this.#interval();
        if (interval === null) return node;
        [min, max] = interval;
      }
      let lazy = false;
      if (this.#syntax === 'perl' && this.#source[this.#at] === '?') {
        this.#at++;
        lazy = true;
      }
      node = { type: 'repeat', node, min, max, lazy };
    }
  }

  #interval(): [number, number] | null {
    const basic = this.#syntax === 'basic';
    const match = (basic ? /^\\\{(\d*)(,?)(\d*)\\\}/ : /^\{(\d*)(,?)(\d*)\}/).exec(
      this.#source.slice(this.#at, this.#at + 20),
    );
    if (match === null || (match[1] === '' && match[2] === '')) {
      if (basic && this.#sees('{')) throw new RegexError('Unmatched \\{');
      return null;
    }
    this.#at += match[0].length;
    const min = Number(match[1]);
    const max = match[2] === '' ? min : match[3] === '' ? Infinity : Number(match[3]);
    if (max < min) throw new RegexError('Invalid content of \\{\\}');
    if (min > repeatMax || (max > repeatMax && max !== Infinity)) {
      throw new RegexError('Regular expression too big');
    }
    return [min, max];
  }

  #atom(first: boolean): Node {
    if (this.#operator('(')) return this.#group();
    const character = this.#source[this.#at++]!;
    const basic = this.#syntax === 'basic';
    if (character === '\\') return this.#escape();
    if (character === '.') return setOf((c) => c !== '\n');
    if (character === '[') {
      const bracket = readBracket(this.#source, this.#at - 1);
      if (bracket === null) throw new RegexError('Unmatched [, [^, [:, [., or [=');
      this.#at = bracket.end;
      if (!this.#fold) return setOf(bracket.test);
      return setOf((c) => bracket.test(c) || bracket.test(c.toUpperCase()));
    }
    // In basic syntax the anchors are anchors only where they can be.
    if (character === '^' && (!basic || first)) return assertion((_, at) => at === 0);
    if (
      character === '$' &&
      (!basic || this.#at >= this.#source.length || this.#sees(')') || this.#sees('|'))
    ) {
      return assertion((text, at) => at === text.length);
    }
    if (!basic && '*+?'.includes(character)) {
      if (this.#syntax === 'perl') throw new RegexError('quantifier does not follow a repeatable item');
      if (!first) throw new RegexError('Invalid preceding regular expression');
    }
    return this.#character(character);
  }

  #character(character: string): Node {
    return literal(this.#fold ? character.toLowerCase() : character);
  }

  #group(): Node {
    let group = 0;
    if (this.#syntax === 'perl' && this.#source.startsWith('?:', this.#at)) this.#at += 2;
    else group = ++this.#groups;
    const name = this.#syntax === 'perl' ? /^\?P?<(\w+)>/.exec(this.#source.slice(this.#at)) : null;
    if (name !== null) {
      this.names.set(name[1]!, group);
      this.#at += name[0].length;
    }
    this.#depth++;
    const node = this.#choice();
    this.#depth--;
    if (!this.#operator(')')) throw new RegexError('Unmatched ( or \\(');
    return group === 0 ? node : { type: 'capture', node, group };
  }

  #escape(): Node {
    const character = this.#source[this.#at++];
    if (character === undefined) throw new RegexError('Trailing backslash');
    const test = escapes[character.toLowerCase()];
    if (test !== undefined) return setOf(character < 'a' ? (c) => !test(c) : test);
    if (character >= '1' && character <= '9') {
      if (Number(character) > this.#groups) throw new RegexError('Invalid back reference');
      return { type: 'instruction', instruction: { op: 'group', group: Number(character) } };
    }
    const boundary = (text: Subject, at: number) => isWord(text[at - 1]) !== isWord(text[at]);
    if (character === 'b') return assertion(boundary);
    if (character === 'B') return assertion((text, at) => !boundary(text, at));
    if (character === '<') return assertion((text, at) => boundary(text, at) && isWord(text[at]));
    if (character === '>') return assertion((text, at) => boundary(text, at) && isWord(text[at - 1]));
    return this.#character(controls[character] ?? character);
  }
}

/** A node that matches no character, where something holds. */
export function assertion(holds: (text: Subject, at: number) => boolean): Node {
  return { type: 'instruction', instruction: { op: 'assert', holds } };
}

function emit(root: Node): Instruction[] {
  const program: Instruction[] = [{ op: 'save', slot: 0 }];
  const add = (instruction: Instruction) => {
    if (program.length >= instructionsMax) throw new RegexError('Regular expression too big');
    return program.push(instruction) - 1;
  };
  const split = (address: number, body: number, after: number, lazy: boolean) => {
    program[address] = { op: 'split', first: lazy ? after : body, second: lazy ? body : after };
  };
  const visit = (node: Node): void => {
    switch (node.type) {
      case 'instruction':
        add(node.instruction);
        return;
      case 'sequence':
        node.nodes.forEach(visit);
        return;
      case 'capture':
        add({ op: 'save', slot: node.group * 2 });
        visit(node.node);
        add({ op: 'save', slot: node.group * 2 + 1 });
        return;
      case 'choice': {
        const jumps: number[] = [];
        node.nodes.forEach((choice, index) => {
          if (index === node.nodes.length - 1) return visit(choice);
          const at = add({ op: 'match' });
          visit(choice);
          jumps.push(add({ op: 'match' }));
          program[at] = { op: 'split', first: at + 1, second: program.length };
        });
        for (const at of jumps) program[at] = { op: 'jump', to: program.length };
        return;
      }
      case 'repeat': {
        for (let count = 0; count < node.min; count++) visit(node.node);
        if (node.max === Infinity) {
          const at = add({ op: 'match' });
          visit(node.node);
          add({ op: 'jump', to: at });
          split(at, at + 1, program.length, node.lazy);
          return;
        }
        const splits: number[] = [];
        for (let count = node.min; count < node.max; count++) {
          splits.push(add({ op: 'match' }));
          visit(node.node);
        }
        for (const at of splits) split(at, at + 1, program.length, node.lazy);
      }
    }
  };
  visit(root);
  add({ op: 'save', slot: 1 });
  add({ op: 'match' });
  return program;
}

/** Compiles a tree as a program of its own, for `!(…)`. */
export function compileNode(node: Node): Instruction[] {
  return emit(node);
}
