// Upstream: pkg/kubelet/status/generate.go
import type { ContainerStatus, PodCondition, PodSpec, PodStatus } from '#generated/types/core.v1.ts';
import { isSidecar } from '#kubernetes/api/podStatus.ts';
import { hasInitialized } from './podPhase.ts';

/** A condition without its times. */
export interface Verdict {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason?: string;
  readonly message?: string;
}

type Phase = PodStatus['phase'];

function ended(type: string, phase: Phase): Verdict | undefined {
  if (phase === 'Succeeded') return { type, status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { type, status: 'False', reason: 'PodFailed' };
  return undefined;
}

/** Whether all containers (and sidecars) are ready. */
export function containersReady(
  spec: PodSpec,
  init: readonly ContainerStatus[],
  main: readonly ContainerStatus[],
  phase: Phase,
): Verdict {
  const type = 'ContainersReady';
  const unknown: string[] = [];
  const unready: string[] = [];
  const check = (name: string, statuses: readonly ContainerStatus[]) => {
    const status = statuses.find((entry) => entry.name === name);
    if (status === undefined) unknown.push(name);
    else if (!status.ready) unready.push(name);
  };
  for (const container of spec.initContainers ?? []) if (isSidecar(container)) check(container.name, init);
  for (const { name } of spec.containers) check(name, main);
  if (phase === 'Succeeded' && unknown.length === 0) return ended(type, phase)!;
  if (phase === 'Failed') return ended(type, phase)!;
  return unknown.length + unready.length === 0
    ? { type, status: 'True' }
    : {
        type,
        status: 'False',
        reason: 'ContainersNotReady',
        message: incomplete('unready', unready, unknown),
      };
}

/** Whether the pod serves: its containers are ready and its readiness gates open. */
export function podReady(spec: PodSpec, containers: Verdict, conditions: readonly PodCondition[]): Verdict {
  const type = 'Ready';
  if (containers.status !== 'True') return { ...containers, type };
  const closed: string[] = [];
  for (const { conditionType } of spec.readinessGates ?? []) {
    const gate = conditions.find((condition) => condition.type === conditionType);
    if (gate === undefined)
      closed.push(`corresponding condition of pod readiness gate "${conditionType}" does not exist.`);
    else if (gate.status !== 'True')
      closed.push(`the status of pod readiness gate "${conditionType}" is not "True", but ${gate.status}`);
  }
  return closed.length === 0
    ? { type, status: 'True' }
    : { type, status: 'False', reason: 'ReadinessGatesNotReady', message: closed.join(', ') };
}

/** Whether all init containers have done their work. */
export function podInitialized(
  spec: PodSpec,
  init: readonly ContainerStatus[],
  main: readonly ContainerStatus[],
  phase: Phase,
): Verdict {
  const type = 'Initialized';
  const containers = spec.initContainers ?? [];
  if (containers.length === 0) return { type, status: 'True' };
  const unknown: string[] = [];
  const waiting: string[] = [];
  for (const container of containers) {
    const status = init.find(({ name }) => name === container.name);
    if (status === undefined) unknown.push(container.name);
    else if (isSidecar(container) ? !status.started : !status.ready) waiting.push(container.name);
  }
  if (phase === 'Succeeded' && unknown.length === 0) return { type, status: 'True', reason: 'PodCompleted' };
  if (hasInitialized(main) || unknown.length + waiting.length === 0) return { type, status: 'True' };
  return {
    type,
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: incomplete('incomplete', waiting, unknown),
  };
}

function incomplete(word: string, names: readonly string[], unknown: readonly string[]): string {
  const parts: string[] = [];
  if (unknown.length > 0) parts.push(`containers with unknown status: [${unknown.join(' ')}]`);
  if (names.length > 0) parts.push(`containers with ${word} status: [${names.join(' ')}]`);
  return parts.join(', ');
}
