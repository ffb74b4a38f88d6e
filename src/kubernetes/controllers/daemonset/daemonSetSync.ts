import type { ControllerRevision, DaemonSet } from '#generated/types/apps.v1.ts';
import type { Node, Pod } from '#generated/types/core.v1.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import type { ControllerContext } from '../controller.ts';
import type { Expectations } from '../expectations.ts';

/** What the daemon set controller works with. */
export interface Room extends ControllerContext {
  readonly sets: Informer<DaemonSet>;
  readonly podCache: Informer<Pod>;
  readonly nodeCache: Informer<Node>;
  readonly revisions: Informer<ControllerRevision>;
  readonly expectations: Expectations;
  /** When a node's failed daemon may be replaced, by uid of the set and name of the node. */
  readonly failedUntil: Map<string, { readonly untilMs: number; readonly delayMs: number }>;
}

/** One node as a set sees it. */
export interface DaemonNode {
  readonly name: string;
  /** Whether a daemon should be started here, and whether one that is here may stay. */
  readonly shouldRun: boolean;
  readonly mayStay: boolean;
  /** Those that are here; the first is the one that counts. */
  readonly pods: readonly Pod[];
}

/** One sync of one set. */
export interface DaemonSync {
  readonly room: Room;
  readonly key: string;
  readonly set: DaemonSet;
  /** The name of the present template's revision. */
  readonly hash: string;
  readonly nodes: readonly DaemonNode[];
  /** Pods of nodes that are gone. */
  readonly strays: readonly Pod[];
}
