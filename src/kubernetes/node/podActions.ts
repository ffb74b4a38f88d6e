// Upstream: pkg/kubelet/kuberuntime/kuberuntime_manager.go computePodActions, computeInitContainerActions
import type { Container, PodSpec } from '#generated/types/core.v1.ts';
import { isRestarted, isSidecar } from '#kubernetes/api/podStatus.ts';

/** What the kubelet knows of one container of a pod. */
export interface ContainerView {
  readonly spec: Container;
  readonly isInit: boolean;
  readonly state: 'new' | 'running' | 'exited';
  readonly exitCode: number;
  /** Its startup probe has succeeded, or it has none. */
  readonly isStarted: boolean;
  /** The probe that has failed for good. */
  readonly failedProbe: 'liveness' | 'startup' | null;
}

/** What to do next, by index into the views: kills first, then starts in order. */
export interface PodActions {
  /** Nothing will run in this pod again. */
  readonly isOver: boolean;
  readonly kill: readonly number[];
  readonly start: readonly number[];
}

const nothing: PodActions = { isOver: false, kill: [], start: [] };

/** Decides from the states alone; back-offs are the caller's. `views` lists init containers first. */
export function computePodActions(
  views: readonly ContainerView[],
  restartPolicy: PodSpec['restartPolicy'],
): PodActions {
  const kill: number[] = [];
  const start: number[] = [];
  const main = views.map((_, i) => i).filter((i) => !views[i]!.isInit);
  const isMainOver = main.every((i) => {
    const { state, spec, exitCode } = views[i]!;
    return state === 'exited' && !isRestarted(spec, exitCode, restartPolicy);
  });
  if (isMainOver) return endSidecars(views);

  // Once a main container has run, the init containers have done their work, whatever became of them.
  const hasMainRun = main.some((i) => views[i]!.state !== 'new');
  for (const [i, view] of views.entries()) {
    if (!view.isInit) continue;
    if (isSidecar(view.spec)) {
      if (view.state === 'running' && view.failedProbe !== null) kill.push(i);
      else if (view.state !== 'running') start.push(i);
      if (!hasMainRun && (view.state !== 'running' || !view.isStarted)) return { isOver: false, kill, start };
      continue;
    }
    if (hasMainRun) continue;
    if (view.state === 'exited' && view.exitCode === 0) continue;
    // A regular init container succeeds once.
    if (view.state === 'exited' && !isRestarted(view.spec, view.exitCode, restartPolicy))
      return endSidecars(views);
    if (view.state !== 'running') start.push(i);
    return { isOver: false, kill, start };
  }
  for (const i of main) {
    const { state, spec, exitCode, failedProbe } = views[i]!;
    if (state === 'running') {
      if (failedProbe !== null) kill.push(i);
    } else if (state === 'new' || isRestarted(spec, exitCode, restartPolicy)) start.push(i);
  }
  return kill.length + start.length === 0 ? nothing : { isOver: false, kill, start };
}

/** Sidecars end last, in the reverse of the order in which they started. */
function endSidecars(views: readonly ContainerView[]): PodActions {
  const kill = views
    .map((_, i) => i)
    .filter((i) => views[i]!.state === 'running')
    .reverse();
  return { isOver: true, kill, start: [] };
}
