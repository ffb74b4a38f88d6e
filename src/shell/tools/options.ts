import { ToolError } from './tool.ts';

/** A tool's command line, taken apart. */
export class Options {
  readonly #values: ReadonlyMap<string, readonly string[]>;
  readonly operands: readonly string[];

  constructor(values: ReadonlyMap<string, readonly string[]>, operands: readonly string[]) {
    this.#values = values;
    this.operands = operands;
  }

  has(letter: string): boolean {
    return this.#values.has(letter);
  }

  /** The last value given. */
  get(letter: string): string | undefined {
    return this.#values.get(letter)?.at(-1);
  }

  all(letter: string): readonly string[] {
    return this.#values.get(letter) ?? [];
  }

  /** A whole number of at least `min`; `what` says what it was meant to be. */
  number(letter: string, otherwise: number, what: string, min = 0): number {
    const text = this.get(letter);
    if (text === undefined) return otherwise;
    if (!/^[-+]?\d+$/.test(text) || Number(text) < min) throw new ToolError(`${what}: ‘${text}’`);
    return Number(text);
  }
}

export interface OptionRules {
  /** getopt's string: letters, a colon after those that take a value. */
  readonly letters: string;
  /** Long names and the letters they stand for; a letter of '' is accepted and changes nothing. */
  readonly long?: Readonly<Record<string, string>>;
  /** Stops at the first operand, for tools whose operands are a command line. */
  readonly stops?: boolean;
  readonly exitCode?: number;
}

/** Reads options as getopt does, clusters and long names included. Throws ToolError. */
export function parseOptions(args: readonly string[], rules: OptionRules): Options {
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  const name = args[0]!;
  const usage = (message: string) =>
    new ToolError(`${message}\nTry '${name} --help' for more information.`, rules.exitCode ?? 1);
  const add = (letter: string, value: string) => {
    values.set(letter, [...(values.get(letter) ?? []), value]);
  };
  for (let index = 1; index < args.length; index++) {
    const arg = args[index]!;
    if (arg === '--') {
      operands.push(...args.slice(index + 1));
      break;
    }
    if (arg.startsWith('--')) {
      const [long, given] = splitOnce(arg.slice(2));
      const letter = longOption(rules.long ?? {}, long);
      if (letter === undefined) throw usage(`unrecognized option '--${long}'`);
      if (!takesValue(rules.letters, letter)) {
        if (letter !== '') add(letter, given ?? '');
        continue;
      }
      const value = given ?? args[++index];
      if (value === undefined) throw usage(`option '--${long}' requires an argument`);
      add(letter, value);
      continue;
    }
    if (!/^-./.test(arg)) {
      if (rules.stops === true) {
        operands.push(...args.slice(index));
        break;
      }
      operands.push(arg);
      continue;
    }
    for (let at = 1; at < arg.length; at++) {
      const letter = arg[at]!;
      if (letter === ':' || !rules.letters.includes(letter)) throw usage(`invalid option -- '${letter}'`);
      if (!takesValue(rules.letters, letter)) {
        add(letter, '');
        continue;
      }
      const value = at + 1 < arg.length ? arg.slice(at + 1) : args[++index];
      if (value === undefined) throw usage(`option requires an argument -- '${letter}'`);
      add(letter, value);
      break;
    }
  }
  return new Options(values, operands);
}

function takesValue(letters: string, letter: string): boolean {
  return letter !== '' && letters[letters.indexOf(letter) + 1] === ':';
}

function splitOnce(text: string): [string, string | undefined] {
  const at = text.indexOf('=');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** A long name may be shortened as long as it stays clear. */
function longOption(long: Readonly<Record<string, string>>, name: string): string | undefined {
  if (Object.hasOwn(long, name)) return long[name];
  const matches = Object.keys(long).filter((other) => other.startsWith(name));
  return matches.length === 1 ? long[matches[0]!] : undefined;
}
