import type { Source } from '#world/machine/stream.ts';
import { Fields } from '../fields.ts';
import type { Builtin, Shell } from '../shell.ts';

interface ReadOptions {
  raw: boolean;
  prompt: string;
  array: string | null;
  characters: number;
  delimiter: string;
  timeoutMs: number | null;
  descriptor: number;
}

function parseOptions(args: readonly string[]): { options: ReadOptions; names: readonly string[] } {
  const options: ReadOptions = {
    raw: false,
    prompt: '',
    array: null,
    characters: Infinity,
    delimiter: '\n',
    timeoutMs: null,
    descriptor: 0,
  };
  let index = 1;
  for (; index < args.length && /^-[a-zA-Z]/.test(args[index]!); index++) {
    const arg = args[index]!;
    for (let at = 1; at < arg.length; at++) {
      const letter = arg[at]!;
      if (letter === 'r') options.raw = true;
      if (!'panNdtu'.includes(letter)) continue;
      const value = arg.slice(at + 1) || (args[++index] ?? '');
      if (letter === 'p') options.prompt = value;
      else if (letter === 'a') options.array = value;
      else if (letter === 'd') options.delimiter = value.slice(0, 1) || '\0';
      else if (letter === 't') options.timeoutMs = Number(value) * 1000;
      else if (letter === 'u') options.descriptor = Number(value);
      else options.characters = Number(value);
      break;
    }
  }
  return { options, names: args.slice(index) };
}

/** The next line, null at the end, or undefined when the time is over. */
async function takeLine(
  shell: Shell,
  source: Source,
  deadlineMs: number,
): Promise<string | null | undefined> {
  for (;;) {
    const line = source.take('line');
    if (line !== undefined) return line;
    const { simulation } = shell.process;
    const left = deadlineMs - simulation.nowMs;
    if (left <= 0) return undefined;
    await shell.process.wait<void>((resolve) => {
      const forget = source.whenReady(resolve);
      const timer = left === Infinity ? null : simulation.after(left, resolve);
      return () => {
        forget();
        simulation.cancel(timer);
      };
    });
  }
}

export const read: Builtin = async (shell, args) => {
  const { options, names } = parseOptions(args);
  const source = shell.descriptors.get(options.descriptor)?.source;
  if (source === undefined) {
    await shell.error(`read: ${options.descriptor}: invalid file descriptor: Bad file descriptor`);
    return 1;
  }
  if (options.prompt !== '' && source.terminal) await shell.stderr.write(options.prompt);
  const deadlineMs =
    options.timeoutMs === null ? Infinity : shell.process.simulation.nowMs + options.timeoutMs;
  let text = '';
  let status = 1;
  for (;;) {
    const line = await takeLine(shell, source, deadlineMs);
    if (line === undefined) return 142;
    if (line === null) break;
    text += line;
    if (options.delimiter !== '\n') continue;
    if (!options.raw && /(^|[^\\])(\\\\)*\\\n$/.test(text)) text = text.slice(0, -2);
    else if (text.endsWith('\n')) {
      status = 0;
      break;
    }
  }
  const end = text.indexOf(options.delimiter);
  if (end >= 0) {
    text = text.slice(0, end);
    status = 0;
  }
  if (text.length >= options.characters) {
    text = text.slice(0, options.characters);
    status = 0;
  }
  store(shell, text, names, options);
  return status;
};

function store(shell: Shell, text: string, names: readonly string[], options: ReadOptions): void {
  const plain = options.raw ? text : text.replace(/\\(.)/gs, '$1');
  if (options.array !== null) {
    shell.variables.setArray(options.array, false);
    split(shell, plain).forEach((item, index) => {
      shell.variables.setElement(options.array!, String(index), item);
    });
    return;
  }
  if (names.length === 0) return shell.variables.set('REPLY', plain);
  const rest = splitInto(shell, plain, names.length);
  names.forEach((name, index) => shell.variables.set(name, rest[index] ?? ''));
}

function split(shell: Shell, text: string): string[] {
  const fields = new Fields(shell.fieldSeparators, true);
  fields.addValue(text, false);
  return fields.texts();
}

/** Fields for `count` names: the last gets whatever is left, separators and all. */
function splitInto(shell: Shell, text: string, count: number): string[] {
  const separators = shell.fieldSeparators;
  const blanks = ' \t\n'.replace(/./gs, (blank) => (separators.includes(blank) ? blank : ''));
  const trimmedStart = (rest: string) => {
    let at = 0;
    while (at < rest.length && blanks.includes(rest[at]!)) at++;
    return rest.slice(at);
  };
  const fields: string[] = [];
  let rest = trimmedStart(text);
  while (fields.length < count - 1 && rest !== '') {
    let at = 0;
    while (at < rest.length && !separators.includes(rest[at]!)) at++;
    fields.push(rest.slice(0, at));
    rest = trimmedStart(rest.slice(at));
    if (at > 0 || fields.at(-1) === '') {
      if (rest !== '' && separators.includes(rest[0]!) && !blanks.includes(rest[0]!))
        rest = trimmedStart(rest.slice(1));
    }
  }
  let end = rest.length;
  while (end > 0 && blanks.includes(rest[end - 1]!)) end--;
  fields.push(rest.slice(0, end));
  return fields;
}

/** `mapfile [-t] name`: the lines of stdin as an array. */
export const mapfile: Builtin = async (shell, args) => {
  const trims = args.includes('-t');
  const name = args.slice(1).find((arg) => !arg.startsWith('-')) ?? 'MAPFILE';
  shell.variables.setArray(name, false);
  for (let index = 0; ; index++) {
    const line = await shell.stdin.readLine();
    if (line === null) return 0;
    shell.variables.setElement(name, String(index), trims ? line.replace(/\n$/, '') : line);
  }
};
