// Upstream: kube-scheduler/framework/interface.go
import type { Pod } from '#generated/types/core.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { FeasibleNodes } from './feasibleNodes.ts';
import type { NodeInfo } from './nodeInfo.ts';

/** The highest score a plugin may give after normalizing. Upstream: MaxNodeScore. */
export const nodeScoreMax = 100;

/** Why a plugin refuses a node, or all of them. Equal ones are one object where possible. */
export interface Rejection {
  readonly plugin: string;
  /** In upstream's words; each is counted on its own in the pod's message. */
  readonly reasons: readonly string[];
  /** False where evicting other pods could not help. Upstream: UnschedulableAndUnresolvable. */
  readonly isResolvable: boolean;
}

/** What happened in the cluster that may make a waiting pod schedulable. Upstream: framework/events.go */
export type ClusterEvent =
  | 'NodeAdd'
  | 'NodeAllocatableChange'
  | 'NodeLabelChange'
  | 'NodeTaintChange'
  | 'NodeUnschedulableChange'
  | 'NodeDelete'
  /** Any pod, and a group of pods that are placed together. */
  | 'PodAdd'
  | 'PodGroupAdd'
  | 'AssignedPodAdd'
  | 'AssignedPodLabelChange'
  | 'AssignedPodScaleDown'
  | 'AssignedPodDelete'
  | 'ClaimAdd'
  | 'ClaimUpdate'
  | 'VolumeAdd'
  | 'VolumeUpdate'
  | 'StorageClassAdd'
  | 'StorageClassUpdate'
  | 'CsiNodeAdd'
  | 'CsiNodeUpdate'
  | 'CapacityAdd'
  | 'CapacityUpdate'
  | 'AttachmentDelete'
  /** Changes of the waiting pod itself. */
  | 'PodLabelChange'
  | 'PodTolerationChange'
  | 'PodScaleDown'
  | 'PodGatesEliminated';

/** Whether a change (of a node, another pod, a volume or the pod itself) may help a pod that this plugin rejected. Upstream: QueueingHintFn */
export type QueueingHint = (pod: Pod, before: KubeObject | undefined, now: KubeObject | undefined) => boolean;

/**
 * What PreFilter leaves for one pod: the state of its scheduling cycle, closed over, and the test of a node.
 * `addPod` and `removePod` keep that state true while preemption tries a node with other pods on it.
 */
export interface PodFilter {
  /** Nodes by name, where only these can pass. */
  readonly nodeNames?: ReadonlySet<string>;
  filter(node: NodeInfo): Rejection | null;
  clone?(): PodFilter;
  addPod?(other: Pod, node: NodeInfo): void;
  removePod?(other: Pod, node: NodeInfo): void;
}

/** What PreScore leaves for one pod. Scores are whole numbers, larger is better once normalized. */
export interface PodScorer {
  score(node: NodeInfo): number;
  /** The same for all feasible nodes at once, where that is cheaper. */
  scoreAll?(nodes: FeasibleNodes, scores: Int32Array): void;
  /** Brings the first `count` scores, in the order of the nodes, into 0..100, in place. */
  normalize?(scores: Int32Array, count: number): void;
}

/** A node as it would be with other pods on it, for PostFilter to try; the cache's own stays as it is. */
export interface NodeTrial {
  addPod(other: Pod): void;
  removePod(other: Pod): void;
  /** Why the pod would still not fit; null when it would. */
  reject(): Rejection | null;
}

/** How PostFilter tries nodes for one pod. */
export interface Trials {
  on(node: NodeInfo): NodeTrial;
  /** The same for pods that every node judges alike as long as it stays as it is; null for a pod like no other. */
  readonly alike: object | null;
}

/** What PostFilter found: where the pod may fit soon, and why not otherwise. */
export interface PostFilterResult {
  /** The node to nominate; `''` clears a nomination, undefined leaves it. */
  readonly nominatedNodeName?: string;
  readonly message: string;
}

/** Why no node took a pod. */
export interface Diagnosis {
  readonly nodeCount: number;
  /** Set where a PreFilter refused all nodes at once. */
  readonly preFilterRejection?: Rejection;
  /** Each node that was looked at, with the first rejection of its filters. */
  readonly rejections: ReadonlyMap<NodeInfo, Rejection>;
  /** Why nodes that are not among these were not even looked at, and whose PreFilter left them out. */
  readonly absent?: { readonly reason: string; readonly plugins: readonly string[] };
}

/** What a plugin keeps for a pod, which is bound when all of it is done. Upstream: Reserve and PreBind */
export interface Reservation {
  /** Writes what is to be done. Throws StatusError. */
  begin(): void;
  /** Whether that has happened. Throws StatusError when it will not. */
  isDone(): boolean;
  /** The pod is not bound after all. */
  undo(): void;
}

/** One plugin with the extension points it has; `null` from a Pre-step means that there is nothing to do for this pod. */
export interface Plugin {
  readonly name: string;
  /**
   * What filter and score read: `node` ones see the pod's scheduling needs (see `template.ts`), the node and
   * the pods on it, and nothing else, so that their verdict holds until that node changes.
   */
  readonly reads: 'node' | 'cluster';
  /** A rejection keeps the pod out of the active queue. */
  preEnqueue?(pod: Pod): Rejection | null;
  /** The order of the queue: negative when `a` goes first. */
  compare?(a: QueuedPod, b: QueuedPod): number;
  preFilter?(pod: Pod): PodFilter | Rejection | null;
  postFilter?(pod: Pod, diagnosis: Diagnosis, trials: Trials): PostFilterResult | null;
  /** Whom `postFilter` would drive out, and from where; null where that would not help. It changes nothing. */
  whatIf?(
    pod: Pod,
    diagnosis: Diagnosis,
    trials: Trials,
  ): { readonly node: NodeInfo; readonly pods: readonly Pod[] } | null;
  /** `node` plugins get no nodes: their scorer serves all pods of a template. */
  preScore?(pod: Pod, nodes: FeasibleNodes | null): PodScorer | null;
  /** Keeps for a pod what it needs on its node; null where that is nothing. */
  reserve?(pod: Pod, node: NodeInfo): Reservation | null;
  /** Binds the pod; throws StatusError. */
  bind?(pod: Pod, nodeName: string): void;
  /** What a pod that finds a node still depends on; null for nothing. */
  caveat?(pod: Pod): string | null;
  /** Which events may help a pod that this plugin rejected. */
  readonly hints?: Partial<Readonly<Record<ClusterEvent, QueueingHint>>>;
}

/** A pod in the queue, as the queue sort sees it. */
export interface QueuedPod {
  readonly pod: Pod;
  /** When it entered the queue last, in ms, and in which order. */
  readonly sinceMs: number;
  readonly sequence: number;
}

/** Tells a rejection from what else a step may answer. */
export function isRejection(result: object | null): result is Rejection {
  return result !== null && 'reasons' in result;
}

/** A rejection with one reason, that other pods' eviction cannot help unless `isResolvable`. */
export function rejection(plugin: string, reason: string, isResolvable = false): Rejection {
  return { plugin, reasons: [reason], isResolvable };
}
