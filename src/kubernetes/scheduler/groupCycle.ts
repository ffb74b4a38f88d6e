import type { Attempt } from './schedulePod.ts';
import type { NodeInfo } from './nodeInfo.ts';
import type { WaitingPod } from './queue.ts';

/** What a scheduler lends to whoever places several pods at once. */
export interface SchedulerHands {
  /** Takes a pod out of the queue to be tried now; null where it is not there, or is kept out of it. */
  take(key: string): WaitingPod | null;
  /** Looks for a node, and counts the pod as being on it. The attempt holds until the next. */
  place(waiting: WaitingPod): Attempt | { readonly node: null; readonly diagnosis: null };
  /** Binds a pod to where it was placed. */
  bind(waiting: WaitingPod, node: NodeInfo): void;
  /** A pod that was placed does not stay, and waits; `plugin` refused it. */
  takeBack(waiting: WaitingPod, message: string, plugin: string): void;
  /** A pod that no node took waits for what may help it. */
  refuse(waiting: WaitingPod, message: string, rejectors: ReadonlySet<string>): void;
}

/** Places the pods of a group together. */
export interface GroupCycle {
  /** False where the pod goes for itself. */
  attempt(waiting: WaitingPod, hands: SchedulerHands): boolean;
}
