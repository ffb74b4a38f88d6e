import type { Process } from '#world/machine/program.ts';
import { compileRegex, type Regex } from '#text/regex.ts';
import { directiveOf, formatFloat, formatInteger, formatText, parseFormat } from '../../text/format.ts';
import { ToolError } from '../tool.ts';

/** Text that came from outside and looks like a number counts as both. */
export interface NumericText {
  readonly text: string;
  readonly number: number;
}

/** Undefined is a variable that nothing was assigned to. */
export type AwkValue = number | string | NumericText | undefined;
export type AwkArray = Map<string, AwkValue>;

/** A name passed to a function before anything says whether it is an array. */
export class Untyped {
  readonly array: () => AwkArray;
  constructor(array: () => AwkArray) {
    this.array = array;
  }
}

export type AwkLocal = AwkValue | AwkArray | Untyped;

/** Statements and calls that an awk program may run for one record. */
const stepsMax = 1_000_000;
/** Fields of a record; mawk's. */
const fieldsMax = 32_767;

const numberPattern = /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?/;

export function toNumber(value: AwkValue): number {
  if (typeof value === 'number') return value;
  if (value === undefined) return 0;
  if (typeof value !== 'string') return value.number;
  return Number(numberPattern.exec(value)?.[0] ?? 0);
}

export function toText(value: AwkValue, format = '%.6g'): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  if (typeof value !== 'number') return value.text;
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return String(value === 0 ? 0 : value);
  return sprintf(format, [value]);
}

export function isTrue(value: AwkValue): boolean {
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') return value !== '';
  return value !== undefined && value.number !== 0;
}

/** A field or argument: text, and a number too when all of it is one. */
export function fromOutside(text: string): AwkValue {
  const match = numberPattern.exec(text);
  if (match === null || text.slice(match[0].length).trim() !== '') return text;
  return { text, number: Number(match[0]) };
}

/** Numbers are compared as numbers, all else as text. */
export function compare(left: AwkValue, right: AwkValue): number {
  if (typeof left !== 'string' && typeof right !== 'string') return toNumber(left) - toNumber(right);
  const [a, b] = [toText(left), toText(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

export function sprintf(format: string, args: readonly AwkValue[]): string {
  let used = 0;
  const next = () => args[used++];
  return parseFormat(format)
    .map((part) => {
      if (typeof part === 'string') return part;
      const directive = directiveOf(part.match, () => toNumber(next()));
      switch (directive.conversion) {
        case '%':
          return '%';
        case 'd':
        case 'i':
        case 'o':
        case 'x':
        case 'X':
        case 'u': {
          const value = Math.trunc(toNumber(next()));
          return Number.isFinite(value)
            ? formatInteger(directive, BigInt(value))
            : formatText(directive, String(value));
        }
        case 'c': {
          const value = next();
          const text = typeof value === 'number' ? String.fromCharCode(value) : toText(value).slice(0, 1);
          return formatText(directive, text);
        }
        case 's':
          return formatText(directive, toText(next()));
        default:
          return 'eEfFgG'.includes(directive.conversion)
            ? formatFloat(directive, toNumber(next()))
            : part.text;
      }
    })
    .join('');
}

const regexes = new Map<string, Regex>();

export function regexOf(source: string): Regex {
  let regex = regexes.get(source);
  if (regex === undefined) {
    if (regexes.size > 200) regexes.clear();
    regex = compileRegex(source, 'extended');
    regexes.set(source, regex);
  }
  return regex;
}

/** What a running awk program knows: its variables, the record and its fields, and what it has printed. */
export class AwkState {
  readonly process: Process;
  readonly globals = new Map<string, AwkValue>([
    ['FS', ' '],
    ['OFS', ' '],
    ['ORS', '\n'],
    ['RS', '\n'],
    ['SUBSEP', '\u001c'],
    ['NR', 0],
    ['FNR', 0],
    ['RSTART', 0],
    ['RLENGTH', -1],
    ['FILENAME', ''],
    ['CONVFMT', '%.6g'],
    ['OFMT', '%.6g'],
  ]);
  readonly arrays = new Map<string, AwkArray>();
  /** The variables of the function that runs. */
  locals: Map<string, AwkLocal> | null = null;
  out = '';
  /** Texts for files and stderr, in the order in which they were printed. */
  readonly files = new Map<string, { text: string; readonly append: boolean }>();
  exitCode = 0;
  returned: AwkValue = undefined;
  depth = 0;
  #record = '';
  #fields: string[] | null = null;
  #steps = 0;

  constructor(process: Process) {
    this.process = process;
    const environment = [...process.environment].map(([name, value]): [string, AwkValue] => [
      name,
      fromOutside(value),
    ]);
    this.arrays.set('ENVIRON', new Map(environment));
  }

  step(): void {
    if (++this.#steps > stepsMax)
      throw new ToolError('program limit exceeded: too many steps for one record', 2);
  }

  text(name: string): string {
    return toText(this.globals.get(name));
  }

  setRecord(text: string): void {
    this.#steps = 0;
    this.#record = text;
    this.#fields = null;
  }

  get(name: string): AwkValue {
    const local = this.locals?.get(name);
    if (local !== undefined || this.locals?.has(name) === true)
      return local instanceof Map || local instanceof Untyped ? undefined : local;
    return name === 'NF' ? this.#split().length : this.globals.get(name);
  }

  set(name: string, value: AwkValue): void {
    if (this.locals?.has(name) === true) this.locals.set(name, value);
    else if (name === 'NF') this.#resize(toNumber(value));
    else this.globals.set(name, value);
  }

  array(name: string): AwkArray {
    const local = this.locals?.get(name);
    if (local instanceof Map) return local;
    if (local instanceof Untyped) return local.array();
    if (this.locals?.has(name) === true) {
      const made: AwkArray = new Map();
      this.locals.set(name, made);
      return made;
    }
    let array = this.arrays.get(name);
    if (array === undefined) this.arrays.set(name, (array = new Map()));
    return array;
  }

  field(index: number): AwkValue {
    if (index === 0) return fromOutside(this.#record);
    if (index < 0) throw new ToolError(`negative field index $${index}`, 2);
    const text = this.#split()[index - 1];
    return text === undefined ? undefined : fromOutside(text);
  }

  setField(index: number, text: string): void {
    if (index === 0) return this.setRecordText(text);
    const fields = this.#split();
    if (index > fieldsMax)
      throw new ToolError(`program limit exceeded: maximum number of fields size=${fieldsMax}`, 2);
    while (fields.length < index) fields.push('');
    fields[index - 1] = text;
    this.#record = fields.join(this.text('OFS'));
  }

  /** Changes $0 in the middle of a record. */
  setRecordText(text: string): void {
    this.#record = text;
    this.#fields = null;
  }

  #resize(count: number): void {
    const fields = this.#split();
    if (count > fieldsMax)
      throw new ToolError(`program limit exceeded: maximum number of fields size=${fieldsMax}`, 2);
    while (fields.length < count) fields.push('');
    fields.length = Math.max(0, count);
    this.#record = fields.join(this.text('OFS'));
  }

  #split(): string[] {
    this.#fields ??= splitText(this.#record, this.text('FS'));
    return this.#fields;
  }
}

/** Splits as FS says: a blank means runs of blanks, one character itself, all else a regular expression. */
export function splitText(text: string, separator: string): string[] {
  if (separator === ' ') return text.split(/[ \t\n]+/).filter((field) => field !== '');
  if (text === '') return [];
  if (separator === '') return text.split('');
  if (separator.length === 1 && separator !== '\\') return text.split(separator);
  const fields: string[] = [];
  let from = 0;
  for (const match of regexOf(separator).all(text)) {
    if (match.end === match.start) continue;
    fields.push(text.slice(from, match.start));
    from = match.end;
  }
  return [...fields, text.slice(from)];
}
