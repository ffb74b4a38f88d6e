// Upstream: pkg/kubelet/kubelet_pods.go getPhase
import type { Container, ContainerStatus, PodSpec, PodStatus } from '#generated/types/core.v1.ts';
import { isRestarted, isSidecar } from '#kubernetes/api/podStatus.ts';

type Phase = NonNullable<PodStatus['phase']>;

interface Counts {
  running: number;
  waiting: number;
  stopped: number;
  succeeded: number;
  unknown: number;
}

/** A pod's phase, from the states of its containers. `isTerminal` says that nothing will start again. */
export function podPhase(
  spec: PodSpec,
  init: readonly ContainerStatus[],
  main: readonly ContainerStatus[],
  isTerminal: boolean,
): Phase {
  const counts: Counts = { running: 0, waiting: 0, stopped: 0, succeeded: 0, unknown: 0 };
  const { pending, failed } = countInit(spec, init);
  if (failed > 0 && spec.restartPolicy === 'Never') return 'Failed';
  const pendingSidecars = countSidecars(spec, init, counts);
  countMain(spec, main, counts);
  if (pending > 0 || (pendingSidecars > 0 && !hasInitialized(main)) || counts.waiting > 0) return 'Pending';
  if (counts.unknown > 0) return 'Pending';
  if (counts.running > 0) return 'Running';
  if (counts.stopped === 0) return 'Pending';
  const outcome = counts.stopped === counts.succeeded ? 'Succeeded' : 'Failed';
  if (isTerminal) return outcome;
  return spec.containers.some((container) => willRestart(spec, container, main)) ? 'Running' : outcome;
}

/** Once a main container has run, the pod never goes back to initializing. */
export function hasInitialized(main: readonly ContainerStatus[]): boolean {
  return main.some(({ state, lastState }) => state?.running || state?.terminated || lastState?.terminated);
}

function countInit(spec: PodSpec, init: readonly ContainerStatus[]): { pending: number; failed: number } {
  let pending = 0;
  let failed = 0;
  for (const container of spec.initContainers ?? []) {
    if (isSidecar(container)) continue;
    const status = init.find(({ name }) => name === container.name);
    const ended =
      status?.state?.terminated ?? (status?.state?.running ? undefined : status?.lastState?.terminated);
    if (ended === undefined) pending++;
    else if (ended.exitCode !== 0) failed++;
  }
  return { pending, failed };
}

/** Sidecars that have yet to start. One that has ended says nothing about the pod's phase. */
function countSidecars(spec: PodSpec, init: readonly ContainerStatus[], counts: Counts): number {
  let pending = 0;
  for (const container of spec.initContainers ?? []) {
    if (!isSidecar(container)) continue;
    const status = init.find(({ name }) => name === container.name);
    if (status?.state?.running) {
      if (!status.started) pending++;
      counts.running++;
    } else if (status?.state?.waiting && !status.lastState?.terminated) {
      pending++;
      counts.waiting++;
    } else if (!status?.state?.terminated && !status?.state?.waiting) counts.unknown++;
  }
  return pending;
}

/** Whether a container that has ended is started again. */
function willRestart(spec: PodSpec, container: Container, main: readonly ContainerStatus[]): boolean {
  const status = main.find(({ name }) => name === container.name);
  const ended = status?.state?.terminated ?? status?.lastState?.terminated;
  return ended !== undefined && isRestarted(container, ended.exitCode, spec.restartPolicy);
}

function countMain(spec: PodSpec, main: readonly ContainerStatus[], counts: Counts): void {
  for (const container of spec.containers) {
    const status = main.find(({ name }) => name === container.name);
    const state = status?.state;
    if (state?.running) counts.running++;
    else if (state?.terminated) {
      counts.stopped++;
      if (state.terminated.exitCode === 0) counts.succeeded++;
    } else if (status?.lastState?.terminated) counts.stopped++;
    else if (state?.waiting) counts.waiting++;
    else counts.unknown++;
  }
}
