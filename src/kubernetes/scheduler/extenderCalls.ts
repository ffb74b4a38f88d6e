import type { Pod } from '#generated/types/core.v1.ts';
import type { FeasibleNodes } from './feasibleNodes.ts';
import type { PluginScores } from './schedulePod.ts';

/** Posts JSON to a URL; `error` is what Go's client says where no answer comes within the time. */
export type CallExtender = (
  url: string,
  body: string,
  timeoutMs: number,
) =>
  | { readonly status: number; readonly body: string; readonly latencyMs: number }
  | { readonly error: string; readonly latencyMs: number };

/** Servers outside of the scheduler that have a say in where pods go. */
export interface PodExtenders {
  /** Takes nodes out that an extender turns down. Throws StatusError where one fails that must not. */
  filter(pod: Pod, feasible: FeasibleNodes): void;
  /** Adds their weighted scores to the totals of the feasible nodes. */
  score(pod: Pod, feasible: FeasibleNodes, totals: Int32Array): readonly PluginScores[];
  /** Lets an extender bind the pod; false where none does. Throws StatusError. */
  bind(pod: Pod, nodeName: string): boolean;
  /** How long they were waited for since the last time. */
  takeElapsedMs(): number;
}
