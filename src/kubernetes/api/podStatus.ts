// Upstream: pkg/api/v1/pod/util.go
import type { Container, Pod, PodCondition, PodSpec } from '#generated/types/core.v1.ts';

/** The condition of a type, such as `Ready` or `PodScheduled`. */
export function podCondition(pod: Pod, type: string): PodCondition | undefined {
  return pod.status.conditions?.find((condition) => condition.type === type);
}

/** True when the pod's Ready condition is True: its address belongs among a Service's ready endpoints. */
export function isPodReady(pod: Pod): boolean {
  return podCondition(pod, 'Ready')?.status === 'True';
}

/** True when the pod has been ready for `minReadySeconds`. */
export function isPodAvailable(pod: Pod, minReadySeconds: number, nowMs: number): boolean {
  const ready = podCondition(pod, 'Ready');
  if (ready?.status !== 'True') return false;
  if (minReadySeconds === 0) return true;
  return (
    ready.lastTransitionTime !== undefined &&
    Date.parse(ready.lastTransitionTime) + minReadySeconds * 1000 <= nowMs
  );
}

/** True when the pod has succeeded or failed: it will never run again. */
export function isPodTerminal(pod: Pod): boolean {
  return pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';
}

/** True unless the pod has ended or is being deleted: controllers count such pods. */
export function isPodActive(pod: Pod): boolean {
  return !isPodTerminal(pod) && pod.metadata.deletionTimestamp === undefined;
}

/** A sidecar: an init container that keeps running beside the pod's containers. */
export function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always';
}

/** Whether a container that has exited is started again. */
export function isRestarted(
  container: Container,
  exitCode: number,
  restartPolicy: PodSpec['restartPolicy'],
): boolean {
  for (const { action, exitCodes } of container.restartPolicyRules ?? []) {
    const isListed = exitCodes?.values?.includes(exitCode) === true;
    if (exitCodes && isListed === (exitCodes.operator === 'In')) return action === 'Restart';
  }
  const policy = container.restartPolicy ?? restartPolicy;
  if (policy === 'Never') return false;
  return policy !== 'OnFailure' || exitCode !== 0;
}

/**
 * `conditions` with one of them set. Its transition time changes only when its status does; a condition that
 * stays equal leaves the list itself unchanged.
 */
export function withCondition<
  C extends {
    readonly type: string;
    readonly status: string;
    readonly reason?: string;
    readonly message?: string;
    readonly lastTransitionTime?: string;
  },
>(conditions: readonly C[] | undefined, next: C): readonly C[] {
  const list = conditions ?? [];
  const at = list.findIndex(({ type }) => type === next.type);
  const known = list[at];
  if (known === undefined) return [...list, next];
  const kept =
    known.status === next.status && known.lastTransitionTime !== undefined
      ? { ...next, lastTransitionTime: known.lastTransitionTime }
      : next;
  const keys = new Set([...Object.keys(known), ...Object.keys(kept)]) as Set<keyof C>;
  if ([...keys].every((key) => known[key] === kept[key])) return list;
  return list.with(at, kept);
}
