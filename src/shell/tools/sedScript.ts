import { compileRegex, type Regex, RegexError, type RegexSyntax } from '#text/regex.ts';
import { ToolError } from './tool.ts';

export type SedAddress =
  | { readonly type: 'number'; readonly line: number }
  | { readonly type: 'last' }
  | { readonly type: 'step'; readonly line: number; readonly step: number }
  | { readonly type: 'offset'; readonly line: number }
  | { readonly type: 'regex'; readonly regex: Regex | null };

export interface SedCommand {
  readonly name: string;
  readonly addresses: readonly SedAddress[];
  readonly negated: boolean;
  /** The text of `a`, `i`, `c`; the label of `b`, `t`, `:`; the exit code of `q`; the first set of `y`. */
  readonly text: string;
  readonly regex: Regex | null;
  readonly replacement: string;
  readonly occurrence: number;
  readonly everywhere: boolean;
  readonly prints: boolean;
  /** The index of the command to jump to: a label's, a block's end, or past the last. */
  target: number;
}

/** Parses a sed script. Throws ToolError in GNU sed's words. */
export function parseSed(source: string, syntax: RegexSyntax): SedCommand[] {
  const commands = new SedParser(source, syntax).parse();
  for (const command of commands) {
    if (!['b', 't', 'T'].includes(command.name)) continue;
    if (command.text === '') command.target = commands.length;
    else {
      command.target = commands.findIndex((other) => other.name === ':' && other.text === command.text);
      if (command.target < 0)
        throw new ToolError(
          `-e expression #1, char ${source.length}: can't find label for jump to \`${command.text}'`,
        );
    }
  }
  return commands;
}

class SedParser {
  readonly #source: string;
  readonly #syntax: RegexSyntax;
  readonly #commands: SedCommand[] = [];
  #at = 0;

  constructor(source: string, syntax: RegexSyntax) {
    this.#source = source;
    this.#syntax = syntax;
  }

  parse(): SedCommand[] {
    const blocks: SedCommand[] = [];
    for (;;) {
      this.#skip(/[\s;]/);
      if (this.#at >= this.#source.length) break;
      if (this.#source[this.#at] === '#') {
        while (this.#at < this.#source.length && this.#source[this.#at] !== '\n') this.#at++;
        continue;
      }
      const command = this.#command();
      this.#commands.push(command);
      if (command.name === '{') blocks.push(command);
      if (command.name === '}') {
        const open = blocks.pop();
        if (open === undefined) throw this.#error("unexpected `}'");
        open.target = this.#commands.length - 1;
      }
    }
    if (blocks.length > 0) throw this.#error("unmatched `{'", 0);
    return this.#commands;
  }

  #error(message: string, at = this.#at): ToolError {
    return new ToolError(`-e expression #1, char ${at}: ${message}`);
  }

  #skip(pattern: RegExp): void {
    while (this.#at < this.#source.length && pattern.test(this.#source[this.#at]!)) this.#at++;
  }

  #command(): SedCommand {
    const addresses: SedAddress[] = [];
    const first = this.#address();
    if (first !== null) {
      addresses.push(first);
      this.#skip(/[ \t]/);
      if (this.#source[this.#at] === ',') {
        this.#at++;
        this.#skip(/[ \t]/);
        const second = this.#address();
        if (second === null) throw this.#error("unexpected `,'");
        addresses.push(second);
      }
    }
    this.#skip(/[ \t]/);
    const negated = this.#source[this.#at] === '!';
    if (negated) this.#at++;
    this.#skip(/[ \t]/);
    const name = this.#source[this.#at++];
    if (name === undefined) throw this.#error('missing command');
    const command: SedCommand = {
      name,
      addresses,
      negated,
      text: '',
      regex: null,
      replacement: '',
      occurrence: 1,
      everywhere: false,
      prints: false,
      target: 0,
    };
    return { ...command, ...this.#details(name) };
  }

  #details(name: string): Partial<SedCommand> {
    if (name === 's') return this.#substitution();
    if (name === 'y') {
      const delimiter = this.#source[this.#at++] ?? '/';
      const unescape = (text: string) => text.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c));
      const [text, replacement] = [
        unescape(this.#until(delimiter, 'y')),
        unescape(this.#until(delimiter, 'y')),
      ];
      if (text.length !== replacement.length) {
        throw this.#error("strings for `y' command are different lengths");
      }
      return { text, replacement };
    }
    if ('aic'.includes(name)) return { text: this.#textArgument() };
    if (':btT'.includes(name)) {
      this.#skip(/[ \t]/);
      const match = name === ':' ? /[^\n;]*/y : /[^\n;}]*/y;
      match.lastIndex = this.#at;
      const label = match.exec(this.#source)![0];
      this.#at += label.length;
      return { text: label.trim() };
    }
    if (name === 'q' || name === 'Q') {
      this.#skip(/[ \t]/);
      const code = /^\d*/.exec(this.#source.slice(this.#at))![0];
      this.#at += code.length;
      return { text: code };
    }
    if (!'{}dDpPnNhHgGx='.includes(name)) throw this.#error(`unknown command: \`${name}'`);
    if (name !== '{') {
      this.#skip(/[ \t]/);
      if (this.#at < this.#source.length && !/[\n;}#]/.test(this.#source[this.#at]!)) {
        throw this.#error('extra characters after command', this.#at + 1);
      }
    }
    return {};
  }

  #textArgument(): string {
    this.#skip(/[ \t]/);
    if (this.#source[this.#at] === '\\') {
      this.#at++;
      this.#skip(/[ \t]/);
      if (this.#source[this.#at] === '\n') this.#at++;
    }
    let text = '';
    while (this.#at < this.#source.length && this.#source[this.#at] !== '\n') {
      if (this.#source[this.#at] === '\\') this.#at++;
      text += this.#source[this.#at++] ?? '';
    }
    if (text === '') throw this.#error("expected \\ after `a', `c' or `i'");
    return text;
  }

  #substitution(): Partial<SedCommand> {
    const delimiter = this.#source[this.#at++] ?? '';
    const pattern = this.#until(delimiter, 's');
    const replacement = this.#until(delimiter, 's');
    let [occurrence, everywhere, prints, ignoreCase] = [1, false, false, false];
    for (; this.#at < this.#source.length; this.#at++) {
      const flag = this.#source[this.#at]!;
      const digits = /^[1-9]\d*/.exec(this.#source.slice(this.#at));
      if (digits !== null) {
        occurrence = Number(digits[0]);
        this.#at += digits[0].length - 1;
      } else if (flag === 'g') everywhere = true;
      else if (flag === 'p') prints = true;
      else if (flag === 'i' || flag === 'I') ignoreCase = true;
      else if (/[\s;}#]/.test(flag)) break;
      else throw this.#error("unknown option to `s'", this.#at + 1);
    }
    return { regex: this.#compile(pattern, ignoreCase), replacement, occurrence, everywhere, prints };
  }

  #compile(pattern: string, ignoreCase: boolean): Regex | null {
    if (pattern === '') return null;
    try {
      return compileRegex(pattern, this.#syntax, { ignoreCase });
    } catch (error) {
      if (error instanceof RegexError) throw this.#error(error.message);
      throw error;
    }
  }

  /** The text up to the next delimiter that is neither escaped nor in brackets, and past it. */
  #until(delimiter: string, name: string): string {
    let text = '';
    for (; this.#at < this.#source.length; this.#at++) {
      const character = this.#source[this.#at]!;
      if (character === delimiter) {
        this.#at++;
        return text;
      }
      if (character === '\n' && name === 'address') break;
      if (character !== '\\') text += character;
      else {
        const next = this.#source[++this.#at] ?? '';
        text += next === delimiter && !'.*[]^$+?(){}|&'.includes(next) ? next : `\\${next}`;
      }
    }
    throw this.#error(name === 'address' ? 'unterminated address regex' : `unterminated \`${name}' command`);
  }

  #address(): SedAddress | null {
    const rest = this.#source.slice(this.#at);
    const number = /^(\d+)(?:~(\d+))?|^([+])(\d+)/.exec(rest);
    if (number !== null) {
      this.#at += number[0].length;
      if (number[3] === '+') return { type: 'offset', line: Number(number[4]) };
      if (number[2] !== undefined) return { type: 'step', line: Number(number[1]), step: Number(number[2]) };
      return { type: 'number', line: Number(number[1]) };
    }
    if (rest.startsWith('$')) {
      this.#at++;
      return { type: 'last' };
    }
    if (!/^(\/|\\.)/.test(rest)) return null;
    this.#at += rest.startsWith('/') ? 1 : 2;
    const pattern = this.#until(rest.startsWith('/') ? '/' : rest[1]!, 'address');
    const ignoreCase = this.#source[this.#at] === 'I';
    if (ignoreCase) this.#at++;
    return { type: 'regex', regex: this.#compile(pattern, ignoreCase) };
  }
}
