import { FileError, type FileStatus, type FileSystem } from '#world/machine/fileSystem.ts';
import { MemoryFileSystem } from '#world/machine/memoryFileSystem.ts';

/** The kubelet brings a volume up to date with its sync of the pod. Upstream: syncFrequency. */
const refreshMs = 60_000;

/** Files that show API objects: looked at again when they are read and the last look is old. */
export class RefreshedFiles implements FileSystem {
  readonly #clock: { readonly nowMs: number };
  readonly #content: () => ReadonlyMap<string, string>;
  readonly #finish: ((files: MemoryFileSystem) => void) | undefined;
  #files: MemoryFileSystem;
  #refreshedMs: number;

  /**
   * `isFixed` keeps the first look: a mount by subPath is not brought up to date. `finish` gives the files of
   * each look their modes and owners.
   */
  constructor(
    clock: { readonly nowMs: number },
    content: () => ReadonlyMap<string, string>,
    isFixed = false,
    finish?: (files: MemoryFileSystem) => void,
  ) {
    this.#clock = clock;
    this.#content = content;
    this.#finish = finish;
    this.#files = this.#load(new MemoryFileSystem(clock));
    this.#refreshedMs = isFixed ? Infinity : clock.nowMs;
  }

  read(path: string): string {
    return this.#current().read(path);
  }

  status(path: string): FileStatus | null {
    return this.#current().status(path);
  }

  list(path: string): string[] {
    return this.#current().list(path);
  }

  write(path: string): void {
    throw new FileError('EROFS', path);
  }

  append(path: string): void {
    throw new FileError('EROFS', path);
  }

  usage(): null {
    return null;
  }

  reserve(path: string): void {
    throw new FileError('EROFS', path);
  }

  makeDirectory(path: string): void {
    throw new FileError('EROFS', path);
  }

  remove(path: string): void {
    throw new FileError('EROFS', path);
  }

  rename(_from: string, to: string): void {
    throw new FileError('EROFS', to);
  }

  setAccess(path: string): void {
    throw new FileError('EROFS', path);
  }

  #current(): MemoryFileSystem {
    if (this.#clock.nowMs - this.#refreshedMs >= refreshMs) {
      this.#refreshedMs = this.#clock.nowMs;
      this.#files = this.#load(this.#files);
    }
    return this.#files;
  }

  /** The present content; what was there before where it cannot be had now. */
  #load(before: MemoryFileSystem): MemoryFileSystem {
    let content: ReadonlyMap<string, string>;
    try {
      content = this.#content();
    } catch {
      return before;
    }
    const files = new MemoryFileSystem(this.#clock);
    for (const [path, text] of content) {
      const directory = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      if (directory !== '') files.makeDirectory(`/${directory}`, { parents: true });
      files.write(`/${path}`, text);
    }
    this.#finish?.(files);
    return files;
  }
}
