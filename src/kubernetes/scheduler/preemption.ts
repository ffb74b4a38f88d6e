// Upstream: pkg/scheduler/framework/preemption/preemption.go pickOneNodeForPreemption, pkg/scheduler/util/utils.go
import { podPriority } from './podPriority.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import type { PodDisruptionBudget } from '#generated/types/policy.v1.ts';
import { selectorOf } from '#kubernetes/apimachinery/labels.ts';
import { parseTime } from '#kubernetes/apimachinery/time.ts';
import { assert } from '#sim/assert.ts';
import type { NodeInfo } from './nodeInfo.ts';

/** The pods that would have to leave a node, the most important one first. */
export interface Victims {
  readonly node: NodeInfo;
  readonly pods: readonly Pod[];
  /** How many of them a PodDisruptionBudget would keep. */
  readonly violations: number;
}

function startMs({ status }: Pod, nowMs: number): number {
  return status.startTime === undefined ? nowMs : parseTime(status.startTime);
}

/** Negative when `a` is more important: of higher priority, or running for longer. */
export function compareImportance(a: Pod, b: Pod, nowMs: number): number {
  return podPriority(b) - podPriority(a) || startMs(a, nowMs) - startMs(b, nowMs);
}

/** Parts the pods, in their order, into those that a budget has no disruptions left for and the others. */
export function splitByBudgets(
  pods: readonly Pod[],
  budgets: readonly PodDisruptionBudget[],
): { violating: Pod[]; others: Pod[] } {
  const allowed = budgets.map(({ status }) => status.disruptionsAllowed ?? 0);
  const violating: Pod[] = [];
  const others: Pod[] = [];
  for (const pod of pods) {
    let violates = false;
    const { namespace, name, labels } = pod.metadata;
    for (const [i, budget] of budgets.entries()) {
      if (labels === undefined || budget.metadata.namespace !== namespace) continue;
      const { selector } = budget.spec;
      if (selector === undefined || selectorOf(selector).empty || !selectorOf(selector).matches(labels))
        continue;
      // Its eviction is on its way and has been counted.
      if (budget.status.disruptedPods?.[name] !== undefined) continue;
      allowed[i]!--;
      if (allowed[i]! < 0) violates = true;
    }
    (violates ? violating : others).push(pod);
  }
  return { violating, others };
}

/** Upstream adds this to each priority so that more victims weigh more, also negative ones. */
const priorityOffset = 2 ** 31;

/**
 * What makes one candidate better than another, in this order: fewer violated budgets, a less important most
 * important victim, less priority in all, fewer victims, a victim that started later.
 */
function costsOf(victims: Victims, nowMs: number): readonly number[] {
  const known = costsKnown.get(victims);
  if (known !== undefined) return known;
  const { pods, violations } = victims;
  const highest = podPriority(pods[0]!);
  const sum = pods.reduce((total, pod) => total + podPriority(pod) + priorityOffset, 0);
  const starts = pods.filter((pod) => podPriority(pod) === highest).map((pod) => startMs(pod, nowMs));
  const costs = [violations, highest, sum, pods.length, -Math.min(...starts)];
  if (pods.every(({ status }) => status.startTime !== undefined)) costsKnown.set(victims, costs);
  return costs;
}

/** Of victims that have all started: their costs do not change with the time. */
const costsKnown = new WeakMap<Victims, readonly number[]>();

/** The candidate whose victims are missed least; the first of equal ones. */
export function pickCandidate(candidates: readonly Victims[], nowMs: number): Victims {
  let best: { readonly victims: Victims; readonly costs: readonly number[] } | null = null;
  for (const victims of candidates) {
    assert(victims.pods.length > 0, `expected at least one victim pod on node ${victims.node.name}`);
    const costs = costsOf(victims, nowMs);
    if (best === null || isLess(costs, best.costs)) best = { victims, costs };
  }
  return best!.victims;
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((cost, i) => cost !== b[i]);
  return at >= 0 && a[at]! < b[at]!;
}
