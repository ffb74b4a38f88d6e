import type { Redirect, Redirection } from 'unbash';
import { FileError } from '#world/machine/fileSystem.ts';
import { callbackSink, fileSink, type Sink, textSource } from '#world/machine/stream.ts';
import { CommandError } from './control.ts';
import { expandParts, expandText, expandWords } from './expansion.ts';
import type { Descriptor, Shell } from './shell.ts';

/** The open files that a command with these redirections sees. Throws CommandError. */
export async function redirect(
  shell: Shell,
  redirections: readonly Redirection[],
): Promise<ReadonlyMap<number, Descriptor>> {
  if (redirections.length === 0) return shell.descriptors;
  const descriptors = new Map(shell.descriptors);
  for (const redirection of redirections) {
    const named = redirection.descriptor;
    let number = named?.type === 'FileDescriptor' ? named.value : null;
    if (named?.type === 'FileDescriptorVariable') {
      number = Math.max(9, ...descriptors.keys()) + 1;
      shell.variables.set(named.name, String(number));
    }
    if (redirection.type === 'HereString') {
      const text = redirection.target === undefined ? '' : await expandText(shell, redirection.target);
      descriptors.set(number ?? 0, { source: textSource(`${text}\n`) });
    } else if (redirection.type === 'HereDoc') {
      const { body, operator } = redirection;
      let text = body.parts === undefined ? body.text : await expandParts(shell, body.parts);
      if (operator === '<<-') text = text.replace(/^\t+/gm, '');
      descriptors.set(number ?? 0, { source: textSource(text) });
    } else await open(shell, descriptors, redirection, number);
  }
  return descriptors;
}

async function open(
  shell: Shell,
  descriptors: Map<number, Descriptor>,
  redirection: Redirect,
  number: number | null,
): Promise<void> {
  const words = redirection.target === undefined ? [] : await expandWords(shell, [redirection.target]);
  if (words.length !== 1) throw new CommandError(`${redirection.target?.text ?? ''}: ambiguous redirect`);
  const target = words[0]!;
  const operator = redirection.operator;
  const into = number ?? (operator.startsWith('<') ? 0 : 1);
  if (operator === '<&' || operator === '>&') {
    if (target === '-') {
      descriptors.delete(into);
      return;
    }
    if (/^\d+-?$/.test(target)) return duplicate(descriptors, into, target);
    if (operator === '<&' || number !== null) throw new CommandError(`${target}: ambiguous redirect`);
  }
  if (operator === '<') {
    descriptors.set(into, openForReading(shell, descriptors, target));
    return;
  }
  const opened = openForWriting(shell, descriptors, target, operator.includes('>>') || operator === '<>');
  const both = operator.startsWith('&>') || (operator === '>&' && number === null);
  for (const each of both ? [1, 2] : [into]) descriptors.set(each, { ...opened });
}

function duplicate(descriptors: Map<number, Descriptor>, into: number, target: string): void {
  const from = Number.parseInt(target, 10);
  const descriptor = descriptors.get(from);
  if (descriptor === undefined) throw new CommandError(`${from}: Bad file descriptor`);
  descriptors.set(into, descriptor);
  if (target.endsWith('-')) descriptors.delete(from);
}

function openForReading(
  shell: Shell,
  descriptors: ReadonlyMap<number, Descriptor>,
  path: string,
): Descriptor {
  const special = specialFile(descriptors, path);
  if (special !== undefined) return special;
  try {
    return { source: textSource(shell.process.files.read(shell.resolve(path))) };
  } catch (error) {
    throw failure(path, error);
  }
}

function openForWriting(
  shell: Shell,
  descriptors: ReadonlyMap<number, Descriptor>,
  path: string,
  append: boolean,
): Descriptor {
  const special = specialFile(descriptors, path);
  if (special !== undefined) return special;
  const absolute = shell.resolve(path);
  if (absolute === '/dev/null') return { sink: callbackSink() };
  const files = shell.process.files;
  try {
    if (append) files.append(absolute, '');
    else files.write(absolute, '');
  } catch (error) {
    throw failure(path, error);
  }
  const sink: Sink = fileSink(files, absolute);
  return { sink };
}

function specialFile(descriptors: ReadonlyMap<number, Descriptor>, path: string): Descriptor | undefined {
  const names: Readonly<Record<string, number>> = { '/dev/stdin': 0, '/dev/stdout': 1, '/dev/stderr': 2 };
  if (names[path] !== undefined) return descriptors.get(names[path]);
  if (path !== '/dev/tty') return undefined;
  const descriptor = [...descriptors.values()].find(
    ({ sink, source }) => source?.terminal === true || sink?.terminalSize() != null,
  );
  if (descriptor === undefined) throw new CommandError('/dev/tty: No such device or address');
  return descriptor;
}

function failure(path: string, error: unknown): unknown {
  return error instanceof FileError ? new CommandError(`${path}: ${error.message}`) : error;
}
