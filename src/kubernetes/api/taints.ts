// Upstream: component-helpers/scheduling/corev1/helpers.go, k8s.io/api/core/v1/toleration.go
import type { Taint, Toleration } from '#generated/types/core.v1.ts';

/** Whether a toleration lets its pod bear a taint. An empty key or effect bears all. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  if (toleration.operator === 'Exists') return true;
  if (toleration.operator && toleration.operator !== 'Equal') return false;
  return (toleration.value ?? '') === (taint.value ?? '');
}

/** The first taint of one of `effects` that no toleration bears. */
export function untoleratedTaint(
  taints: readonly Taint[] | undefined,
  tolerations: readonly Toleration[] | undefined,
  effects: readonly string[],
): Taint | undefined {
  return taints?.find(
    (taint) =>
      effects.includes(taint.effect) && !tolerations?.some((toleration) => tolerates(toleration, taint)),
  );
}

/**
 * How long a pod may stay on a node with these NoExecute taints, in ms: 0 when one is not borne, undefined
 * when they may stay for good. Of several limits the shortest holds.
 */
export function tolerationMs(
  taints: readonly Taint[],
  tolerations: readonly Toleration[] | undefined,
): number | undefined {
  let shortestMs: number | undefined;
  for (const taint of taints) {
    if (taint.effect !== 'NoExecute') continue;
    const bearing = (tolerations ?? []).filter((toleration) => tolerates(toleration, taint));
    if (bearing.length === 0) return 0;
    for (const { tolerationSeconds } of bearing) {
      if (tolerationSeconds === undefined) continue;
      const ms = Math.max(0, tolerationSeconds * 1000);
      shortestMs = shortestMs === undefined ? ms : Math.min(shortestMs, ms);
    }
  }
  return shortestMs;
}
