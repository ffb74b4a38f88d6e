import { type FileAccess, FileError, type FileStatus, type FileSystem } from './fileSystem.ts';
import type { MemoryFileSystem } from './memoryFileSystem.ts';
import { fromBytes, toBytes, utf8Length } from './utf8.ts';

/** Where a disk that has no file system keeps what was written to it. */
const path = '/device';
/** Nobody but root and the group `disk`. */
const access = { mode: 0o660, uid: 0, gid: 6 };

/** A text with another in it, over what stands at so many bytes from its beginning; zeros fill a gap. */
export function overwritten(before: string, offset: number, text: string): string {
  const bytes = toBytes(before).padEnd(offset, '\0');
  const more = toBytes(text);
  return fromBytes(bytes.slice(0, offset) + more + bytes.slice(offset + more.length));
}

/**
 * A disk as one file of a fixed size, which is mounted where a container has the device. What nobody has written is
 * zeros, and not kept.
 */
export class BlockDevice implements FileSystem {
  readonly #disk: MemoryFileSystem;
  #access: FileAccess = access;
  /** Where the next text of whoever has opened it goes, in bytes. */
  #position = 0;

  constructor(disk: MemoryFileSystem) {
    this.#disk = disk;
  }

  read(): string {
    return this.#disk.status(path) === null ? '' : this.#disk.read(path);
  }

  /** Nothing is emptied: a program that opens a device begins to write at its beginning. */
  write(_path: string, text: string): void {
    this.#position = 0;
    this.append(_path, text);
  }

  append(_path: string, text: string): void {
    if (text === '') return;
    this.overwrite(_path, this.#position, text);
    this.#position += utf8Length(text);
  }

  overwrite(_path: string, offset: number, text: string): boolean {
    if (offset + utf8Length(text) > this.#disk.bytesMax) throw new FileError('ENOSPC', path);
    this.#disk.write(path, overwritten(this.read(), offset, text));
    return true;
  }

  /** So many zeros at the beginning. */
  reserve(_path: string, bytes: number): void {
    const kept = toBytes(this.read()).length;
    if (kept > 0) this.overwrite(path, 0, '\0'.repeat(Math.min(kept, bytes)));
    if (bytes > this.#disk.bytesMax) throw new FileError('ENOSPC', path);
  }

  status(inner: string): FileStatus | null {
    if (inner !== '/') throw new FileError('ENOTDIR', inner);
    const modifiedMs = this.#disk.status(path)?.modifiedMs ?? 0;
    return { type: 'file', device: 'block', size: this.#disk.bytesMax, modifiedMs, ...this.#access };
  }

  setAccess(_path: string, change: Partial<FileAccess>): void {
    this.#access = { ...this.#access, ...change };
  }

  usage(): null {
    return null;
  }

  list(inner: string): string[] {
    throw new FileError('ENOTDIR', inner);
  }

  makeDirectory(inner: string): void {
    throw new FileError('EEXIST', inner);
  }

  remove(inner: string): void {
    throw new FileError('EBUSY', inner);
  }

  rename(inner: string): void {
    throw new FileError('EBUSY', inner);
  }
}
