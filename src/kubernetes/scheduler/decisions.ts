import type { Rejection } from './framework.ts';
import type { NodeInfo } from './nodeInfo.ts';
import type { Attempt } from './schedulePod.ts';

/** So many decisions are remembered, and so many nodes of each. */
const decisionsMax = 64;
const nodesMax = 32;

/** What one node had to say to a pod. */
export interface NodeVerdict {
  readonly node: string;
  /** Null where all filters passed. */
  readonly rejection: { readonly plugin: string; readonly reasons: readonly string[] } | null;
  /** Each plugin's score from 0 to 100 before its weight; empty where there was nothing to choose. */
  readonly scores: readonly { readonly plugin: string; readonly weight: number; readonly score: number }[];
  readonly total: number;
}

/** How the scheduler came to what it did with a pod last. */
export interface Explanation {
  readonly pod: string;
  readonly atMs: number;
  /** The node it chose, null when none would do. */
  readonly node: string | null;
  /** The words that the pod's Event has. */
  readonly message: string;
  /** Up to 32 nodes: the feasible ones first, in the order they were looked at. */
  readonly nodes: readonly NodeVerdict[];
  /** Nodes that were looked at; further ones were not needed. */
  readonly examined: number;
}

/** One decision as it is kept: flat, because there is one for every pod. */
interface Decision {
  readonly atMs: number;
  readonly node: string | null;
  readonly message: string;
  readonly examined: number;
  readonly feasible: readonly NodeInfo[];
  readonly plugins: readonly { readonly name: string; readonly weight: number }[];
  /** One row for each plugin, one column for each feasible node. */
  readonly scores: Int32Array;
  readonly rejected: readonly NodeVerdict[];
}

/** The last decisions, for whoever asks why a pod is where it is. */
export class Decisions {
  readonly #decisions = new Map<string, Decision>();

  record(pod: string, atMs: number, attempt: Attempt, message: string): void {
    const { node, feasible, scores } = attempt;
    const count = Math.min(feasible.count, nodesMax);
    const nodes: NodeInfo[] = [];
    const indexes: number[] = [];
    const chosenAt = node === null ? -1 : feasible.slots.indexOf(node.slot);
    for (let i = 0; i < count; i++) {
      const index = i === count - 1 && chosenAt >= count ? chosenAt : i;
      indexes.push(index);
      nodes.push(feasible.node(index));
    }
    const flat = new Int32Array(count * scores.length);
    for (let row = 0; row < scores.length; row++) scores[row]!.copy(indexes, flat, row * count);
    this.#decisions.delete(pod);
    this.#decisions.set(pod, {
      atMs,
      node: node?.name ?? null,
      message,
      examined: attempt.diagnosis?.rejections.size ?? feasible.count + feasible.rejected,
      feasible: nodes,
      plugins: scores,
      scores: flat,
      rejected: rejectedBy(attempt, nodesMax - count),
    });
    if (this.#decisions.size > decisionsMax) this.#decisions.delete(this.#decisions.keys().next().value!);
  }

  /** The last decision about a pod did not hold. */
  revoke(pod: string, message: string): void {
    const decision = this.#decisions.get(pod);
    if (decision !== undefined) this.#decisions.set(pod, { ...decision, node: null, message });
  }

  explain(pod: string): Explanation | undefined {
    const decision = this.#decisions.get(pod);
    if (decision === undefined) return undefined;
    const { atMs, node, message, examined, feasible, plugins, scores, rejected } = decision;
    const passed = feasible.map((info, column): NodeVerdict => {
      const own = plugins.map((plugin, row) => ({
        plugin: plugin.name,
        weight: plugin.weight,
        score: scores[row * feasible.length + column]!,
      }));
      const total = own.reduce((sum, { weight, score }) => sum + weight * score, 0);
      return { node: info.name, rejection: null, scores: own, total };
    });
    return { pod, atMs, node, message, nodes: [...passed, ...rejected], examined };
  }
}

/** Of a pod that failed all nodes, of another the first few. */
function rejectedBy({ diagnosis, feasible }: Attempt, limit: number): NodeVerdict[] {
  const verdicts: NodeVerdict[] = [];
  for (const [node, rejection] of diagnosis?.rejections ?? feasible.rejections(limit)) {
    if (verdicts.length >= limit) break;
    verdicts.push(verdictOf(node, rejection));
  }
  return verdicts;
}

function verdictOf(node: NodeInfo, rejection: Rejection): NodeVerdict {
  return { node: node.name, rejection, scores: [], total: 0 };
}
