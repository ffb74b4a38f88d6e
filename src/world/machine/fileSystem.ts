/** A failure of a file operation, with the word that tools print: `No such file or directory` … */
export class FileError extends Error {
  override name = 'FileError';
  readonly code: keyof typeof sentences;
  readonly path: string;
  constructor(code: keyof typeof sentences, path: string) {
    super(sentences[code]);
    this.code = code;
    this.path = path;
  }
}

const sentences = {
  ENOENT: 'No such file or directory',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  EEXIST: 'File exists',
  ENOTEMPTY: 'Directory not empty',
  EROFS: 'Read-only file system',
  ENOSPC: 'No space left on device',
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  EINVAL: 'Invalid argument',
  EBUSY: 'Device or resource busy',
  EXDEV: 'Invalid cross-device link',
} as const;

/** Who may do what with a file: permission bits as `chmod` counts them, with setuid, setgid and sticky. */
export interface FileAccess {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface FileStatus extends FileAccess {
  readonly type: 'file' | 'directory';
  /** Set for files that are devices. */
  readonly device?: 'block' | 'character';
  /** Length in characters. */
  readonly size: number;
  readonly modifiedMs: number;
}

/** What a file system has room for, in bytes. */
export interface FileSystemUsage {
  /** As `df` calls it: a device, or `overlay`. */
  readonly source: string;
  readonly mountedOn: string;
  /** Infinity where nothing but what it is a part of bounds it. */
  readonly totalBytes: number;
  readonly usedBytes: number;
}

/** A tree of text files. Paths are absolute; every operation throws FileError. */
export interface FileSystem {
  read(path: string): string;
  write(path: string, text: string): void;
  append(path: string, text: string): void;
  /** Puts text at so many bytes from the beginning; false for what is no device and can only be written whole. */
  overwrite?(path: string, offset: number, text: string): boolean;
  /** Makes a file of so many bytes that holds no text. */
  reserve(path: string, bytes: number): void;
  /** Null when nothing is there. */
  status(path: string): FileStatus | null;
  /** Names in a directory, sorted. */
  list(path: string): string[];
  makeDirectory(path: string, options?: { parents?: boolean }): void;
  remove(path: string, options?: { recursive?: boolean }): void;
  rename(from: string, to: string): void;
  /** What is left out stays as it is. */
  setAccess(path: string, access: Partial<FileAccess>): void;
  /** The file system that a path is on; null for one that holds nothing of its own. */
  usage(path: string): FileSystemUsage | null;
  /** Where others are mounted in it. */
  mountPoints?(): readonly string[];
}

/** An absolute path without `.`, `..` and double slashes; `path` is read relative to `base`. */
export function resolvePath(base: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${base}/${path}`).split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}
