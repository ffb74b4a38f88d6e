import { FileError } from '#world/machine/fileSystem.ts';
import { fromBytes, toBytes } from '#world/machine/utf8.ts';
import type { Process } from '#world/machine/program.ts';
import { complain, pathOf, statusOf, tool, ToolError } from './tool.ts';

const blockLength = 512;
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
  if (operands.length === 0)
    throw new ToolError(
      "Cowardly refusing to create an empty archive\nTry 'tar --help' or 'tar --usage' for more information.",
      fatalCode,
    );
  let bytes = '';
  let status = 0;
  const add = async (path: string, member: string): Promise<void> => {
    const found = process.files.status(path)!;
    const isFolder = found.type === 'directory';
    const body = isFolder ? '' : toBytes(process.files.read(path));
    bytes += header(isFolder ? `${member}/` : member, body.length, found.modifiedMs, isFolder) + padded(body);
    if (bytes.length > archiveBytesMax) throw new ToolError('archive is too large', fatalCode);
    if (letters.has('v')) await process.stderr.write(`${isFolder ? `${member}/` : member}\n`);
    if (isFolder)
      for (const name of process.files.list(path)) await add(`${path}/${name}`, `${member}/${name}`);
  };
  const base = pathOf(process, folder);
  for (const operand of operands) {
    const path = operand.startsWith('/') ? operand : `${base}/${operand}`;
    if (operand.startsWith('/')) await complain(process, "Removing leading `/' from member names");
    if (statusOf(process, path) === null) {
      await complain(process, `${operand}: Cannot stat: No such file or directory`);
      status = fatalCode;
    } else await add(pathOf(process, path), operand.replace(/^\/+/, '').replace(/\/+$/, ''));
  }
  if (status !== 0) await complain(process, 'Exiting with failure status due to previous errors');
  bytes += '\0'.repeat(2 * blockLength);
  if (archive === '-') await process.stdout.write(fromBytes(bytes));
  else process.files.write(pathOf(process, archive), fromBytes(bytes));
  return status;
}

async function readArchive(process: Process, { letters, archive, folder }: Options): Promise<number> {
  const bytes = toBytes(archive === '-' ? await readAll(process) : readFile(process, archive));
  const base = pathOf(process, folder);
  if (letters.has('x') && statusOf(process, base) === null)
    throw cannotOpen(folder, 'No such file or directory');
  let longName = '';
  for (let at = 0; at + blockLength <= bytes.length && bytes[at] !== '\0';) {
    const block = bytes.slice(at, at + blockLength);
    const size = parseInt(text(block, 124, 12), 8) || 0;
    const kind = block[156]!;
    const prefix = text(block, 345, 155);
    const name = longName || (prefix === '' ? '' : `${prefix}/`) + text(block, 0, 100);
    const body = bytes.slice(at + blockLength, at + blockLength + size);
    if (body.length < size) throw new ToolError('Unexpected EOF in archive', fatalCode);
    at += blockLength + Math.ceil(size / blockLength) * blockLength;
    longName = kind === 'L' ? text(body, 0, size) : '';
    const isFolder = kind === '5';
    if (!isFolder && kind !== '0' && kind !== '\0') continue;
    if (letters.has('t') || letters.has('v')) await process.stdout.write(`${fromBytes(name)}\n`);
    if (letters.has('x')) extract(process, `${base}/${fromBytes(name)}`, isFolder ? null : fromBytes(body));
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
function extract(process: Process, path: string, body: string | null): void {
  const target = pathOf(process, path);
  const parent = body === null ? target : target.slice(0, target.lastIndexOf('/'));
  try {
    if (parent !== '') process.files.makeDirectory(parent, { parents: true });
    if (body !== null) process.files.write(target, body);
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

/** One header block of the ustar format. */
function header(name: string, size: number, modifiedMs: number, isFolder: boolean): string {
  const bytes = toBytes(name);
  // A name that is too long for its field has its beginning in another, cut at a slash.
  const cut = bytes.length > 100 ? bytes.indexOf('/', bytes.length - 101) : -1;
  if (bytes.length > 100 && (cut < 0 || cut > 155))
    throw new ToolError(`${name}: file name is too long`, fatalCode);
  const fields = [
    field(cut < 0 ? bytes : bytes.slice(cut + 1), 100),
    octal(isFolder ? 0o755 : 0o644, 8),
    octal(0, 8),
    octal(0, 8),
    octal(size, 12),
    octal(Math.floor(modifiedMs / 1000), 12),
    ' '.repeat(8),
    isFolder ? '5' : '0',
    field('', 100),
    'ustar\x0000',
    field('root', 32),
    field('root', 32),
    octal(0, 8),
    octal(0, 8),
    field(cut < 0 ? '' : bytes.slice(0, cut), 155),
  ].join('');
  let sum = 0;
  for (let at = 0; at < fields.length; at++) sum += fields.charCodeAt(at);
  const checked = `${fields.slice(0, 148)}${sum.toString(8).padStart(6, '0')}\0 ${fields.slice(156)}`;
  return field(checked, blockLength);
}

function field(value: string, length: number): string {
  return value.padEnd(length, '\0');
}

function octal(value: number, length: number): string {
  return `${value.toString(8).padStart(length - 1, '0')}\0`;
}

function padded(body: string): string {
  return field(body, Math.ceil(body.length / blockLength) * blockLength);
}

function text(block: string, from: number, length: number): string {
  const value = block.slice(from, from + length);
  const end = value.indexOf('\0');
  return end < 0 ? value : value.slice(0, end);
}
