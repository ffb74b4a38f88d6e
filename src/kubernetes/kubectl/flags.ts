// Upstream: github.com/spf13/pflag, as kubectl's commands use it
import { CommandError } from './errors.ts';
import { parseDuration } from '#kubernetes/apimachinery/duration.ts';

/** One flag. `strings` splits at commas, `array` does not; both may be repeated. */
export interface Flag {
  readonly name: string;
  readonly short?: string;
  readonly type: 'bool' | 'string' | 'int' | 'duration' | 'strings' | 'array';
  /** The default as help shows it; `''`, `false`, `0` or `0s` when unset. */
  readonly initial: string;
  /** What the flag means when it stands without a value, as `--dry-run` may. */
  readonly alone?: string;
  readonly usage: string;
  readonly required?: boolean;
  /** Values that completion offers. */
  readonly values?: readonly string[];
}

type Options = Partial<Pick<Flag, 'short' | 'initial' | 'alone' | 'values' | 'required'>>;

const flag =
  (type: Flag['type'], unset: string) =>
  (name: string, usage: string, options: Options = {}): Flag => ({
    name,
    usage,
    type,
    initial: unset,
    ...options,
  });

export const bool = (name: string, usage: string, options: Options = {}): Flag => ({
  name,
  usage,
  type: 'bool',
  initial: 'false',
  alone: 'true',
  ...options,
});
export const text = flag('string', '');
export const int = flag('int', '0');
export const duration = flag('duration', '0s');
export const strings = flag('strings', '[]');
export const array = flag('array', '[]');

/** An error of the command line itself, after which kubectl points at the command's help. */
export class FlagError extends CommandError {}

/** The parsed values of a command's flags. */
export class Flags {
  readonly #known: readonly Flag[];
  readonly #values = new Map<string, string[]>();

  constructor(known: readonly Flag[]) {
    this.#known = known;
  }

  /** True when the flag was on the command line. */
  changed(name: string): boolean {
    return this.#values.has(name);
  }

  /** Undefined for a flag that the command does not take. */
  typeOf(name: string): Flag['type'] | undefined {
    return this.#flag(name)?.type;
  }

  text(name: string): string {
    return this.#values.get(name)?.at(-1) ?? this.#flag(name)?.initial ?? '';
  }

  bool(name: string): boolean {
    return /^(1|t|T|TRUE|true|True)$/.test(this.text(name));
  }

  int(name: string): number {
    return Number(this.text(name));
  }

  durationMs(name: string): number {
    return parseDuration(this.text(name));
  }

  list(name: string): string[] {
    const values = this.#values.get(name);
    if (values !== undefined) {
      return this.#flag(name)?.type === 'strings' ? values.flatMap((value) => value.split(',')) : values;
    }
    const initial = this.#flag(name)?.initial.slice(1, -1) ?? '';
    return initial === '' ? [] : initial.split(',');
  }

  /** Takes a value as if it had been typed. */
  set(name: string, value: string): void {
    const known = this.#flag(name);
    if (known) check(known, value);
    const before = this.#values.get(name);
    if (before && known && (known.type === 'strings' || known.type === 'array')) before.push(value);
    else this.#values.set(name, [value]);
  }

  #flag(name: string): Flag | undefined {
    return this.#known.find((known) => known.name === name);
  }
}

function check({ type, name, short }: Flag, value: string): void {
  const quoted = JSON.stringify(value);
  const which = short ? `-${short}, --${name}` : `--${name}`;
  const fail = (why: string) => {
    throw new FlagError(`invalid argument ${quoted} for "${which}" flag: ${why}`);
  };
  if (type === 'bool' && !/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value)) {
    fail(`strconv.ParseBool: parsing ${quoted}: invalid syntax`);
  }
  if (type === 'int' && !/^[+-]?\d+$/.test(value))
    fail(`strconv.ParseInt: parsing ${quoted}: invalid syntax`);
  if (type === 'duration') {
    try {
      parseDuration(value);
    } catch (error) {
      fail((error as Error).message);
    }
  }
}

export interface Parsed {
  readonly flags: Flags;
  readonly args: string[];
  /** How many of `args` stood before `--`, or -1 without one. */
  readonly dashAt: number;
  readonly help: boolean;
}

/** Reads a command line as pflag does: flags and arguments may be mixed; throws CommandError. */
export function parseFlags(known: readonly Flag[], words: readonly string[]): Parsed {
  const flags = new Flags(known);
  const args: string[] = [];
  let dashAt = -1;
  let help = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--') {
      dashAt = args.length;
      args.push(...words.slice(at + 1));
      break;
    }
    if (word.startsWith('--')) {
      const used = readLong(word, words[at + 1]);
      if (used === 'help') help = true;
      else at += used;
    } else if (word.startsWith('-') && word.length > 1) {
      const used = readShort(word, words[at + 1]);
      if (used === 'help') help = true;
      else at += used;
    } else args.push(word);
  }
  return { flags, args, dashAt, help };

  /** How many further words the flag took. */
  function readLong(word: string, next: string | undefined): number | 'help' {
    const equals = word.indexOf('=');
    const typed = equals < 0 ? word.slice(2) : word.slice(2, equals);
    const name = typed.replaceAll('_', '-');
    if (name === '' || name.startsWith('-')) throw new FlagError(`bad flag syntax: ${word}`);
    const found = known.find((one) => one.name === name);
    if (!found) {
      if (name === 'help') return 'help';
      throw new FlagError(`unknown flag: --${typed}`);
    }
    if (equals >= 0) flags.set(name, word.slice(equals + 1));
    else if (found.alone !== undefined) flags.set(name, found.alone);
    else if (next === undefined) throw new FlagError(`flag needs an argument: --${typed}`);
    else {
      flags.set(name, next);
      return 1;
    }
    return 0;
  }

  function readShort(word: string, next: string | undefined): number | 'help' {
    for (let at = 1; at < word.length; at++) {
      const letter = word[at]!;
      const found = known.find((one) => one.short === letter);
      if (!found) {
        if (letter === 'h') return 'help';
        throw new FlagError(`unknown shorthand flag: '${letter}' in -${word.slice(at)}`);
      }
      const rest = word.slice(at + 1);
      if (rest.startsWith('=')) {
        flags.set(found.name, rest.slice(1));
        return 0;
      }
      if (found.alone !== undefined) {
        flags.set(found.name, found.alone);
        continue;
      }
      if (rest !== '') {
        flags.set(found.name, rest);
        return 0;
      }
      if (next === undefined)
        throw new FlagError(`flag needs an argument: '${letter}' in -${word.slice(at)}`);
      flags.set(found.name, next);
      return 1;
    }
    return 0;
  }
}
