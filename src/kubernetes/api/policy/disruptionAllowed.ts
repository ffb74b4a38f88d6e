// Upstream: pkg/apis/policy/helper (component-helpers) conditions.go
import type { PodDisruptionBudget } from '#generated/types/policy.v1.ts';
import { withCondition } from '../podStatus.ts';

type Status = PodDisruptionBudget['status'];
type Condition = NonNullable<Status['conditions']>[number];

/** The condition that says whether a budget lets pods go, with the reason when it is not the number of pods. */
export function withDisruptionAllowed(
  status: Status,
  generation: number,
  now: string,
  failure?: { readonly reason: string; readonly message: string },
): Status {
  const isAllowed = failure === undefined && (status.disruptionsAllowed ?? 0) > 0;
  const condition: Condition = {
    type: 'DisruptionAllowed',
    status: isAllowed ? 'True' : 'False',
    observedGeneration: generation,
    lastTransitionTime: now,
    reason: isAllowed ? 'SufficientPods' : 'InsufficientPods',
    message: '',
    ...failure,
  };
  const conditions = withCondition(status.conditions, condition);
  return conditions === status.conditions ? status : { ...status, conditions };
}
