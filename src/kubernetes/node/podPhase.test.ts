// The cases of upstream's TestPodPhaseWith… and of pkg/kubelet/status/generate_test.go.
import { expect, test } from 'vitest';
import type { Container, ContainerState, ContainerStatus, PodSpec } from '#generated/types/core.v1.ts';
import { containersReady, podInitialized, podReady } from './podConditions.ts';
import { podPhase } from './podPhase.ts';

const states: Record<string, Partial<ContainerStatus>> = {
  running: { state: { running: {} }, ready: true, started: true },
  unready: { state: { running: {} }, started: true },
  starting: { state: { running: {} }, started: false },
  waiting: { state: { waiting: { reason: 'ContainerCreating' } } },
  succeeded: { state: { terminated: { exitCode: 0 } } },
  failed: { state: { terminated: { exitCode: 1 } } },
  crashed: { state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: failedState() },
};

function failedState(): ContainerState {
  return { terminated: { exitCode: 1 } };
}

function statuses(prefix: string, names: string): ContainerStatus[] {
  return list(names).flatMap((name, i) =>
    name === 'unknown'
      ? []
      : [{ name: `${prefix}${i}`, image: '', imageID: '', ready: false, restartCount: 0, ...states[name] }],
  );
}

const list = (text: string) => text.split(' ').filter((word) => word !== '');

function specOf(policy: PodSpec['restartPolicy'], init: string, main: string, sidecar = false): PodSpec {
  const containers = (prefix: string, names: string): Container[] =>
    list(names).map((_, i) => ({ name: `${prefix}${i}` }));
  const inits = containers('i', init).map((spec) =>
    sidecar ? { ...spec, restartPolicy: 'Always' as const } : spec,
  );
  return { restartPolicy: policy!, initContainers: inits, containers: containers('m', main) };
}

test.each([
  ['Always', '', 'waiting waiting', 'Pending'],
  ['Always', '', 'running running', 'Running'],
  ['Always', '', 'running waiting', 'Pending'],
  ['Always', '', 'running crashed', 'Running'],
  ['Always', '', 'succeeded succeeded', 'Running'],
  ['Always', '', 'crashed crashed', 'Running'],
  ['Always', '', 'running unknown', 'Pending'],
  ['Never', '', 'succeeded succeeded', 'Succeeded'],
  ['Never', '', 'failed succeeded', 'Failed'],
  ['Never', '', 'running failed', 'Running'],
  ['OnFailure', '', 'succeeded succeeded', 'Succeeded'],
  ['OnFailure', '', 'failed succeeded', 'Running'],
  ['OnFailure', '', 'crashed succeeded', 'Running'],
  ['Always', 'waiting', 'waiting', 'Pending'],
  ['Always', 'running', 'waiting', 'Pending'],
  ['Always', 'succeeded', 'running', 'Running'],
  ['Never', 'failed', 'waiting', 'Failed'],
  ['OnFailure', 'crashed', 'waiting', 'Pending'],
] as const)('%s, init [%s], main [%s]: %s', (policy, init, main, phase) => {
  expect(podPhase(specOf(policy, init, main), statuses('i', init), statuses('m', main), false)).toBe(phase);
});

test.each([
  ['starting', 'waiting', 'Pending'],
  ['running', 'running', 'Running'],
  ['crashed', 'running', 'Running'],
  ['running', 'succeeded', 'Running'],
  ['succeeded', 'succeeded', 'Succeeded'],
] as const)('sidecar %s, main %s: %s', (init, main, phase) => {
  const spec = specOf('Never', init, main, true);
  expect(podPhase(spec, statuses('i', init), statuses('m', main), false)).toBe(phase);
});

test.each([
  ['running running', 'Running', { status: 'True' }],
  [
    'running unready',
    'Running',
    { status: 'False', reason: 'ContainersNotReady', message: 'containers with unready status: [m1]' },
  ],
  [
    'unready unknown',
    'Running',
    {
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unknown status: [m1], containers with unready status: [m0]',
    },
  ],
  ['succeeded', 'Succeeded', { status: 'False', reason: 'PodCompleted' }],
  ['failed', 'Failed', { status: 'False', reason: 'PodFailed' }],
] as const)('containers [%s] of a %s pod', (main, phase, expected) => {
  const verdict = containersReady(specOf('Always', '', main), [], statuses('m', main), phase);
  expect(verdict).toEqual({ type: 'ContainersReady', ...expected });
});

test('readiness gates hold a pod back', () => {
  const spec = {
    ...specOf('Always', '', 'running'),
    readinessGates: [{ conditionType: 'a' }, { conditionType: 'b' }],
  };
  const ready = { type: 'ContainersReady', status: 'True' } as const;
  expect(
    podReady(spec, ready, [
      { type: 'a', status: 'True' },
      { type: 'b', status: 'False' },
    ]),
  ).toEqual({
    type: 'Ready',
    status: 'False',
    reason: 'ReadinessGatesNotReady',
    message: 'the status of pod readiness gate "b" is not "True", but False',
  });
  expect(podReady(spec, ready, [{ type: 'a', status: 'True' }]).message).toBe(
    'corresponding condition of pod readiness gate "b" does not exist.',
  );
});

test.each([
  ['', 'waiting', { status: 'True' }],
  [
    'waiting waiting',
    'waiting',
    {
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [i0 i1]',
    },
  ],
  ['failed', 'crashed', { status: 'True' }],
] as const)('initialized: init [%s], main [%s]', (init, main, expected) => {
  const verdict = podInitialized(
    specOf('Always', init, main),
    statuses('i', init),
    statuses('m', main),
    'Pending',
  );
  expect(verdict).toEqual({ type: 'Initialized', ...expected });
});
