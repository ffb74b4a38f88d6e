import { FileError, type FileSystem, resolvePath } from '#world/machine/fileSystem.ts';
import type { Shell } from './shell.ts';

/** One way to go on. */
export interface Candidate {
  /** What takes the place of the word, quoted as the shell needs it. */
  readonly insert: string;
  /** What a list of candidates shows. */
  readonly label: string;
  /** True when the word is whole, so that a space may follow; false after a directory or `--flag=`. */
  readonly whole: boolean;
}

export interface Completion {
  /** Where the word that is completed begins in the line; it ends at the cursor. */
  readonly from: number;
  readonly candidates: readonly Candidate[];
}

/**
 * Completes a command's own words: given the words before (the command first) and the start of the present
 * one, whole words that begin with it. One that ends in `=` or `/` is not whole yet. Null leaves it to file names.
 */
export type WordCompleter = (words: readonly string[], current: string) => readonly string[] | null;

/** What completion knows. It only reads: no event, no random draw, no change. */
export interface CompletionContext {
  readonly files: FileSystem;
  readonly workingDirectory: string;
  readonly home: string;
  readonly variables: readonly string[];
  /** Builtins, functions, aliases and programs. */
  readonly commands: readonly string[];
  readonly aliases: ReadonlyMap<string, string>;
  readonly completers: ReadonlyMap<string, WordCompleter>;
}

/** Candidates shown at most. */
const candidatesMax = 500;

/** What completion may offer at a shell's prompt. */
export function completionContext(
  shell: Shell,
  completers: ReadonlyMap<string, WordCompleter>,
): CompletionContext {
  return {
    files: shell.process.files,
    workingDirectory: shell.process.workingDirectory,
    home: shell.get('HOME'),
    variables: shell.variables.names(),
    commands: [
      ...shell.interpreter.builtins.keys(),
      ...shell.functions.keys(),
      ...shell.aliases.keys(),
      ...shell.process.commands(),
    ],
    aliases: shell.aliases,
    completers,
  };
}

/** What could stand where the cursor is. */
export function complete(line: string, cursor: number, context: CompletionContext): Completion {
  const typed = readLine(line.slice(0, cursor));
  const variable = /\$(\{?)(\w*)$/.exec(typed.raw);
  if (variable !== null && typed.quote !== "'") {
    const from = cursor - variable[2]!.length;
    const close = variable[1] === '{' ? '}' : '';
    const names = matching(context.variables, variable[2]!);
    return { from, candidates: names.map((name) => ({ insert: name + close, label: name, whole: true })) };
  }
  const from = cursor - typed.raw.length;
  const candidates = candidatesFor(typed, context).slice(0, candidatesMax);
  return { from, candidates };
}

function candidatesFor(typed: TypedLine, context: CompletionContext): Candidate[] {
  const { words, current, redirected } = typed;
  if (words.length === 0 && !redirected) {
    if (current.includes('/') || current.startsWith('~')) return fileCandidates(typed, context);
    return matching(context.commands, current).map((name) => ({ insert: name, label: name, whole: true }));
  }
  if (redirected) return fileCandidates(typed, context);
  const expanded = withoutAlias(words, context.aliases);
  const own = context.completers.get(expanded[0]!) ?? builtinCompleter(expanded[0]!, context);
  const found = own?.(expanded, current) ?? null;
  if (found === null) return fileCandidates(typed, context, ['cd', 'rmdir'].includes(expanded[0]!));
  return matching(found, current).map((word) => ({
    insert: quoted(word, typed.quote),
    label: word,
    whole: !/[=/]$/.test(word),
  }));
}

function builtinCompleter(name: string, context: CompletionContext): WordCompleter | undefined {
  if (['export', 'unset', 'declare', 'local', 'readonly', 'printenv'].includes(name))
    return () => context.variables;
  if (['type', 'which', 'command', 'exec', 'watch', 'xargs', 'time', 'nohup'].includes(name)) {
    return (words, current) =>
      words.length === 1 ? context.commands : nested(words.slice(1), current, context);
  }
  if (name === 'unalias' || name === 'alias') return () => [...context.aliases.keys()];
  return undefined;
}

/** `watch kubectl get …`: the words of the command that another one runs. */
function nested(
  words: readonly string[],
  current: string,
  context: CompletionContext,
): readonly string[] | null {
  const start = words.findIndex((word) => context.completers.has(word));
  if (start >= 0) return context.completers.get(words[start]!)!(words.slice(start), current);
  return words.every((word) => /^(-|\d)/.test(word)) ? context.commands : null;
}

function withoutAlias(words: readonly string[], aliases: ReadonlyMap<string, string>): readonly string[] {
  const text = aliases.get(words[0]!);
  return text === undefined ? words : [...text.trim().split(/\s+/), ...words.slice(1)];
}

function matching(names: readonly string[], start: string): string[] {
  return [...new Set(names)].filter((name) => name.startsWith(start)).sort();
}

function fileCandidates(typed: TypedLine, context: CompletionContext, onlyDirectories = false): Candidate[] {
  const slash = typed.current.lastIndexOf('/') + 1;
  const [directory, start] = [typed.current.slice(0, slash), typed.current.slice(slash)];
  const base = directory.startsWith('~/') ? context.home + directory.slice(1) : directory;
  const path = resolvePath(context.workingDirectory, base === '' ? '.' : base);
  const isDirectory = (name: string) => context.files.status(resolvePath(path, name))?.type === 'directory';
  try {
    return context.files
      .list(path)
      .filter((name) => name.startsWith(start) && (start.startsWith('.') || !name.startsWith('.')))
      .map((name) => ({ name, isDirectory: isDirectory(name) }))
      .filter((entry) => entry.isDirectory || !onlyDirectories)
      .map((entry) => {
        const suffix = entry.isDirectory ? '/' : '';
        // A tilde must stay outside the quotes.
        const head = typed.quote === '' ? directory.replace(/[^\w~/.@%+:,=-]/g, '\\$&') : directory;
        const insert =
          typed.quote + head + quoted(entry.name, typed.quote).slice(typed.quote.length) + suffix;
        return { insert, label: entry.name + suffix, whole: !entry.isDirectory };
      });
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}

/** A word as it must be typed, inside the quote that was opened before it. */
function quoted(word: string, quote: string): string {
  if (quote === '"') return quote + word.replace(/["\\$`]/g, '\\$&');
  if (quote === "'") return quote + word;
  return word.replace(/[^\w@%+:,./=~^-]/g, '\\$&');
}

interface TypedLine {
  /** The words before the present one, of the command that it belongs to. */
  readonly words: readonly string[];
  /** The start of the present word, without quotes. */
  readonly current: string;
  /** The same as it was typed. */
  readonly raw: string;
  /** The quote that is open in it. */
  readonly quote: '' | '"' | "'";
  /** True right after `<` or `>`. */
  readonly redirected: boolean;
}

/** Words after which a command begins. */
const openers = new Set(['if', 'then', 'else', 'elif', 'while', 'until', 'do', '!', '{', 'time']);

/** Takes the line up to the cursor apart, as far as completion must understand it. */
function readLine(text: string): TypedLine {
  let words: string[] = [];
  let current = '';
  let raw = '';
  let quote: '' | '"' | "'" = '';
  let redirected = false;
  const endWord = () => {
    const assignment = words.length === 0 && /^\w+=/.test(raw);
    if (raw !== '' && !redirected && !assignment && !(words.length === 0 && openers.has(raw)))
      words.push(current);
    if (raw !== '') redirected = false;
    current = raw = '';
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (quote !== '') {
      raw += character;
      if (character === quote) quote = '';
      else if (character === '\\' && quote === '"') {
        current += text[++at] ?? '';
        raw += text[at] ?? '';
      } else current += character;
    } else if (character === '\\') {
      current += text[++at] ?? '';
      raw += character + (text[at] ?? '');
    } else if (character === '"' || character === "'") {
      quote = character;
      raw += character;
    } else if (/\s/.test(character)) endWord();
    else if ('|;&('.includes(character)) {
      endWord();
      words = [];
      redirected = false;
    } else if (character === '<' || character === '>') {
      if (/^\d$/.test(raw)) current = raw = '';
      endWord();
      redirected = true;
    } else if (character === '`') {
      words = [];
      current = raw = '';
    } else {
      current += character;
      raw += character;
    }
  }
  return { words, current, raw, quote, redirected };
}
