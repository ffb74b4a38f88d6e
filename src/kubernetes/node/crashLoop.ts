// Upstream: pkg/kubelet/kuberuntime/kuberuntime_manager.go doBackOff
import type { Pod } from '#generated/types/core.v1.ts';
import { formatDuration } from '#kubernetes/apimachinery/duration.ts';
import { BackOff } from './backOff.ts';
import type { ContainerSlot } from './containerSlot.ts';
import type { NodeContext } from './nodeContext.ts';

/**
 * Whether a container that has ended must wait before it is started again; if so the slot says why and until
 * when. The first restart is at once, after that each waits longer.
 */
export function isInCrashLoop(slot: ContainerSlot, pod: Pod, { simulation, recorder }: NodeContext): boolean {
  const { container, spec } = slot;
  if (container === null) return false;
  const { nowMs } = simulation;
  slot.crash ??= new BackOff();
  if (!slot.crash.isWaiting(container.finishedMs, nowMs)) {
    slot.crash.next(container.finishedMs, nowMs);
    return false;
  }
  slot.retryAtMs = container.finishedMs + slot.crash.delayMs;
  const { name, namespace, uid } = pod.metadata;
  const who = `${name}_${namespace}(${uid})`;
  slot.waiting = {
    reason: 'CrashLoopBackOff',
    message: `back-off ${formatDuration(slot.crash.delayMs)} restarting failed container=${spec.name} pod=${who}`,
  };
  const message = `Back-off restarting failed container ${spec.name} in pod ${who}`;
  recorder.event(pod, 'Warning', 'BackOff', message, slot.fieldPath);
  return true;
}
