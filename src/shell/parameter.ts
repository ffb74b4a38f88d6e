import type { ParameterExpansionPart, ParameterOperation, Word } from 'unbash';
import { ShellError } from './control.ts';
import type { Shell } from './shell.ts';
import { patternOf } from './text/pattern.ts';

/** What a parameter holds: one text, the items of `@` or `*`, or nothing. */
export type ParameterValue =
  | { readonly type: 'text'; readonly text: string | undefined }
  | { readonly type: 'items'; readonly items: readonly string[]; readonly star: boolean };

/** What parameter expansion needs of the expansion of words, which needs it in turn. */
export interface WordExpander {
  text(word: Word): Promise<string>;
  pattern(word: Word): Promise<string>;
  number(word: Word): Promise<number>;
}

/** The value of `$name`, `$1`, `$@`, `$?` …; undefined when it is not set. */
export function parameterValue(shell: Shell, name: string): ParameterValue {
  if (name === '@' || name === '*') return { type: 'items', items: shell.positional, star: name === '*' };
  if (/^\d+$/.test(name)) {
    return { type: 'text', text: name === '0' ? shell.name : shell.positional[Number(name) - 1] };
  }
  return { type: 'text', text: special(shell, name) ?? shell.variables.get(name) };
}

function special(shell: Shell, name: string): string | undefined {
  switch (name) {
    case '?':
      return String(shell.status);
    case '#':
      return String(shell.positional.length);
    case '$':
      return String(shell.id);
    case '!':
      return shell.jobs.last === 0 ? '' : String(shell.jobs.last);
    case '-':
      return flags(shell);
    case '_':
      return shell.lastArgument;
    case 'BASHPID':
      return String(shell.process.id);
    case 'RANDOM':
      return String(shell.process.simulation.random('shell').below(32_768));
    case 'SECONDS':
      return String(shell.seconds);
    case 'EPOCHSECONDS':
      return String(Math.floor(shell.process.simulation.nowMs / 1000));
    case 'LINENO':
      return String(shell.source.slice(0, shell.position).split('\n').length);
    default:
      return undefined;
  }
}

function flags(shell: Shell): string {
  const letters = {
    errexit: 'e',
    nounset: 'u',
    xtrace: 'x',
    noglob: 'f',
    allexport: 'a',
    verbose: 'v',
  } as const;
  const set = Object.entries(letters).filter(([option]) => shell.options.has(option as keyof typeof letters));
  return `${set.map(([, letter]) => letter).join('')}${shell.interactive ? 'i' : ''}hB${shell.origin}`;
}

/** The value that `${…}` names, before its operation: with an index, `!` and `#` taken into account. */
export async function valueOf(
  shell: Shell,
  part: ParameterExpansionPart,
  words: WordExpander,
): Promise<ParameterValue> {
  const name = part.parameter;
  if (part.prefix === '!' && part.index === undefined) return indirect(shell, part);
  let value: ParameterValue;
  if (part.index === undefined) {
    value = name === 'PIPESTATUS' ? text(String(shell.pipeStatus[0])) : parameterValue(shell, name);
  } else if (part.index.text === '@' || part.index.text === '*') {
    const entries = elementsOf(shell, name);
    const items = entries.map(([key, item]) => (part.prefix === '!' ? key : item));
    value = { type: 'items', items, star: part.index.text === '*' };
  } else value = text(await element(shell, name, part.index, words));
  if (part.prefix !== '#') return value;
  if (value.type === 'items') return text(String(value.items.length));
  needSet(shell, name, value.text);
  return text(String((value.text ?? '').length));
}

function text(value: string | undefined): ParameterValue {
  return { type: 'text', text: value };
}

function elementsOf(shell: Shell, name: string): [string, string][] {
  if (name !== 'PIPESTATUS') return shell.variables.elements(name);
  return shell.pipeStatus.map((status, index) => [String(index), String(status)]);
}

function indirect(shell: Shell, part: ParameterExpansionPart): ParameterValue {
  if (part.operation?.type === 'Names') {
    const items = shell.variables.names().filter((name) => name.startsWith(part.parameter));
    return { type: 'items', items, star: part.operation.operator === '*' };
  }
  const target = parameterValue(shell, part.parameter);
  if (target.type === 'items' || target.text === undefined) {
    throw new ShellError(`${part.parameter}: invalid indirect expansion`);
  }
  return parameterValue(shell, target.text);
}

async function element(
  shell: Shell,
  name: string,
  index: Word,
  words: WordExpander,
): Promise<string | undefined> {
  const variable = shell.variables.find(name);
  if (variable?.associative === true) return variable.elements?.get(await words.text(index));
  let number = await words.number(index);
  if (name === 'PIPESTATUS') return elementsOf(shell, name)[number]?.[1];
  if (number < 0) number += shell.variables.nextIndex(name);
  return variable?.elements?.get(String(number)) ?? (number === 0 ? shell.variables.get(name) : undefined);
}

/** Fails under `set -u` when a parameter is not set. */
export function needSet(shell: Shell, name: string, value: string | undefined): void {
  if (value === undefined && shell.options.has('nounset'))
    throw new ShellError(`${name}: unbound variable`, 127);
}

/** `${x#…}`, `${x/…}`, `${x:1:2}`, `${x^^}`, `${x@Q}`: each item by itself. */
export async function operate(
  shell: Shell,
  value: ParameterValue,
  operation: ParameterOperation,
  words: WordExpander,
): Promise<ParameterValue> {
  if (operation.type === 'Slice' && value.type === 'items') {
    return { ...value, items: await sliceItems(shell, value.items, operation, words) };
  }
  const change = await changeOf(operation, words);
  if (value.type === 'items') return { ...value, items: value.items.map(change) };
  return text(value.text === undefined ? undefined : change(value.text));
}

async function changeOf(
  operation: ParameterOperation,
  words: WordExpander,
): Promise<(item: string) => string> {
  switch (operation.type) {
    case 'Remove':
      return remover(operation.operator, await words.pattern(operation.operand));
    case 'Replace':
      return replacer(
        operation.operator,
        await words.pattern(operation.pattern),
        await words.text(operation.replacement),
      );
    case 'Slice': {
      const offset = await words.number(operation.offset);
      const length = operation.length === undefined ? Infinity : await words.number(operation.length);
      return (item) => {
        const start = offset < 0 ? Math.max(0, item.length + offset) : offset;
        return item.slice(start, length < 0 ? item.length + length : start + length);
      };
    }
    case 'CaseModification': {
      const upper = operation.operator.startsWith('^');
      const pattern =
        operation.operand === undefined ? null : patternOf(await words.pattern(operation.operand));
      const change = (character: string) => {
        if (pattern !== null && !pattern.matches(character)) return character;
        return upper ? character.toUpperCase() : character.toLowerCase();
      };
      if (operation.operator.length === 1) return (item) => change(item.slice(0, 1)) + item.slice(1);
      return (item) => item.replace(/[^]/g, change);
    }
    case 'Transform':
      return transforms[operation.operand.text] ?? badSubstitution();
    default:
      return badSubstitution();
  }
}

const transforms: Readonly<Record<string, (item: string) => string>> = {
  Q: (item) => quote(item, true),
  U: (item) => item.toUpperCase(),
  u: (item) => item.slice(0, 1).toUpperCase() + item.slice(1),
  L: (item) => item.toLowerCase(),
};

function badSubstitution(): never {
  throw new ShellError('bad substitution');
}

/** A text in quotes that a shell reads back; plain words need none, unless `always`. */
export function quote(value: string, always = false): string {
  if (!always && /^[\w@%+=:,./-]+$/.test(value)) return value;
  return `'${value.replaceAll("'", "'\\''")}'`;
}

/** A text with what is special behind backslashes, as `printf %q` writes it. */
export function escapeWord(value: string): string {
  if (value === '') return "''";
  if (/[\n\t\r]/.test(value)) {
    const escaped = value
      .replace(/[\\']/g, '\\$&')
      .replaceAll('\n', '\\n')
      .replaceAll('\t', '\\t')
      .replaceAll('\r', '\\r');
    return `$'${escaped}'`;
  }
  return value.replace(/[^\w@%+:,./=-]/g, '\\$&');
}

function remover(operator: string, source: string): (item: string) => string {
  const pattern = patternOf(source);
  const longest = operator.length === 2;
  if (operator.startsWith('#')) {
    return (item) => item.slice(Math.max(0, pattern.prefixLength(item, longest)));
  }
  return (item) => {
    const start = pattern.suffixStart(item, longest);
    return start < 0 ? item : item.slice(0, start);
  };
}

function replacer(operator: string, source: string, replacement: string): (item: string) => string {
  const pattern = patternOf(source);
  if (operator === '/#') {
    return (item) => {
      const length = pattern.prefixLength(item, true);
      return length < 0 ? item : replacement + item.slice(length);
    };
  }
  if (operator === '/%') {
    return (item) => {
      const start = pattern.suffixStart(item, true);
      return start < 0 ? item : item.slice(0, start) + replacement;
    };
  }
  return (item) => pattern.replace(item, replacement, operator === '//');
}

async function sliceItems(
  shell: Shell,
  items: readonly string[],
  operation: ParameterOperation & { type: 'Slice' },
  words: WordExpander,
): Promise<string[]> {
  const offset = await words.number(operation.offset);
  const length = operation.length === undefined ? Infinity : await words.number(operation.length);
  // For `$@` the first item is number 1, and 0 is the shell's name.
  const all = items === shell.positional ? [shell.name, ...items] : items;
  const start = offset < 0 ? Math.max(0, all.length + offset) : offset;
  return all.slice(start, start + length);
}
