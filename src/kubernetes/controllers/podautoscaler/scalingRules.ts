// Upstream: pkg/controller/podautoscaler/horizontal.go, from normalizeDesiredReplicas on
import type { HPAScalingPolicy, HPAScalingRules } from '#generated/types/autoscaling.v2.ts';

/** Upstream: --horizontal-pod-autoscaler-downscale-stabilization. */
export const downscaleStabilizationMs = 5 * 60_000;
/** Upstream: scaleUpLimitFactor and scaleUpLimitMinimum, for autoscalers without a behavior. */
const scaleUpLimitFactor = 2;
const scaleUpLimitMinimum = 4;

/** A number of replicas at a time: a recommendation, or a change that was made. */
export interface Sample {
  readonly replicas: number;
  readonly atMs: number;
}

export interface Scaling {
  readonly current: number;
  readonly desired: number;
  readonly min: number;
  readonly max: number;
  readonly nowMs: number;
  /** Earlier recommendations, before any rule was applied to them. */
  readonly recommendations: readonly Sample[];
  /** How many replicas were added and removed, and when. */
  readonly added: readonly Sample[];
  readonly removed: readonly Sample[];
}

/** A size, with why it is not another. */
export interface Ruled {
  readonly replicas: number;
  readonly reason: string;
  readonly message: string;
}

const withinRange = {
  reason: 'DesiredWithinRange',
  message: 'the desired count is within the acceptable range',
};
const tooFast = {
  reason: 'ScaleUpLimit',
  message: 'the desired replica count is increasing faster than the maximum scale rate',
};
const tooFastDown = {
  reason: 'ScaleDownLimit',
  message: 'the desired replica count is decreasing faster than the maximum scale rate',
};
const tooMany = {
  reason: 'TooManyReplicas',
  message: 'the desired replica count is more than the maximum replica count',
};
const tooFew = {
  reason: 'TooFewReplicas',
  message: 'the desired replica count is less than the minimum replica count',
};
const downStabilized = {
  reason: 'ScaleDownStabilized',
  message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
};
const upStabilized = {
  reason: 'ScaleUpStabilized',
  message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
};

/** What the window makes of a recommendation: the least jump that all recent ones agree on. */
export function stabilize(
  { current, desired, nowMs, recommendations }: Scaling,
  windows: { readonly upMs: number; readonly downMs: number },
): Ruled {
  let up = desired;
  let down = desired;
  for (const { replicas, atMs } of recommendations) {
    if (atMs > nowMs - windows.upMs) up = Math.min(up, replicas);
    if (atMs > nowMs - windows.downMs) down = Math.max(down, replicas);
  }
  const replicas = Math.min(Math.max(current, up), down);
  return { replicas, ...(desired >= current ? upStabilized : downStabilized) };
}

/** Without a behavior only shrinking waits: the highest recommendation of the window holds. */
export function stabilizeDown({ desired, nowMs, recommendations }: Scaling): Ruled {
  const recent = recommendations.filter(({ atMs }) => atMs >= nowMs - downscaleStabilizationMs);
  const replicas = recent.reduce((most, sample) => Math.max(most, sample.replicas), desired);
  return { replicas, ...downStabilized };
}

/** The size within the bounds, growing no faster than to twice the present one. */
export function limitPlainly({ current, desired, min, max }: Scaling): Ruled {
  const fastest = Math.max(scaleUpLimitFactor * current, scaleUpLimitMinimum);
  if (desired < min) return { replicas: min, ...tooFew };
  if (desired <= Math.min(max, fastest)) return { replicas: desired, ...withinRange };
  return max > fastest ? { replicas: fastest, ...tooFast } : { replicas: max, ...tooMany };
}

/** The size within the bounds, and as fast as the policies of the behavior allow. */
export function limitByBehavior(scaling: Scaling, up: HPAScalingRules, down: HPAScalingRules): Ruled {
  const { current, desired, min, max } = scaling;
  if (desired > current) {
    const limit = Math.max(current, scaleUpLimit(scaling, up));
    const highest = Math.min(max, limit);
    if (desired > highest) return { replicas: highest, ...(max > limit ? tooFast : tooMany) };
  } else if (desired < current) {
    const limit = Math.min(current, scaleDownLimit(scaling, down));
    const lowest = Math.max(min, limit);
    if (desired < lowest) return { replicas: lowest, ...(min < limit ? tooFastDown : tooFew) };
  }
  return { replicas: desired, ...withinRange };
}

/** Shares are counted in binary fractions as upstream counts them: a tenth more than 100 is 111. */
function scaleUpLimit(scaling: Scaling, { selectPolicy, policies = [] }: HPAScalingRules): number {
  if (selectPolicy === 'Disabled') return scaling.current;
  const limits = policies.map((policy) => {
    const start = replicasAtStart(scaling, policy);
    return policy.type === 'Pods' ? start + policy.value : Math.ceil(start * (1 + policy.value / 100));
  });
  return selectPolicy === 'Min' ? Math.min(...limits) : Math.max(...limits);
}

function scaleDownLimit(scaling: Scaling, { selectPolicy, policies = [] }: HPAScalingRules): number {
  if (selectPolicy === 'Disabled') return scaling.current;
  const limits = policies.map((policy) => {
    const start = replicasAtStart(scaling, policy);
    return policy.type === 'Pods' ? start - policy.value : Math.trunc(start * (1 - policy.value / 100));
  });
  return selectPolicy === 'Min' ? Math.max(...limits) : Math.min(...limits);
}

/** The size when the policy's period began. */
function replicasAtStart(
  { current, added, removed, nowMs }: Scaling,
  { periodSeconds }: HPAScalingPolicy,
): number {
  const since = nowMs - periodSeconds * 1000;
  const sum = (samples: readonly Sample[]) =>
    samples.reduce((total, { replicas, atMs }) => total + (atMs > since ? replicas : 0), 0);
  return current - sum(added) + sum(removed);
}
