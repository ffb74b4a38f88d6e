import type { PersistentVolumeClaim, Pod } from '#generated/types/core.v1.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { DiskStore } from '#world/machine/diskStore.ts';
import type { MemoryFileSystem } from '#world/machine/memoryFileSystem.ts';

/** What mounting claims needs of a node. */
export interface ClaimContext {
  readonly client: Client;
  readonly nodeName: string;
  labels(): Readonly<Record<string, string>>;
  readonly hostFiles: MemoryFileSystem;
  readonly disks: DiskStore | null;
  event(
    object: Pod | PersistentVolumeClaim,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): void;
}
