// Upstream: the kernel's Documentation/admin-guide/cgroup-v2.rst, "Memory Ownership"
import type { FileSystem } from '#world/machine/fileSystem.ts';
import { SubtreeFiles } from './subtreeFiles.ts';

/**
 * A file system in memory as one container has it: what it writes there counts as its own memory. What an earlier
 * container has left there counts as nobody's.
 */
export class ChargedFiles extends SubtreeFiles {
  readonly #charge: (bytes: number) => void;

  /** `charge` is told of the bytes that each change takes, or gives back. */
  constructor(files: FileSystem, charge: (bytes: number) => void) {
    super(files, '/');
    this.#charge = charge;
  }

  override write(path: string, text: string): void {
    this.#counted(() => super.write(path, text));
  }

  override append(path: string, text: string): void {
    this.#counted(() => super.append(path, text));
  }

  override reserve(path: string, bytes: number): void {
    this.#counted(() => super.reserve(path, bytes));
  }

  override makeDirectory(path: string, options?: { parents?: boolean }): void {
    this.#counted(() => super.makeDirectory(path, options));
  }

  override remove(path: string, options?: { recursive?: boolean }): void {
    this.#counted(() => super.remove(path, options));
  }

  override rename(from: string, to: string): void {
    this.#counted(() => super.rename(from, to));
  }

  #counted(change: () => void): void {
    const before = this.#usedBytes;
    try {
      change();
    } finally {
      // What fails may have emptied a file first.
      const bytes = this.#usedBytes - before;
      if (bytes !== 0) this.#charge(bytes);
    }
  }

  get #usedBytes(): number {
    return this.usage('/')?.usedBytes ?? 0;
  }
}
