import type { Pod } from '#generated/types/core.v1.ts';
import { isRejection, type Plugin } from './framework.ts';
import type { NodeInfo } from './nodeInfo.ts';

/** What a plugin's filter says to a pod on a node: its reasons, or `fits`. */
export function filterWith(plugin: Plugin, pod: Pod, node: NodeInfo): readonly string[] | 'fits' {
  const result = plugin.preFilter?.(pod) ?? null;
  if (result === null) return 'fits';
  if (isRejection(result)) return result.reasons;
  return result.filter(node)?.reasons ?? 'fits';
}

/** A plugin's normalized scores of some nodes; null where it has nothing to say. */
export function scoreWith(plugin: Plugin, pod: Pod, nodes: readonly NodeInfo[]): number[] | null {
  const scorer = plugin.preScore?.(pod, null) ?? null;
  if (scorer === null) return null;
  const scores = Int32Array.from(nodes, (node) => scorer.score(node));
  scorer.normalize?.(scores, nodes.length);
  return [...scores];
}
