import {
  type FileAccess,
  FileError,
  type FileStatus,
  type FileSystem,
  type FileSystemUsage,
} from './fileSystem.ts';

interface FileNode {
  readonly type: 'file';
  readonly text: string;
  /** Bytes that it takes beyond its text, which nobody has written. */
  readonly reserved: number;
  readonly modifiedMs: number;
  /** Undefined for what nobody has changed. */
  readonly access: FileAccess | undefined;
}

interface DirectoryNode {
  readonly type: 'directory';
  readonly entries: Map<string, FileNode | DirectoryNode>;
  /** The file system that may change this node in place; every other one copies it first. */
  readonly owner: object;
  modifiedMs: number;
  access: FileAccess | undefined;
}

/** Characters that all files together may hold, unless the owner says otherwise. */
const sizeMaxDefault = 16_777_216;
/** What a file or directory costs besides its text, so that empty ones are bounded too. */
const nodeSize = 256;
const nullDevice = '/dev/null';
const root = { uid: 0, gid: 0 };
/** What is made with the usual umask. */
const fileMode = 0o644;
const directoryMode = 0o755;
const deviceMode = 0o666;
/** What is made in a directory with this bit has the directory's group. */
const setgid = 0o2000;

/**
 * Files in memory, with times from the simulation's clock and a bound on their total size (ENOSPC).
 * `fork` shares the whole tree: each side copies a directory only when it first changes it.
 */
export class MemoryFileSystem implements FileSystem {
  readonly #clock: { readonly nowMs: number };
  readonly #sizeMax: number;
  #listeners: readonly ((path: string) => void)[] = [];
  /** What its disk takes in all. */
  bytesMax = Infinity;
  /** The disk, as `df` calls it. */
  source = '';
  #owner = {};
  /** To whom everything belongs that was not given to somebody. */
  readonly #user: { readonly uid: number; readonly gid: number };
  #root: DirectoryNode;
  #size: number;
  #reserved: number;

  constructor(
    clock: { readonly nowMs: number },
    options: {
      sizeMax?: number;
      from?: MemoryFileSystem;
      user?: { readonly uid: number; readonly gid: number };
    } = {},
  ) {
    this.#clock = clock;
    const { from } = options;
    this.#user = options.user ?? (from === undefined ? root : from.#user);
    this.#sizeMax = options.sizeMax ?? sizeMaxDefault;
    this.#root = from?.share() ?? this.#directory(undefined);
    this.#size = from?.size ?? 0;
    this.#reserved = from?.reserved ?? 0;
  }

  /** Calls `listener` after each change, with the path. */
  onChange(listener: (path: string) => void): void {
    this.#listeners = [...this.#listeners, listener];
  }

  #changed(path: string): void {
    for (const listener of this.#listeners) listener(path);
  }

  /** Characters in use. */
  get size(): number {
    return this.#size;
  }

  /** Bytes in use that hold no text. */
  get reserved(): number {
    return this.#reserved;
  }

  /** What it would take of a disk. */
  get diskBytes(): number {
    return this.#size + this.#reserved;
  }

  usage(): FileSystemUsage {
    const isBounded = this.bytesMax !== Infinity;
    return {
      source: isBounded ? this.source : '',
      mountedOn: '/',
      totalBytes: this.bytesMax,
      usedBytes: this.diskBytes,
    };
  }

  /** An independent copy, at no cost until one of the two changes. */
  fork(clock: { readonly nowMs: number } = this.#clock, sizeMax = this.#sizeMax): MemoryFileSystem {
    return new MemoryFileSystem(clock, { sizeMax, from: this });
  }

  /** Its tree, which from now on nobody changes in place. */
  share(): DirectoryNode {
    this.#owner = {};
    return this.#root;
  }

  read(path: string): string {
    if (path === nullDevice) return '';
    const node = this.#need(path);
    if (node.type === 'directory') throw new FileError('EISDIR', path);
    return node.text;
  }

  write(path: string, text: string): void {
    if (path === nullDevice) return;
    const before = this.#find(path);
    if (before?.type === 'directory') throw new FileError('EISDIR', path);
    const [directory, name] = this.#ownParent(path);
    this.#grow(text.length - (before === null ? -nodeSize : before.text.length), path);
    this.#reserved -= before?.reserved ?? 0;
    const access = before === null ? this.#accessIn(directory, fileMode) : before.access;
    directory.entries.set(name, { type: 'file', text, reserved: 0, modifiedMs: this.#clock.nowMs, access });
    if (before === null) directory.modifiedMs = this.#clock.nowMs;
    this.#changed(path);
  }

  reserve(path: string, bytes: number): void {
    this.write(path, '');
    if (this.diskBytes + bytes > this.bytesMax) throw new FileError('ENOSPC', path);
    const [directory, name] = this.#ownParent(path);
    directory.entries.set(name, { ...(directory.entries.get(name) as FileNode), reserved: bytes });
    this.#reserved += bytes;
  }

  append(path: string, text: string): void {
    const before = path === nullDevice ? null : this.#find(path);
    this.write(path, before?.type === 'file' ? before.text + text : text);
  }

  status(path: string): FileStatus | null {
    if (path === nullDevice)
      return { type: 'file', device: 'character', size: 0, modifiedMs: 0, mode: deviceMode, ...root };
    const node = this.#find(path);
    if (node === null) return null;
    const size = node.type === 'file' ? node.text.length + node.reserved : 4096;
    return { type: node.type, size, modifiedMs: node.modifiedMs, ...this.#accessOf(node) };
  }

  setAccess(path: string, access: Partial<FileAccess>): void {
    const node = this.#need(path);
    const now = { ...this.#accessOf(node), ...access };
    if (path === '/') {
      this.#root = this.#own(this.#root);
      this.#root.access = now;
      return;
    }
    const [directory, name] = this.#ownParent(path);
    if (node.type === 'file') directory.entries.set(name, { ...node, access: now });
    else {
      const owned = this.#own(node);
      owned.access = now;
      directory.entries.set(name, owned);
    }
    this.#changed(path);
  }

  list(path: string): string[] {
    const node = this.#need(path);
    if (node.type === 'file') throw new FileError('ENOTDIR', path);
    return [...node.entries.keys()].sort();
  }

  makeDirectory(path: string, options: { parents?: boolean } = {}): void {
    const parts = partsOf(path);
    const first = options.parents === true ? 1 : parts.length;
    for (let count = first; count <= parts.length; count++) {
      const step = `/${parts.slice(0, count).join('/')}`;
      const existing = this.#find(step);
      if (existing === null) {
        const [directory, name] = this.#ownParent(step);
        this.#grow(nodeSize, path);
        directory.entries.set(name, this.#directory(this.#accessIn(directory, directoryMode)));
        directory.modifiedMs = this.#clock.nowMs;
      } else if (options.parents !== true || existing.type === 'file') {
        throw new FileError('EEXIST', path);
      }
    }
    if (parts.length === 0 && options.parents !== true) throw new FileError('EEXIST', path);
  }

  remove(path: string, options: { recursive?: boolean } = {}): void {
    const node = this.#need(path);
    if (path === '/') throw new FileError('EACCES', path);
    if (node.type === 'directory' && node.entries.size > 0 && options.recursive !== true) {
      throw new FileError('ENOTEMPTY', path);
    }
    const [directory, name] = this.#ownParent(path);
    directory.entries.delete(name);
    directory.modifiedMs = this.#clock.nowMs;
    this.#size -= sizeOf(node);
    this.#reserved -= reservedBy(node);
    this.#changed(path);
  }

  rename(from: string, to: string): void {
    const node = this.#need(from);
    if (from === to) return;
    if (from === '/' || to.startsWith(`${from}/`)) throw new FileError('EINVAL', to);
    const target = this.#find(to);
    if (target !== null) {
      if (target.type === 'directory' && node.type === 'file') throw new FileError('EISDIR', to);
      if (target.type === 'file' && node.type === 'directory') throw new FileError('ENOTDIR', to);
      this.remove(to);
    }
    const [toDirectory, toName] = this.#ownParent(to);
    const [fromDirectory, fromName] = this.#ownParent(from);
    fromDirectory.entries.delete(fromName);
    toDirectory.entries.set(toName, node);
    fromDirectory.modifiedMs = toDirectory.modifiedMs = this.#clock.nowMs;
    this.#changed(from);
    this.#changed(to);
  }

  #directory(access: FileAccess | undefined): DirectoryNode {
    const modifiedMs = this.#clock.nowMs;
    return { type: 'directory', entries: new Map(), owner: this.#owner, modifiedMs, access };
  }

  #accessOf({ type, access }: FileNode | DirectoryNode): FileAccess {
    return access ?? { mode: type === 'file' ? fileMode : directoryMode, ...this.#user };
  }

  /** Of what is made in a directory. */
  #accessIn({ access }: DirectoryNode, mode: number): FileAccess | undefined {
    if (access === undefined || (access.mode & setgid) === 0) return undefined;
    const { uid } = this.#user;
    return { mode: mode === directoryMode ? mode | setgid : mode, uid, gid: access.gid };
  }

  #find(path: string): FileNode | DirectoryNode | null {
    let node: FileNode | DirectoryNode = this.#root;
    for (const part of partsOf(path)) {
      if (node.type === 'file') throw new FileError('ENOTDIR', path);
      const next = node.entries.get(part);
      if (next === undefined) return null;
      node = next;
    }
    return node;
  }

  #need(path: string): FileNode | DirectoryNode {
    const node = this.#find(path);
    if (node === null) throw new FileError('ENOENT', path);
    return node;
  }

  /** The directory that holds `path`, owned by this file system down from the root, and the last name. */
  #ownParent(path: string): [DirectoryNode, string] {
    const parts = partsOf(path);
    const name = parts.pop();
    if (name === undefined) throw new FileError('EISDIR', path);
    let node = (this.#root = this.#own(this.#root));
    for (const part of parts) {
      const next = node.entries.get(part);
      if (next === undefined) throw new FileError('ENOENT', path);
      if (next.type === 'file') throw new FileError('ENOTDIR', path);
      const owned = this.#own(next);
      node.entries.set(part, owned);
      node = owned;
    }
    return [node, name];
  }

  #own(node: DirectoryNode): DirectoryNode {
    if (node.owner === this.#owner) return node;
    return { ...node, entries: new Map(node.entries), owner: this.#owner };
  }

  #grow(size: number, path: string): void {
    if (size <= 0) {
      this.#size += size;
      return;
    }
    if (this.#size + size > this.#sizeMax || this.diskBytes + size > this.bytesMax)
      throw new FileError('ENOSPC', path);
    this.#size += size;
  }
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

function sizeOf(node: FileNode | DirectoryNode): number {
  if (node.type === 'file') return node.text.length + nodeSize;
  let size = nodeSize;
  for (const entry of node.entries.values()) size += sizeOf(entry);
  return size;
}

function reservedBy(node: FileNode | DirectoryNode): number {
  if (node.type === 'file') return node.reserved;
  let bytes = 0;
  for (const entry of node.entries.values()) bytes += reservedBy(entry);
  return bytes;
}
