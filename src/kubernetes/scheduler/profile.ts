import type { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import type { PodExtenders } from './extenderCalls.ts';
import type { GroupCycle } from './groupCycle.ts';
import type { ProfilePlugin } from './template.ts';

/** One of the schedulers that a process is. */
export interface Profile {
  /** Pods with this `spec.schedulerName` are its. */
  readonly schedulerName: string;
  readonly plugins: readonly ProfilePlugin[];
  /** The share of nodes that suffices; 0 adapts to the size of the cluster. */
  readonly percentageOfNodesToScore: number;
  readonly recorder: EventRecorder;
  readonly extenders?: PodExtenders | null;
  /** Places pods that belong together; null where every pod goes for itself. */
  readonly groups?: GroupCycle | null;
  /** How long a pod's volumes may take; ten minutes when absent. */
  readonly bindTimeoutMs?: number;
}
