// Upstream: Go's regexp/syntax/parse.go with its Perl flags
import { type CharacterTest, digit, posixClass, space, unicodeClass, wordCharacter } from './re2Classes.ts';
import { assertion, type Node, Regex, RegexError, setOf } from './regex.ts';

const repeatMax = 1_000;
const depthMax = 1_000;

/** Compiles one of Go's regular expressions. Throws RegexError in Go's words. */
export function compileRe2(source: string): Regex {
  const parser = new Parser(source);
  const node = parser.parse();
  return new Regex(node, { longest: false, fold: false, wide: true, names: parser.names });
}

interface Flags {
  readonly fold: boolean;
  readonly lines: boolean;
  readonly dotAll: boolean;
  readonly ungreedy: boolean;
}

const flagNames: Readonly<Record<string, keyof Flags>> = {
  i: 'fold',
  m: 'lines',
  s: 'dotAll',
  U: 'ungreedy',
};
const controls: Readonly<Record<string, string>> = {
  a: '\u0007',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const startOfText = assertion((_, at) => at === 0);
const endOfText = assertion((text, at) => at === text.length);
const startOfLine = assertion((text, at) => at === 0 || text[at - 1] === '\n');
const endOfLine = assertion((text, at) => at === text.length || text[at] === '\n');
const isWordAt = (character: string | undefined) => character !== undefined && wordCharacter(character);
const wordBoundary = assertion((text, at) => isWordAt(text[at - 1]) !== isWordAt(text[at]));
const noWordBoundary = assertion((text, at) => isWordAt(text[at - 1]) === isWordAt(text[at]));
const nothing: Node = { type: 'sequence', nodes: [] };

class Parser {
  readonly names = new Map<string, number>();
  readonly #source: readonly string[];
  #flags: Flags = { fold: false, lines: false, dotAll: false, ungreedy: false };
  #at = 0;
  #groups = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = Array.from(source);
  }

  parse(): Node {
    const node = this.#choice();
    if (this.#at < this.#source.length) throw this.#error('unexpected )', 0, this.#source.length);
    return node;
  }

  #error(what: string, from: number, to = this.#at): RegexError {
    return new RegexError(`error parsing regexp: ${what}: \`${this.#source.slice(from, to).join('')}\``);
  }

  #sees(text: string): boolean {
    for (let i = 0; i < text.length; i++) if (this.#source[this.#at + i] !== text[i]) return false;
    return true;
  }

  #takes(text: string): boolean {
    if (!this.#sees(text)) return false;
    this.#at += text.length;
    return true;
  }

  #choice(): Node {
    const nodes = [this.#sequence()];
    while (this.#takes('|')) nodes.push(this.#sequence());
    return nodes.length === 1 ? nodes[0]! : { type: 'choice', nodes };
  }

  #sequence(): Node {
    const nodes: Node[] = [];
    while (this.#at < this.#source.length && !this.#sees('|') && !this.#sees(')')) {
      const from = this.#at;
      if (this.#repetition() !== null) throw this.#error('missing argument to repetition operator', from);
      const atom = this.#atom();
      // A group of flags alone is nothing that could be repeated.
      if (atom !== null) nodes.push(...this.#repeated(atom));
    }
    return { type: 'sequence', nodes };
  }

  /** The last of the atoms with what repeats it. */
  #repeated(atoms: readonly Node[]): readonly Node[] {
    const last = atoms.at(-1);
    const from = this.#at;
    const times = last === undefined ? null : this.#repetition();
    if (last === undefined || times === null) return atoms;
    const lazy = this.#takes('?') !== this.#flags.ungreedy;
    if (this.#repetition() !== null) {
      this.#takes('?');
      throw this.#error('invalid nested repetition operator', from);
    }
    const [min, max] = times;
    return [...atoms.slice(0, -1), { type: 'repeat', node: last, min, max, lazy }];
  }

  /** `*`, `+`, `?` or `{2,3}`: how often, and past it; null where none stands. */
  #repetition(): readonly [min: number, max: number] | null {
    if (this.#takes('*')) return [0, Infinity];
    if (this.#takes('+')) return [1, Infinity];
    if (this.#takes('?')) return [0, 1];
    const counted = this.#sees('{') ? this.#source.slice(this.#at, this.#at + 24).join('') : '';
    const [all, low, comma, high] = /^\{(0|[1-9]\d*)(?:(,)(0|[1-9]\d*)?)?\}/.exec(counted) ?? [];
    if (all === undefined) return null;
    const from = this.#at;
    this.#at += all.length;
    const min = Number(low);
    const max = comma === undefined ? min : high === undefined ? Infinity : Number(high);
    if (min > repeatMax || max < min || (max > repeatMax && max !== Infinity))
      throw this.#error('invalid repeat count', from);
    return [min, max];
  }

  /** One thing that may be repeated; of a quoted text, its characters. Null for flags alone. */
  #atom(): readonly Node[] | null {
    const from = this.#at;
    const character = this.#source[this.#at++]!;
    switch (character) {
      case '(':
        return this.#group(from);
      case '[':
        return [setOf(this.#class(from))];
      case '.':
        return [setOf(this.#flags.dotAll ? () => true : (c) => c !== '\n')];
      case '^':
        return [this.#flags.lines ? startOfLine : startOfText];
      case '$':
        return [this.#flags.lines ? endOfLine : endOfText];
      case '\\':
        return this.#backslash(from);
      default:
        return [this.#character(character)];
    }
  }

  #character(character: string): Node {
    if (this.#flags.fold && character.toLowerCase() !== character.toUpperCase())
      return setOf((c) => c.toLowerCase() === character.toLowerCase());
    return { type: 'instruction', instruction: { op: 'character', character } };
  }

  #group(from: number): readonly Node[] | null {
    const outer = this.#flags;
    let group = 0;
    if (this.#takes('?')) {
      if (this.#takes('P<') || this.#takes('<')) group = this.#named(from);
      else if (!this.#readFlags(from)) return null;
    } else group = ++this.#groups;
    if (++this.#depth > depthMax) throw this.#error('expression nests too deeply', 0, this.#source.length);
    const node = this.#choice();
    this.#depth--;
    if (!this.#takes(')')) throw this.#error('missing closing )', 0, this.#source.length);
    this.#flags = outer;
    return [group === 0 ? node : { type: 'capture', node, group }];
  }

  #named(from: number): number {
    const end = this.#source.indexOf('>', this.#at);
    const name = end < 0 ? '' : this.#source.slice(this.#at, end).join('');
    this.#at = end < 0 ? this.#source.length : end + 1;
    if (!/^\w+$/.test(name)) throw this.#error('invalid named capture', from);
    if (this.names.has(name)) throw this.#error('duplicate capture group name', from);
    this.names.set(name, ++this.#groups);
    return this.#groups;
  }

  /** Reads `i-s:` or `i)`; true when a group follows, false when the flags are for what comes behind. */
  #readFlags(from: number): boolean {
    let flags = this.#flags;
    let value = true;
    for (let isBare = true; ; isBare = false) {
      const character = this.#source[this.#at++];
      const name = flagNames[character ?? ''];
      if (name !== undefined) flags = { ...flags, [name]: value };
      else if (character === '-' && value) value = false;
      else if ((character === ':' || character === ')') && (value || !isBare)) {
        this.#flags = flags;
        return character === ':';
      } else throw this.#error('invalid or unsupported Perl syntax', from);
    }
  }

  #backslash(from: number): readonly Node[] {
    if (this.#takes('A')) return [startOfText];
    if (this.#takes('z')) return [endOfText];
    if (this.#takes('b')) return [wordBoundary];
    if (this.#takes('B')) return [noWordBoundary];
    if (this.#takes('Q')) return this.#quoted();
    const test = this.#escapedClass(from);
    return [test === null ? this.#character(this.#escaped(from)) : setOf(this.#folded(test))];
  }

  /** `\Q…\E`. */
  #quoted(): readonly Node[] {
    const nodes: Node[] = [];
    while (this.#at < this.#source.length && !this.#takes('\\E'))
      nodes.push(this.#character(this.#source[this.#at++]!));
    return nodes.length === 0 ? [nothing] : nodes;
  }

  /** `\d`, `\pL` and the like, behind their backslash; null where something else stands. */
  #escapedClass(from: number): CharacterTest | null {
    const letter = this.#source[this.#at] ?? '';
    const test = { d: digit, s: space, w: wordCharacter }[letter.toLowerCase()];
    if (test !== undefined) {
      this.#at++;
      return letter < 'a' ? (c) => !test(c) : test;
    }
    if (letter !== 'p' && letter !== 'P') return null;
    this.#at++;
    let name = this.#source[this.#at++] ?? '';
    if (name === '{') {
      const end = this.#source.indexOf('}', this.#at);
      if (end < 0) throw this.#error('invalid character class range', from, this.#source.length);
      name = this.#source.slice(this.#at, end).join('');
      this.#at = end + 1;
    }
    const isNot = name.startsWith('^');
    const named = unicodeClass(isNot ? name.slice(1) : name);
    if (named === null) throw this.#error('invalid character class range', from);
    return isNot === (letter === 'p') ? (c) => !named(c) : named;
  }

  /** The one character that an escape stands for, behind its backslash. */
  #escaped(from: number): string {
    const letter = this.#source[this.#at++];
    if (letter === undefined) throw this.#error('trailing backslash at end of expression', 0, 0);
    if (controls[letter] !== undefined) return controls[letter];
    const rest = this.#source.slice(this.#at - 1, this.#at + 12).join('');
    const octal = /^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest)?.[0];
    const [hex, wide, plain] = /^x(?:\{([\da-fA-F]+)\}|([\da-fA-F]{2}))/.exec(rest) ?? [];
    const code = octal !== undefined ? Number.parseInt(octal, 8) : Number.parseInt(wide ?? plain ?? '', 16);
    if (code <= 0x10_ffff) {
      this.#at += (octal ?? hex)!.length - 1;
      return String.fromCodePoint(code);
    }
    if (letter > '\u007f' || /\w/.test(letter)) throw this.#error('invalid escape sequence', from);
    return letter;
  }

  /** A bracket expression, behind its `[`. */
  #class(from: number): CharacterTest {
    const isNot = this.#takes('^');
    const tests: CharacterTest[] = [];
    for (let first = true; first || !this.#sees(']'); first = false) tests.push(this.#classItem(from));
    this.#at++;
    const any = this.#folded((c) => tests.some((test) => test(c)));
    return isNot ? (c) => !any(c) : any;
  }

  #classItem(from: number): CharacterTest {
    const itemFrom = this.#at;
    const [posix, not, name] =
      /^\[:(\^?)(\w+):\]/.exec(this.#source.slice(itemFrom, itemFrom + 14).join('')) ?? [];
    if (posix !== undefined) {
      this.#at += posix.length;
      const test = posixClass(name!);
      if (test === null) throw this.#error('invalid character class range', itemFrom);
      return not === '' ? test : (c) => !test(c);
    }
    if (this.#takes('\\')) {
      const test = this.#escapedClass(itemFrom);
      if (test !== null) return test;
      this.#at--;
    }
    const low = this.#classCharacter(from);
    if (!this.#sees('-') || this.#source[this.#at + 1] === ']') return (c) => c === low;
    this.#at++;
    const high = this.#classCharacter(from);
    const [lowest, highest] = [low.codePointAt(0)!, high.codePointAt(0)!];
    if (highest < lowest) throw this.#error('invalid character class range', itemFrom);
    return (c) => {
      const code = c.codePointAt(0)!;
      return code >= lowest && code <= highest;
    };
  }

  #classCharacter(from: number): string {
    const at = this.#at;
    const character = this.#source[this.#at++];
    if (character === undefined) throw this.#error('missing closing ]', from);
    return character === '\\' ? this.#escaped(at) : character;
  }

  #folded(test: CharacterTest): CharacterTest {
    return this.#flags.fold ? (c) => test(c) || test(c.toLowerCase()) || test(c.toUpperCase()) : test;
  }
}
