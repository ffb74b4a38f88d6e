import {
  type FileAccess,
  FileError,
  type FileStatus,
  type FileSystem,
  type FileSystemUsage,
} from './fileSystem.ts';

/** Who a process is to the kernel. */
export interface User {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

const read = 4;
const write = 2;
const execute = 1;
const setgid = 0o2000;
/** In a directory with this bit only a file's owner removes it. */
const sticky = 0o1000;
/** Everybody writes to these, whatever their directory says. */
const devices = /^\/dev\/(null|zero|full|u?random|tty|stdin|stdout|stderr)$/;

/** Whether the kernel lets a user do what `bits` (read 4, write 2, execute 1) stand for. */
export function mayAccess({ mode, uid, gid }: FileAccess, user: User, bits: number): boolean {
  if (user.uid === 0) return bits !== execute || (mode & 0o111) !== 0;
  const shift = uid === user.uid ? 6 : gid === user.gid || user.groups.includes(gid) ? 3 : 0;
  return ((mode >> shift) & bits) === bits;
}

const parentOf = (path: string) => path.slice(0, path.lastIndexOf('/')) || '/';

/** Files as a user who is not root has them: what the modes refuse fails with EACCES, what only owners may with EPERM. */
export class UserFiles implements FileSystem {
  readonly #files: FileSystem;
  readonly #user: User;

  constructor(files: FileSystem, user: User) {
    this.#files = files;
    this.#user = user;
  }

  read(path: string): string {
    this.#need(path, read);
    return this.#files.read(path);
  }

  write(path: string, text: string): void {
    this.#change(path, () => this.#files.write(path, text));
  }

  append(path: string, text: string): void {
    this.#change(path, () => this.#files.append(path, text));
  }

  overwrite(path: string, offset: number, text: string): boolean {
    this.#need(path, write);
    return this.#files.overwrite?.(path, offset, text) ?? false;
  }

  usage(path: string): FileSystemUsage | null {
    this.#walk(path);
    return this.#files.usage(path);
  }

  mountPoints(): readonly string[] {
    return this.#files.mountPoints?.() ?? [];
  }

  reserve(path: string, bytes: number): void {
    this.#change(path, () => this.#files.reserve(path, bytes));
  }

  status(path: string): FileStatus | null {
    this.#walk(path);
    return this.#files.status(path);
  }

  list(path: string): string[] {
    this.#need(path, read);
    return this.#files.list(path);
  }

  makeDirectory(path: string, options: { parents?: boolean } = {}): void {
    if (this.status(path) === null) {
      const parent = parentOf(path);
      if (options.parents === true) this.makeDirectory(parent, options);
      this.#needParent(path);
      this.#files.makeDirectory(path);
      this.#own(path);
    } else this.#files.makeDirectory(path, options);
  }

  remove(path: string, options: { recursive?: boolean } = {}): void {
    this.#needRemovable(path);
    if (options.recursive === true) this.#needEmptiable(path);
    this.#files.remove(path, options);
  }

  rename(from: string, to: string): void {
    this.#needRemovable(from);
    this.#walk(to);
    if (this.#files.status(to) === null) this.#needParent(to);
    else this.#needRemovable(to);
    this.#files.rename(from, to);
  }

  setAccess(path: string, access: Partial<FileAccess>): void {
    const status = this.status(path);
    const { uid, gid, groups } = this.#user;
    const givesAway = access.uid !== undefined && access.uid !== status?.uid;
    const joins = access.gid !== undefined && access.gid !== gid && !groups.includes(access.gid);
    if (status !== null && (status.uid !== uid || givesAway || joins)) throw new FileError('EPERM', path);
    this.#files.setAccess(path, access);
  }

  #change(path: string, act: () => void): void {
    if (devices.test(path)) return act();
    const before = this.status(path);
    if (before === null) {
      this.#needParent(path);
      act();
      this.#own(path);
    } else {
      if (before.type === 'file' && !mayAccess(before, this.#user, write))
        throw new FileError('EACCES', path);
      act();
    }
  }

  /** Gives to the user what was just made; a directory that hands on its group has done that. */
  #own(path: string): void {
    const { uid, gid } = this.#user;
    const hasGroup = ((this.#files.status(parentOf(path))?.mode ?? 0) & setgid) !== 0;
    this.#files.setAccess(path, hasGroup ? { uid } : { uid, gid });
  }

  /** Each directory on the way has to let the user through. */
  #walk(path: string): void {
    for (let at = path.indexOf('/', 1); at > 0; at = path.indexOf('/', at + 1))
      this.#enter(path.slice(0, at), path);
    if (path !== '/') this.#enter('/', path);
  }

  #enter(directory: string, path: string): void {
    const status = this.#files.status(directory);
    if (status?.type === 'directory' && !mayAccess(status, this.#user, execute))
      throw new FileError('EACCES', path);
  }

  #need(path: string, bits: number): void {
    const status = this.status(path);
    if (status !== null && !mayAccess(status, this.#user, bits)) throw new FileError('EACCES', path);
  }

  #needParent(path: string): void {
    const parent = this.#files.status(parentOf(path));
    if (parent !== null && !mayAccess(parent, this.#user, write | execute))
      throw new FileError('EACCES', path);
  }

  #needRemovable(path: string): void {
    const status = this.status(path);
    if (status === null) return;
    this.#needParent(path);
    const parent = this.#files.status(parentOf(path));
    const { uid } = this.#user;
    if (parent !== null && (parent.mode & sticky) !== 0 && status.uid !== uid && parent.uid !== uid)
      throw new FileError('EPERM', path);
  }

  /** A tree is removed from below: every directory with something in it has to be the user's to change. */
  #needEmptiable(path: string): void {
    if (this.status(path)?.type !== 'directory') return;
    this.#need(path, read);
    for (const name of this.#files.list(path)) {
      this.#needRemovable(`${path}/${name}`);
      this.#needEmptiable(`${path}/${name}`);
    }
  }
}
