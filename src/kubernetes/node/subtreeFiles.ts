import type { FileAccess, FileStatus, FileSystem, FileSystemUsage } from '#world/machine/fileSystem.ts';

/** A directory (or one file) of another file system, seen as a whole of its own. */
export class SubtreeFiles implements FileSystem {
  readonly #whole: FileSystem;
  readonly #root: string;

  /** `root` is absolute; it need not be there yet. */
  constructor(whole: FileSystem, root: string) {
    this.#whole = whole;
    this.#root = root === '/' ? '' : root;
  }

  read(path: string): string {
    return this.#whole.read(this.#outer(path));
  }

  write(path: string, text: string): void {
    this.#whole.write(this.#outer(path), text);
  }

  append(path: string, text: string): void {
    this.#whole.append(this.#outer(path), text);
  }

  usage(path: string): FileSystemUsage | null {
    return this.#whole.usage(this.#outer(path));
  }

  reserve(path: string, bytes: number): void {
    this.#whole.reserve(this.#outer(path), bytes);
  }

  status(path: string): FileStatus | null {
    return this.#whole.status(this.#outer(path));
  }

  list(path: string): string[] {
    return this.#whole.list(this.#outer(path));
  }

  makeDirectory(path: string, options?: { parents?: boolean }): void {
    this.#whole.makeDirectory(this.#outer(path), options);
  }

  remove(path: string, options?: { recursive?: boolean }): void {
    this.#whole.remove(this.#outer(path), options);
  }

  rename(from: string, to: string): void {
    this.#whole.rename(this.#outer(from), this.#outer(to));
  }

  setAccess(path: string, access: Partial<FileAccess>): void {
    this.#whole.setAccess(this.#outer(path), access);
  }

  #outer(path: string): string {
    return path === '/' ? this.#root || '/' : `${this.#root}${path}`;
  }
}
