import { testBinary, testUnary } from '../conditional.ts';
import { CommandError } from '../control.ts';
import type { Builtin, Shell } from '../shell.ts';

/** `test` and `[`. */
export const test: Builtin = async (shell, args) => {
  const words = args.slice(1);
  const name = args[0]!;
  if (name === '[' && words.pop() !== ']') {
    await shell.error("[: missing `]'");
    return 2;
  }
  try {
    const parser = new TestParser(shell, words);
    return Number(!parser.whole());
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    await shell.error(`${name}: ${error.message}`);
    return 2;
  }
};

const binaryOperators = new Set([
  '=',
  '==',
  '!=',
  '<',
  '>',
  '-eq',
  '-ne',
  '-lt',
  '-le',
  '-gt',
  '-ge',
  '-nt',
  '-ot',
  '-ef',
]);

class TestParser {
  readonly #shell: Shell;
  readonly #words: readonly string[];
  #at = 0;

  constructor(shell: Shell, words: readonly string[]) {
    this.#shell = shell;
    this.#words = words;
  }

  whole(): boolean {
    if (this.#words.length === 0) return false;
    const value = this.#or();
    if (this.#at < this.#words.length) throw new CommandError('too many arguments', 2);
    return value;
  }

  #or(): boolean {
    let value = this.#and();
    while (this.#words[this.#at] === '-o') {
      this.#at++;
      value = this.#and() || value;
    }
    return value;
  }

  #and(): boolean {
    let value = this.#primary();
    while (this.#words[this.#at] === '-a') {
      this.#at++;
      value = this.#primary() && value;
    }
    return value;
  }

  #primary(): boolean {
    const word = this.#words[this.#at++];
    if (word === undefined) throw new CommandError('argument expected', 2);
    const next = this.#words[this.#at];
    if (next !== undefined && binaryOperators.has(next) && this.#at + 1 < this.#words.length) {
      this.#at += 2;
      return testBinary(this.#shell, word, next, this.#words[this.#at - 1]!)!;
    }
    if (word === '!' && next !== undefined) return !this.#primary();
    if (word === '(' && next !== undefined) {
      const value = this.#or();
      if (this.#words[this.#at++] !== ')') throw new CommandError("`)' expected", 2);
      return value;
    }
    const two = this.#words.length === 2;
    if (two && next !== undefined && !/^-[a-zA-Z]$/.test(word)) {
      throw new CommandError(`${word}: unary operator expected`, 2);
    }
    if (next !== undefined && /^-[a-zA-Z]$/.test(word)) {
      const value = testUnary(this.#shell, word, next);
      if (value === undefined) throw new CommandError(`${word}: unary operator expected`, 2);
      this.#at++;
      return value;
    }
    if (next !== undefined && next.startsWith('-') && !['-a', '-o'].includes(next)) {
      throw new CommandError(`${next}: binary operator expected`, 2);
    }
    return word !== '';
  }
}
