import { BlockDevice } from './blockDevice.ts';
import type { FileSystem } from './fileSystem.ts';
import { MemoryFileSystem } from './memoryFileSystem.ts';

/** A disk in the cloud: it outlives the machines that it is attached to. */
export interface Disk {
  readonly handle: string;
  sizeBytes: number;
  /** `''` where the cloud has no zones. */
  readonly zone: string;
  files: MemoryFileSystem;
  /** The machine that has it; one at a time. */
  attachedTo: string | null;
}

/** What a disk held at one moment; independent of the disk from then on. */
export interface DiskSnapshot {
  readonly handle: string;
  readonly diskHandle: string;
  readonly sizeBytes: number;
  readonly createdMs: number;
  readonly files: MemoryFileSystem;
}

/** The disks of one cloud, and what was kept of them. */
export class DiskStore {
  readonly #clock: { readonly nowMs: number };
  readonly #disks = new Map<string, Disk>();
  readonly #shared = new Map<string, MemoryFileSystem>();
  readonly #snapshots = new Map<string, DiskSnapshot>();

  /** Who wants to know when a disk has grown, by its handle. */
  readonly #watchers = new Map<string, Set<() => void>>();

  constructor(clock: { readonly nowMs: number }) {
    this.#clock = clock;
  }

  get(handle: string): Disk | undefined {
    return this.#disks.get(handle);
  }

  snapshot(handle: string): DiskSnapshot | undefined {
    return this.#snapshots.get(handle);
  }

  /** Makes a disk, with a copy of what `from` holds; one that is there already stays as it is. */
  create(handle: string, sizeBytes: number, zone: string, from?: MemoryFileSystem): Disk {
    const known = this.#disks.get(handle);
    if (known !== undefined) return known;
    const files = from?.fork() ?? new MemoryFileSystem(this.#clock);
    files.bytesMax = sizeBytes;
    files.source = '/dev/vdb';
    const disk: Disk = { handle, sizeBytes, zone, files, attachedTo: null };
    this.#disks.set(handle, disk);
    return disk;
  }

  /** Keeps what a disk holds now. Undefined where there is no such disk. */
  createSnapshot(handle: string, diskHandle: string): DiskSnapshot | undefined {
    const disk = this.#disks.get(diskHandle);
    if (disk === undefined) return undefined;
    const known = this.#snapshots.get(handle);
    if (known !== undefined) return known;
    const { sizeBytes } = disk;
    const files = disk.files.fork();
    const snapshot = { handle, diskHandle, sizeBytes, createdMs: this.#clock.nowMs, files };
    this.#snapshots.set(handle, snapshot);
    return snapshot;
  }

  /** Gives a disk a new size, and tells those who have it mounted. */
  resize(handle: string, sizeBytes: number): void {
    const disk = this.#disks.get(handle);
    if (disk === undefined) return;
    disk.sizeBytes = disk.files.bytesMax = sizeBytes;
    for (const grown of this.#watchers.get(handle) ?? []) grown();
  }

  /** Calls `grown` whenever the disk has; returns what ends that. */
  watch(handle: string, grown: () => void): () => void {
    const watchers = this.#watchers.get(handle) ?? new Set();
    this.#watchers.set(handle, watchers.add(grown));
    return () => {
      watchers.delete(grown);
      if (watchers.size === 0) this.#watchers.delete(handle);
    };
  }

  /** What all machines share under a name, as a server's export: made when it is first asked for. */
  shared(name: string): FileSystem {
    const known = this.#shared.get(name);
    if (known !== undefined) return known;
    const files = new MemoryFileSystem(this.#clock);
    this.#shared.set(name, files);
    return files;
  }

  /** The data is gone for good. */
  delete(handle: string): void {
    this.#disks.delete(handle);
  }

  deleteSnapshot(handle: string): void {
    this.#snapshots.delete(handle);
  }

  /** What a machine sees of a disk, its file system or the bare device; null where it is not attached. */
  mountedOn(handle: string, machine: string, as: 'files' | 'device'): FileSystem | null {
    const disk = this.#disks.get(handle);
    if (disk?.attachedTo !== machine) return null;
    return as === 'files' ? disk.files : new BlockDevice(disk.files);
  }
}
