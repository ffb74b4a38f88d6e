// The cases of upstream's TestComputePodActions that the states alone decide.
import { expect, test } from 'vitest';
import type { Container, PodSpec } from '#generated/types/core.v1.ts';
import { computePodActions, type ContainerView } from './podActions.ts';

type Policy = PodSpec['restartPolicy'];
type Short = 'new' | 'running' | 'starting' | 'unhealthy' | number;

function view(state: Short, kind: 'main' | 'init' | 'sidecar' = 'main'): ContainerView {
  const spec: Container = { name: 'c', ...(kind === 'sidecar' && { restartPolicy: 'Always' as const }) };
  const isRunning = state === 'running' || state === 'starting' || state === 'unhealthy';
  return {
    spec,
    isInit: kind !== 'main',
    state: state === 'new' ? 'new' : isRunning ? 'running' : 'exited',
    exitCode: typeof state === 'number' ? state : 0,
    isStarted: state === 'running' || state === 'unhealthy',
    failedProbe: state === 'unhealthy' ? 'liveness' : null,
  };
}

const init = (state: Short) => view(state, 'init');
const sidecar = (state: Short) => view(state, 'sidecar');

const cases: [string, Policy, ContainerView[], { isOver?: boolean; kill?: number[]; start?: number[] }][] = [
  ['all are new: start all', 'Always', [view('new'), view('new')], { start: [0, 1] }],
  ['all run: nothing', 'Always', [view('running'), view('running')], {}],
  ['one exited: start it', 'Always', [view(0), view('running')], { start: [0] }],
  ['OnFailure restarts failures only', 'OnFailure', [view(0), view(1), view('running')], { start: [1] }],
  ['Never restarts nothing', 'Never', [view(1), view('running')], {}],
  ['Never, all ended: over', 'Never', [view(1), view(0)], { isOver: true }],
  ['OnFailure, all succeeded: over', 'OnFailure', [view(0)], { isOver: true }],
  ['an unhealthy container is killed', 'Always', [view('unhealthy'), view('running')], { kill: [0] }],
  ['init first', 'Always', [init('new'), init('new'), view('new')], { start: [0] }],
  ['init one by one', 'Always', [init(0), init('new'), view('new')], { start: [1] }],
  ['init runs: wait', 'Always', [init(0), init('running'), view('new')], {}],
  ['init failed: again', 'OnFailure', [init(1), view('new')], { start: [0] }],
  ['init failed with Never: over', 'Never', [init(1), view('new')], { isOver: true }],
  ['init done: main', 'Never', [init(0), init(0), view('new')], { start: [2] }],
  ['init is not repeated once main ran', 'Always', [init(1), view('running')], {}],
  ['a sidecar starts and is waited for', 'Always', [sidecar('new'), view('new')], { start: [0] }],
  ['a sidecar that is not started yet', 'Always', [sidecar('starting'), init('new'), view('new')], {}],
  ['a started sidecar', 'Always', [sidecar('running'), init('new'), view('new')], { start: [1] }],
  ['a sidecar restarts beside main', 'Never', [sidecar(1), view('running')], { start: [0] }],
  [
    'sidecars end after main, the last first',
    'Never',
    [sidecar('running'), sidecar('running'), view(0)],
    { isOver: true, kill: [1, 0] },
  ],
];

test.each(cases)('%s', (_name, policy, views, expected) => {
  expect(computePodActions(views, policy)).toEqual({ isOver: false, kill: [], start: [], ...expected });
});
