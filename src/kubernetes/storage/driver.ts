import type { Client } from '#kubernetes/client/client.ts';
import type { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import type { Informers } from '#kubernetes/client/informer.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { DiskStore } from '#world/machine/diskStore.ts';
import type { FileSystem } from '#world/machine/fileSystem.ts';

/** What a storage driver works with. */
export interface DriverContext {
  readonly simulation: Simulation;
  /** Writes as the driver's own service account. */
  readonly client: Client;
  readonly informers: Informers;
  readonly recorder: EventRecorder;
  /** The disks of the cloud. */
  readonly disks: DiskStore;
  /** The disk of a node; null while nothing can be done there. */
  nodeFiles(node: string): FileSystem | null;
}

/** A program beside the control plane that makes volumes: it begins with `start`. */
export interface StorageDriver {
  /** Its service account in kube-system. */
  readonly account: string;
  /** The source component of its Events. */
  readonly eventSource: string;
  start(context: DriverContext): void;
}
