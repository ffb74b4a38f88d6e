// The ustar format, as POSIX describes it.
import { fromBytes, toBytes } from './utf8.ts';

const blockLength = 512;

/** A file or directory in an archive. */
export interface TarMember {
  readonly name: string;
  /** Null for a directory. */
  readonly text: string | null;
  readonly modifiedMs: number;
  /** Permission bits; those of the usual umask where they are left out. */
  readonly mode?: number;
}

/** An archive cannot be made of this, or cannot be read. */
export class TarError extends Error {
  override name = 'TarError';
}

/** An archive as text: files here are texts, so its bytes are UTF-8. Throws TarError for names that do not fit. */
export function writeTar(members: readonly TarMember[]): string {
  const bytes = members.map((member) => {
    const body = toBytes(member.text ?? '');
    return header(member, body.length) + padded(body);
  });
  return fromBytes(bytes.join('') + '\0'.repeat(2 * blockLength));
}

/** The members of an archive, in their order. Throws TarError for one that is cut. */
export function readTar(archive: string): TarMember[] {
  const bytes = toBytes(archive);
  const members: TarMember[] = [];
  let longName = '';
  for (let at = 0; at + blockLength <= bytes.length && bytes[at] !== '\0';) {
    const block = bytes.slice(at, at + blockLength);
    const size = parseInt(text(block, 124, 12), 8) || 0;
    const kind = block[156]!;
    const body = bytes.slice(at + blockLength, at + blockLength + size);
    if (body.length < size) throw new TarError('Unexpected EOF in archive');
    at += blockLength + Math.ceil(size / blockLength) * blockLength;
    const prefix = text(block, 345, 155);
    const name = longName || (prefix === '' ? '' : `${prefix}/`) + text(block, 0, 100);
    longName = kind === 'L' ? text(body, 0, size) : '';
    const isDirectory = kind === '5';
    // Links and what other formats add are no files.
    if (!isDirectory && kind !== '0' && kind !== '\0') continue;
    members.push({
      name: fromBytes(name),
      text: isDirectory ? null : fromBytes(body),
      modifiedMs: (parseInt(text(block, 136, 12), 8) || 0) * 1000,
      mode: parseInt(text(block, 100, 8), 8) & 0o7777,
    });
  }
  return members;
}

function header({ name, text: body, modifiedMs, mode }: TarMember, size: number): string {
  const isDirectory = body === null;
  const bytes = toBytes(isDirectory && !name.endsWith('/') ? `${name}/` : name);
  // A name that is too long for its field has its beginning in another, cut at a slash.
  const cut = bytes.length > 100 ? bytes.indexOf('/', bytes.length - 101) : -1;
  if (bytes.length > 100 && (cut < 0 || cut > 155)) throw new TarError(`${name}: file name is too long`);
  const fields = [
    field(cut < 0 ? bytes : bytes.slice(cut + 1), 100),
    octal(mode ?? (isDirectory ? 0o755 : 0o644), 8),
    octal(0, 8),
    octal(0, 8),
    octal(size, 12),
    octal(Math.floor(modifiedMs / 1000), 12),
    ' '.repeat(8),
    isDirectory ? '5' : '0',
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
