import { parse, type ParameterExpansionPart, type Word, type WordPart } from 'unbash';
import { evaluate, evaluateText } from './arithmetic.ts';
import { expandBraces } from './braces.ts';
import { ShellError } from './control.ts';
import { Fields } from './fields.ts';
import {
  needSet,
  operate,
  parameterValue,
  type ParameterValue,
  valueOf,
  type WordExpander,
} from './parameter.ts';
import { expandPathname } from './pathname.ts';
import { substituteProcess } from './processSubstitution.ts';
import type { Shell } from './shell.ts';

/** Words as the arguments of a command: split into fields, patterns replaced by the paths they match. */
export async function expandWords(shell: Shell, words: readonly Word[]): Promise<string[]> {
  const fields = new Fields(shell.fieldSeparators, true);
  for (const word of words) {
    for (const single of bracesOf(word)) {
      await addWord(shell, single, fields);
      fields.finish();
    }
  }
  if (shell.options.has('noglob')) return fields.texts();
  return fields.texts((pattern) => expandPathname(shell.process, pattern));
}

/** A word as one text: neither split nor matched against files. */
export async function expandText(shell: Shell, word: Word, tildes = false): Promise<string> {
  if (word.parts === undefined && word.text === word.value && !word.text.includes('~')) return word.value;
  return (await expandWhole(shell, word, tildes)).texts().join('');
}

/** A word as a pattern, in which what was quoted stands for itself. */
export async function expandPattern(shell: Shell, word: Word): Promise<string> {
  return (await expandWhole(shell, word)).pattern();
}

/** A word as a regular expression, in which what was quoted stands for itself. */
export async function expandRegex(shell: Shell, word: Word): Promise<string> {
  // A backslash in the word is the expression's own.
  if (word.parts === undefined) return word.text;
  return (await expandWhole(shell, word)).pattern((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
}

/** The parts of a here-document or an arithmetic operand as one text. */
export async function expandParts(shell: Shell, parts: readonly WordPart[]): Promise<string> {
  const fields = new Fields(shell.fieldSeparators, false);
  for (const part of parts) await addPart(shell, part, fields, true);
  return fields.texts().join('');
}

async function expandWhole(shell: Shell, word: Word, tildes = false): Promise<Fields> {
  const fields = new Fields(shell.fieldSeparators, false);
  await addWord(shell, word, fields, { tildes });
  return fields;
}

function bracesOf(word: Word): readonly Word[] {
  if (word.parts?.some((part) => part.type === 'BraceExpansion') !== true) return [word];
  const command = parse(`: ${expandBraces(word.text).join(' ')}`).commands[0]?.command;
  if (command?.type !== 'Command') return [word];
  return command.args.filter((argument) => argument.type === 'Word');
}

interface AddOptions {
  /** In an assignment a `~` after a colon is a home directory too. */
  readonly tildes?: boolean;
  readonly quoted?: boolean;
  /** In `${x:-…}` plain text is split as well. */
  readonly operand?: boolean;
}

async function addWord(shell: Shell, word: Word, fields: Fields, options: AddOptions = {}): Promise<void> {
  const quoted = options.quoted === true;
  const addLiteral = (text: string, value: string, first: boolean) => {
    if (quoted || text !== value) fields.add(value, true);
    else {
      const expanded = first ? expandTilde(shell, value, options.tildes === true) : value;
      if (options.operand === true) fields.addValue(expanded, false);
      else fields.add(expanded, false);
    }
  };
  if (word.parts === undefined) return addLiteral(word.text, word.value, true);
  for (const [index, part] of word.parts.entries()) {
    if (part.type === 'Literal') addLiteral(part.text, part.value, index === 0);
    else await addPart(shell, part, fields, quoted);
  }
}

function expandTilde(shell: Shell, text: string, tildes: boolean): string {
  if (!text.includes('~')) return text;
  const expand = (piece: string) => {
    const home = /^~(\+|-)?(?=\/|$)/.exec(piece);
    if (home === null) return piece;
    const name = home[1] === '+' ? 'PWD' : home[1] === '-' ? 'OLDPWD' : 'HOME';
    return (shell.variables.get(name) ?? home[0]) + piece.slice(home[0].length);
  };
  return tildes ? text.split(':').map(expand).join(':') : expand(text);
}

async function addPart(shell: Shell, part: WordPart, fields: Fields, quoted: boolean): Promise<void> {
  switch (part.type) {
    case 'Literal':
      fields.add(part.value, quoted || part.text !== part.value);
      return;
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      fields.add(part.value, true);
      return;
    case 'DoubleQuoted':
    case 'LocaleString':
      await addDoubleQuoted(shell, part.parts, fields);
      return;
    case 'SimpleExpansion':
      addValue(shell, part.text.slice(1), parameterValue(shell, part.text.slice(1)), fields, quoted);
      return;
    case 'ParameterExpansion':
      await addParameter(shell, part, fields, quoted);
      return;
    case 'CommandExpansion': {
      const script = part.script;
      const source = script?.source ?? shell.source;
      const text = await shell.capture((inner) => {
        inner.source = source;
        return inner.interpreter.list(inner, script?.commands ?? []);
      });
      fields.addValue(text, quoted);
      return;
    }
    case 'ArithmeticExpansion':
      {
        const text = part.text.replace(/^\$(\(\(|\[)\s*|\s*(\)\)|\])$/g, '');
        const value = await naming(text, () => evaluate(shell, part.expression, expandParts));
        fields.addValue(String(value), quoted);
      }
      return;
    case 'ProcessSubstitution':
      fields.add(await substituteProcess(shell, part), true);
      return;
    case 'Glob':
    case 'ExtendedGlob':
    case 'BraceExpansion':
      fields.add(part.text, quoted);
  }
}

async function addDoubleQuoted(shell: Shell, parts: readonly WordPart[], fields: Fields): Promise<void> {
  for (const part of parts) await addPart(shell, part, fields, true);
  // `""` is an empty field, but `"$@"` without parameters is none.
  const vanishes =
    parts.length > 0 && parts.every((part) => part.text === '$@' || /^\$\{.*[[{]@\]?\}$/.test(part.text));
  if (!vanishes) fields.add('', true);
}

function addValue(shell: Shell, name: string, value: ParameterValue, fields: Fields, quoted: boolean): void {
  if (value.type === 'items') return fields.addItems(value.items, value.star, quoted);
  needSet(shell, name, value.text);
  fields.addValue(value.text ?? '', quoted);
}

async function addParameter(
  shell: Shell,
  part: ParameterExpansionPart,
  fields: Fields,
  quoted: boolean,
): Promise<void> {
  const words: WordExpander = {
    text: (word) => expandText(shell, word),
    pattern: (word) => expandPattern(shell, word),
    number: async (word) => Number(await evaluateText(shell, await expandText(shell, word), expandParts)),
  };
  if (part.parameter === '') throw new ShellError(`${part.text}: bad substitution`);
  let value = await valueOf(shell, part, words);
  const operation = part.operation;
  if (
    operation === undefined ||
    operation.type === 'Names' ||
    (part.prefix === '#' && part.index === undefined)
  ) {
    return addValue(shell, part.parameter, value, fields, quoted);
  }
  if (operation.type === 'Unknown') throw new ShellError(`${part.text}: bad substitution`);
  if (operation.type !== 'Default') {
    if (value.type === 'text') needSet(shell, part.parameter, value.text);
    value = await operate(shell, value, operation, words);
    return addValue(shell, part.parameter, value, fields, quoted);
  }
  const text = value.type === 'items' ? value.items.join(' ') || undefined : value.text;
  const missing = text === undefined || (text === '' && operation.operator.startsWith(':'));
  switch (operation.operator.at(-1)) {
    case '+':
      if (!missing) await addWord(shell, operation.operand, fields, { quoted, operand: true });
      return;
    case '-':
      if (missing) return addWord(shell, operation.operand, fields, { quoted, operand: true });
      return addValue(shell, part.parameter, value, fields, quoted);
    case '=':
      if (missing) {
        const assigned = await expandText(shell, operation.operand);
        shell.variables.set(part.parameter, assigned);
        return fields.addValue(assigned, quoted);
      }
      return addValue(shell, part.parameter, value, fields, quoted);
    default: {
      if (!missing) return addValue(shell, part.parameter, value, fields, quoted);
      const message = (await expandText(shell, operation.operand)) || 'parameter null or not set';
      throw new ShellError(`${part.parameter}: ${message}`, shell.interactive ? 1 : 127);
    }
  }
}

/** Runs an evaluation, so that its errors name the expression; `make` makes the error that goes on. */
export async function naming<T>(
  expression: string,
  evaluation: () => Promise<T>,
  make = (message: string): ShellError => new ShellError(message),
): Promise<T> {
  try {
    return await evaluation();
  } catch (error) {
    if (!(error instanceof ShellError) || !/^(division|exponent|attempted)/.test(error.message)) throw error;
    throw make(`${expression}: ${error.message}`);
  }
}
