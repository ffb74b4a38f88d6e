import { FileError } from '#world/machine/fileSystem.ts';
import type { Process } from '#world/machine/program.ts';
import { readTar, TarError, type TarMember, writeTar } from '#world/machine/tarArchive.ts';
import { complain, pathOf, statusOf, tool, ToolError } from './tool.ts';

/** Bytes of an archive that is read or made; files here are texts. */
const archiveBytesMax = 32 * 1024 * 1024;
/** GNU tar's code for what it cannot go on after. */
const fatalCode = 2;

interface Options {
  readonly letters: ReadonlySet<string>;
  /** `-` is standard input or output. */
  readonly archive: string;
  readonly folder: string;
  readonly operands: readonly string[];
}

/** `tar -c|-x|-t [-v] [-f FILE] [-C DIR] [PATH…]`: what `kubectl cp` asks of a container. */
export const tar = tool(async (process) => {
  const options = readOptions(process.args.slice(1));
  if (options.letters.has('z') || options.letters.has('j'))
    throw new ToolError('(child): gzip: Cannot exec: No such file or directory', fatalCode);
  if (options.letters.has('c')) return create(process, options);
  if (!options.letters.has('x') && !options.letters.has('t')) {
    throw new ToolError(
      "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options\nTry 'tar --help' or 'tar --usage' for more information.",
      fatalCode,
    );
  }
  return readArchive(process, options);
}, fatalCode);

function readOptions(args: readonly string[]): Options {
  const letters = new Set<string>();
  const operands: string[] = [];
  let archive = '-';
  let folder = '.';
  const rest = [...args];
  for (let isFirst = true; rest.length > 0; isFirst = false) {
    const word = rest.shift()!;
    if (word === '--') {
      operands.push(...rest.splice(0));
    } else if (word.startsWith('--')) letters.add(longNames[word.slice(2)] ?? '');
    else if ((isFirst || word.startsWith('-')) && word !== '-') {
      for (const letter of word.replace(/^-/, '')) {
        if (letter === 'f') archive = rest.shift() ?? '-';
        else if (letter === 'C') folder = rest.shift() ?? '.';
        else letters.add(letter);
      }
    } else operands.push(word);
  }
  return { letters, archive, folder, operands };
}

const longNames: Readonly<Record<string, string>> = { create: 'c', extract: 'x', list: 't', verbose: 'v' };

async function create(process: Process, { letters, archive, folder, operands }: Options): Promise<number> {
  if (operands.length === 0) {
    throw new ToolError(
      "Cowardly refusing to create an empty archive\nTry 'tar --help' or 'tar --usage' for more information.",
      fatalCode,
    );
  }
  const members: TarMember[] = [];
  const base = pathOf(process, folder);
  let status = 0;
  for (const operand of operands) {
    const path = operand.startsWith('/') ? operand : `${base}/${operand}`;
    if (operand.startsWith('/')) await complain(process, "Removing leading `/' from member names");
    if (statusOf(process, path) === null) {
      await complain(process, `${operand}: Cannot stat: No such file or directory`);
      status = fatalCode;
    } else gather(process, pathOf(process, path), operand.replace(/^\/+/, '').replace(/\/+$/, ''), members);
  }
  if (letters.has('v'))
    for (const { name, text } of members) await process.stderr.write(`${name}${text === null ? '/' : ''}\n`);
  if (status !== 0) await complain(process, 'Exiting with failure status due to previous errors');
  const written = inTarsWords(() => writeTar(members));
  if (archive === '-') await process.stdout.write(written);
  else process.files.write(pathOf(process, archive), written);
  return status;
}

/** A file or a directory with all that is in it. */
function gather(process: Process, path: string, name: string, members: TarMember[]): void {
  const { type, modifiedMs, mode } = process.files.status(path)!;
  members.push({ name, text: type === 'directory' ? null : process.files.read(path), modifiedMs, mode });
  if (type === 'directory')
    for (const child of process.files.list(path))
      gather(process, `${path}/${child}`, `${name}/${child}`, members);
}

function inTarsWords<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof TarError ? new ToolError(error.message, fatalCode) : error;
  }
}

async function readArchive(process: Process, { letters, archive, folder }: Options): Promise<number> {
  const bytes = archive === '-' ? await readAll(process) : readFile(process, archive);
  const base = pathOf(process, folder);
  if (letters.has('x') && statusOf(process, base) === null)
    throw cannotOpen(folder, 'No such file or directory');
  for (const { name, text, mode } of inTarsWords(() => readTar(bytes))) {
    if (letters.has('t') || letters.has('v')) await process.stdout.write(`${name}\n`);
    if (letters.has('x')) extract(process, `${base}/${name}`, text, mode);
  }
  return 0;
}

function readFile(process: Process, path: string): string {
  try {
    return process.files.read(pathOf(process, path));
  } catch (error) {
    throw error instanceof FileError ? cannotOpen(path, error.message) : error;
  }
}

function cannotOpen(path: string, why: string): ToolError {
  return new ToolError(`${path}: Cannot open: ${why}\ntar: Error is not recoverable: exiting now`, fatalCode);
}

/** Writes one member; `body` is null for a directory. */
function extract(process: Process, path: string, body: string | null, mode: number | undefined): void {
  const target = pathOf(process, path);
  const parent = body === null ? target : target.slice(0, target.lastIndexOf('/'));
  try {
    if (parent !== '') process.files.makeDirectory(parent, { parents: true });
    if (body !== null) process.files.write(target, body);
    if (mode !== undefined && process.files.status(target)?.mode !== mode)
      process.files.setAccess(target, { mode });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new ToolError(`${target}: Cannot open: ${error.message}`, fatalCode);
  }
}

async function readAll(process: Process): Promise<string> {
  const pieces: string[] = [];
  let length = 0;
  for (let piece = await process.stdin.read(); piece !== null; piece = await process.stdin.read()) {
    pieces.push(piece);
    length += piece.length;
    if (length > archiveBytesMax) throw new ToolError('archive is too large', fatalCode);
  }
  return pieces.join('');
}
