import { expect, test } from 'vitest';
import type { Pod } from '#generated/types/core.v1.ts';
import { summarizePod } from './podSummary.ts';

const running = { ready: true, restartCount: 0, state: { running: {} } };
const waiting = (reason: string, restartCount = 0) => ({
  ready: false,
  restartCount,
  state: { waiting: { reason } },
});
const ended = (exitCode: number, reason?: string, more = {}) => ({
  ready: false,
  restartCount: 0,
  state: { terminated: { exitCode, ...(reason && { reason }), ...more } },
});

function pod(status: object, more: { spec?: object; metadata?: object } = {}): Pod {
  const spec = { containers: [{ name: 'a' }, { name: 'b' }], ...more.spec };
  return { metadata: more.metadata ?? {}, spec, status } as unknown as Pod;
}

function list(...statuses: object[]): object[] {
  return statuses.map((status, i) => ({ name: 'ab'[i], ...status }));
}

const isReady = [{ type: 'Ready', status: 'True' }];

// Upstream: TestPrintPod in pkg/printers/internalversion/printers_test.go
test.each<[string, Pod, string, string, number]>([
  ['pending', pod({ phase: 'Pending' }), '0/2', 'Pending', 0],
  ['running', pod({ phase: 'Running', containerStatuses: list(running, running) }), '2/2', 'Running', 0],
  ['a reason of its own', pod({ phase: 'Failed', reason: 'Evicted' }), '0/2', 'Evicted', 0],
  [
    'a container waits',
    pod({ phase: 'Running', containerStatuses: list(waiting('CrashLoopBackOff', 3), running) }),
    '1/2',
    'CrashLoopBackOff',
    3,
  ],
  [
    'the first container speaks last',
    pod({ phase: 'Pending', containerStatuses: list(waiting('ErrImagePull'), waiting('ContainerCreating')) }),
    '0/2',
    'ErrImagePull',
    0,
  ],
  [
    'completed',
    pod({ phase: 'Succeeded', containerStatuses: list(ended(0, 'Completed'), ended(0, 'Completed')) }),
    '0/2',
    'Completed',
    0,
  ],
  [
    'ended without reason',
    pod({ phase: 'Failed', containerStatuses: list(ended(2)) }),
    '0/2',
    'ExitCode:2',
    0,
  ],
  [
    'ended by a signal',
    pod({ phase: 'Failed', containerStatuses: list(ended(137, undefined, { signal: 9 })) }),
    '0/2',
    'Signal:9',
    0,
  ],
  [
    'one completed, one running and ready',
    pod({ phase: 'Running', conditions: isReady, containerStatuses: list(ended(0, 'Completed'), running) }),
    '1/2',
    'Running',
    0,
  ],
  [
    'one completed, one running but not ready',
    pod({ phase: 'Running', containerStatuses: list(ended(0, 'Completed'), running) }),
    '1/2',
    'NotReady',
    0,
  ],
  [
    'one completed, one failed',
    pod({ phase: 'Failed', containerStatuses: list(ended(0, 'Completed'), ended(1, 'Error')) }),
    '0/2',
    'Error',
    0,
  ],
  [
    'gated',
    pod({
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
    }),
    '0/2',
    'SchedulingGated',
    0,
  ],
  [
    'deleted',
    pod(
      { phase: 'Running', containerStatuses: list(running, running) },
      { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } },
    ),
    '2/2',
    'Terminating',
    0,
  ],
  [
    'deleted after it ended',
    pod({ phase: 'Succeeded' }, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }),
    '0/2',
    'Succeeded',
    0,
  ],
  [
    'deleted on a lost node',
    pod(
      { phase: 'Running', reason: 'NodeLost' },
      { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } },
    ),
    '0/2',
    'Unknown',
    0,
  ],
])('%s', (_name, object, ready, reason, restarts) => {
  const summary = summarizePod(object);
  expect(`${summary.ready}/${summary.total}`).toBe(ready);
  expect(summary.reason).toBe(reason);
  expect(summary.restarts).toBe(restarts);
});

const init = { spec: { initContainers: [{ name: 'a' }, { name: 'b' }] } };
const sidecar = { spec: { initContainers: [{ name: 'a', restartPolicy: 'Always' }, { name: 'b' }] } };

test.each<[string, Pod, string, string, number]>([
  [
    'the first runs',
    pod({ phase: 'Pending', initContainerStatuses: list(running, waiting('PodInitializing')) }, init),
    '0/2',
    'Init:0/2',
    0,
  ],
  [
    'the second runs',
    pod({ phase: 'Pending', initContainerStatuses: list(ended(0, 'Completed'), running) }, init),
    '0/2',
    'Init:1/2',
    0,
  ],
  [
    'one failed',
    pod({ phase: 'Pending', initContainerStatuses: list(ended(1, 'Error')) }, init),
    '0/2',
    'Init:Error',
    0,
  ],
  [
    'one fails again and again',
    pod({ phase: 'Pending', initContainerStatuses: list(waiting('CrashLoopBackOff', 4)) }, init),
    '0/2',
    'Init:CrashLoopBackOff',
    4,
  ],
  [
    'all are done, and their restarts forgotten',
    pod(
      {
        phase: 'Running',
        initContainerStatuses: list({ ...ended(0, 'Completed'), restartCount: 2 }, ended(0, 'Completed')),
        containerStatuses: list(running, running),
      },
      init,
    ),
    '2/2',
    'Running',
    0,
  ],
  [
    'a started sidecar counts as a container',
    pod(
      {
        phase: 'Running',
        initContainerStatuses: list({ ...running, started: true, restartCount: 1 }, ended(0, 'Completed')),
        containerStatuses: list(running, running),
      },
      sidecar,
    ),
    '3/3',
    'Running',
    1,
  ],
])('init containers: %s', (_name, object, ready, reason, restarts) => {
  const summary = summarizePod(object);
  expect(`${summary.ready}/${summary.total}`).toBe(ready);
  expect(summary.reason).toBe(reason);
  expect(summary.restarts).toBe(restarts);
});

test('the last restart is the latest end', () => {
  const at = (finishedAt: string) => ({
    ...running,
    restartCount: 1,
    lastState: { terminated: { finishedAt } },
  });
  const object = pod({
    phase: 'Running',
    containerStatuses: list(at('2026-01-01T00:00:09Z'), at('2026-01-01T00:00:05Z')),
  });
  expect(summarizePod(object).lastRestart).toBe('2026-01-01T00:00:09Z');
});
