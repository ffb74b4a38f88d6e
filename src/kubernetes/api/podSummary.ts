// Upstream: printPod in pkg/printers/internalversion/printers.go
import type { ContainerStateTerminated, ContainerStatus, Pod } from '#generated/types/core.v1.ts';
import { isPodReady, isPodTerminal, isSidecar, podCondition } from './podStatus.ts';

/** What `kubectl get pods` says of a pod in one line. */
export interface PodSummary {
  /** Containers (and started sidecars) that are ready. */
  readonly ready: number;
  /** Containers and sidecars. */
  readonly total: number;
  /** The STATUS column: `Running`, `CrashLoopBackOff`, `Init:0/2`, `Terminating` … */
  readonly reason: string;
  readonly restarts: number;
  /** RFC 3339, of the last end of a container that was restarted. */
  readonly lastRestart?: string;
}

interface Restarts {
  count: number;
  last: string | undefined;
}

function addRestarts(restarts: Restarts, status: ContainerStatus): void {
  restarts.count += status.restartCount;
  const finishedAt = status.lastState?.terminated?.finishedAt;
  if (finishedAt !== undefined && (restarts.last === undefined || restarts.last < finishedAt))
    restarts.last = finishedAt;
}

function terminationReason({ reason, signal, exitCode }: ContainerStateTerminated): string {
  if (reason) return reason;
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode}`;
}

/** Why the pod is still initializing, undefined once every init container is done (or a started sidecar). */
function initReason(pod: Pod, isSidecarName: (name: string) => boolean): string | undefined {
  const statuses = pod.status.initContainerStatuses ?? [];
  for (const [i, { name, state, started }] of statuses.entries()) {
    if (state?.terminated?.exitCode === 0) continue;
    if (isSidecarName(name) && started) continue;
    if (state?.terminated) return `Init:${terminationReason(state.terminated)}`;
    const waiting = state?.waiting?.reason;
    if (waiting && waiting !== 'PodInitializing') return `Init:${waiting}`;
    return `Init:${i}/${pod.spec.initContainers?.length ?? 0}`;
  }
  return undefined;
}

/** The reason that the containers give, read from the last to the first, so that the first speaks last. */
function containersReason(pod: Pod, before: string): string {
  let reason = before;
  let failure = '';
  let isRunning = false;
  for (const { state, ready } of [...(pod.status.containerStatuses ?? [])].reverse()) {
    if (state?.waiting?.reason) {
      reason = state.waiting.reason;
    } else if (state?.terminated) {
      reason = terminationReason(state.terminated);
      if (state.terminated.exitCode !== 0) failure = reason;
    } else if (ready && state?.running) {
      isRunning = true;
    }
  }
  if (reason !== 'Completed') return reason;
  if (isRunning && isPodReady(pod)) return 'Running';
  return failure || (isRunning ? 'NotReady' : reason);
}

/** The one line that `kubectl get pods`, the graph and `describe` share. */
export function summarizePod(pod: Pod): PodSummary {
  const sidecars = new Set((pod.spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name));
  const all: Restarts = { count: 0, last: undefined };
  const lasting: Restarts = { count: 0, last: undefined };
  let ready = 0;
  for (const status of pod.status.initContainerStatuses ?? []) {
    addRestarts(all, status);
    if (!sidecars.has(status.name)) continue;
    addRestarts(lasting, status);
    if (status.started && status.ready && !status.state?.terminated) ready++;
  }

  let reason = pod.status.reason || pod.status.phase || '';
  if (podCondition(pod, 'PodScheduled')?.reason === 'SchedulingGated') reason = 'SchedulingGated';
  const initializing = initReason(pod, (name) => sidecars.has(name));
  let restarts = all;
  if (initializing !== undefined) reason = initializing;
  if (initializing === undefined || podCondition(pod, 'Initialized')?.status === 'True') {
    restarts = lasting;
    for (const status of pod.status.containerStatuses ?? []) {
      addRestarts(restarts, status);
      if (status.ready && status.state?.running) ready++;
    }
    reason = containersReason(pod, reason);
  }

  if (pod.metadata.deletionTimestamp !== undefined) {
    if (pod.status.reason === 'NodeLost') reason = 'Unknown';
    else if (!isPodTerminal(pod)) reason = 'Terminating';
  }
  return {
    ready,
    total: pod.spec.containers.length + sidecars.size,
    reason,
    restarts: restarts.count,
    ...(restarts.last !== undefined && { lastRestart: restarts.last }),
  };
}
