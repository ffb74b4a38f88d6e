import type { Pod } from '#generated/types/core.v1.ts';

/** The pod's priority; admission sets it, 0 stands for none. Upstream: corev1helpers.PodPriority */
export function podPriority(pod: Pod): number {
  return pod.spec.priority ?? 0;
}
