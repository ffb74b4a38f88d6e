import {
  type FileAccess,
  FileError,
  type FileStatus,
  type FileSystem,
  type FileSystemUsage,
} from './fileSystem.ts';

/** A tree with other trees mounted into it: volumes into a container's own files. */
export class MountedFileSystem implements FileSystem {
  readonly #root: FileSystem;
  /** Mount points by path, deepest first. */
  #mounts: { readonly path: string; readonly files: FileSystem; readonly readOnly: boolean }[] = [];

  #isReadOnly = false;
  /** What the machine's own disk takes: its files, and volumes that are kept on it. */
  diskBytes = Infinity;

  constructor(root: FileSystem) {
    this.#root = root;
  }

  /** From now on nothing can be written but where a volume is mounted. */
  protect(): void {
    this.#isReadOnly = true;
  }

  /** Shows `files` at the absolute `path`, which is made when it is not there. */
  mount(path: string, files: FileSystem, options: { readOnly?: boolean } = {}): void {
    this.makeDirectory(path, { parents: true });
    this.#mounts.push({ path, files, readOnly: options.readOnly === true });
    this.#mounts.sort((a, b) => b.path.length - a.path.length);
  }

  read(path: string): string {
    return this.#at(path, (files, inner) => files.read(inner));
  }

  write(path: string, text: string): void {
    this.#at(path, (files, inner) => files.write(inner, text), true);
  }

  append(path: string, text: string): void {
    this.#at(path, (files, inner) => files.append(inner, text), true);
  }

  overwrite(path: string, offset: number, text: string): boolean {
    return this.#at(path, (files, inner) => files.overwrite?.(inner, offset, text) ?? false, true);
  }

  mountPoints(): readonly string[] {
    return this.#mounts.map(({ path }) => path).sort();
  }

  usage(path: string): FileSystemUsage | null {
    const mount = this.#find(path);
    const own = (mount?.files ?? this.#root).usage(this.#inner(path));
    if (own === null) return null;
    const isBounded = own.totalBytes !== Infinity;
    return {
      source: mount === undefined ? 'overlay' : isBounded ? own.source : '/dev/vda1',
      mountedOn: mount?.path ?? '/',
      totalBytes: isBounded ? own.totalBytes : this.diskBytes,
      usedBytes: own.usedBytes,
    };
  }

  reserve(path: string, bytes: number): void {
    this.#at(path, (files, inner) => files.reserve(inner, bytes), true);
  }

  status(path: string): FileStatus | null {
    return this.#at(path, (files, inner) => files.status(inner));
  }

  list(path: string): string[] {
    return this.#at(path, (files, inner) => files.list(inner));
  }

  makeDirectory(path: string, options?: { parents?: boolean }): void {
    if (options?.parents === true && this.status(path)?.type === 'directory') return;
    this.#at(path, (files, inner) => files.makeDirectory(inner, options), true);
  }

  remove(path: string, options?: { recursive?: boolean }): void {
    if (this.#mounts.some((mount) => mount.path === path || mount.path.startsWith(`${path}/`))) {
      throw new FileError('EBUSY', path);
    }
    this.#at(path, (files, inner) => files.remove(inner, options), true);
  }

  rename(from: string, to: string): void {
    if (this.#find(from) !== this.#find(to)) throw new FileError('EXDEV', to);
    this.#at(from, (files, inner) => files.rename(inner, this.#inner(to)), true);
  }

  setAccess(path: string, access: Partial<FileAccess>): void {
    this.#at(path, (files, inner) => files.setAccess(inner, access), true);
  }

  #find(path: string) {
    return this.#mounts.find((mount) => path === mount.path || path.startsWith(`${mount.path}/`));
  }

  #inner(path: string): string {
    return path.slice(this.#find(path)?.path.length ?? 0) || '/';
  }

  #at<T>(path: string, act: (files: FileSystem, inner: string) => T, changes = false): T {
    const mount = this.#find(path);
    // Devices are no part of the root.
    const isProtected = mount ? mount.readOnly : this.#isReadOnly && !path.startsWith('/dev/');
    if (changes && isProtected) throw new FileError('EROFS', path);
    if (mount === undefined) return act(this.#root, path);
    try {
      return act(mount.files, this.#inner(path));
    } catch (error) {
      // What is mounted does not know where.
      throw error instanceof FileError ? new FileError(error.code, path) : error;
    }
  }
}
