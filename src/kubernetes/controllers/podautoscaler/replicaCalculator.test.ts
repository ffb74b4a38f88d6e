import { expect, test } from 'vitest';
import type { Pod } from '#generated/types/core.v1.ts';
import { MetricsError, type PodMetric } from './podMetrics.ts';
import {
  averageValueReplicas,
  perPodReplicas,
  type Question,
  utilizationReplicas,
  valueReplicas,
} from './replicaCalculator.ts';

const nowMs = Date.UTC(2026, 0, 1, 12);
const at = (secondsAgo: number) => new Date(nowMs - secondsAgo * 1000).toISOString();

interface Row {
  readonly current: number;
  /** Millicores each pod uses; null for one without metrics. */
  readonly uses: readonly (number | null)[];
  readonly requests?: readonly (number | null)[];
  readonly ready?: readonly boolean[];
  readonly phases?: readonly string[];
  readonly deleted?: readonly boolean[];
  /** Seconds since the pods started. */
  readonly startedAgo?: number;
  /** Seconds since readiness last changed. */
  readonly readySinceAgo?: number;
  readonly resource?: string;
}

function questionOf(row: Row): Question {
  const { uses, requests = [], ready = [], phases = [], deleted = [], resource = 'cpu' } = row;
  const { startedAgo = 7200, readySinceAgo = 3600 } = row;
  const pods = uses.map((_use, i) => {
    const request = requests[i] === undefined ? 1000 : requests[i];
    return {
      metadata: { name: `pod-${i}`, ...(deleted[i] && { deletionTimestamp: at(0) }) },
      spec: {
        containers: [
          { name: 'main', resources: { requests: request === null ? {} : { [resource]: `${request}m` } } },
        ],
      },
      status: {
        phase: phases[i] ?? 'Running',
        startTime: at(startedAgo),
        conditions: [
          {
            type: 'Ready',
            status: ready[i] === false ? 'False' : 'True',
            lastTransitionTime: at(readySinceAgo),
          },
        ],
      },
    };
  });
  const metrics = new Map<string, PodMetric>();
  for (const [i, value] of uses.entries()) {
    if (value !== null) metrics.set(`pod-${i}`, { value, atMs: nowMs, windowMs: 60_000 });
  }
  const tolerances = { scaleUp: 0.1, scaleDown: 0.1 };
  return {
    currentReplicas: row.current,
    resource,
    pods: pods as unknown as Pod[],
    metrics,
    tolerances,
    nowMs,
  };
}

// Upstream: replica_calculator_test.go
test.each<[string, Row, number, number, number, number]>([
  ['grows', { current: 3, uses: [300, 500, 700] }, 30, 5, 50, 500],
  [
    'grows for a hot pod that is unready, cautiously',
    { current: 3, uses: [300, 500, 700], ready: [false, true, true], startedAgo: 60, readySinceAgo: 60 },
    30,
    4,
    60,
    600,
  ],
  [
    'does not grow for pods that were ready before',
    { current: 3, uses: [400, 500, 700], ready: [true, false, false] },
    30,
    6,
    53,
    533,
  ],
  [
    'takes pending pods for idle',
    { current: 2, uses: [500, null, null], phases: ['Running', 'Pending', 'Pending'] },
    40,
    2,
    50,
    500,
  ],
  [
    'leaves failed and deleted pods out',
    {
      current: 2,
      uses: [500, 700, null, null],
      phases: ['Running', 'Running', 'Failed', 'Running'],
      deleted: [false, false, false, true],
    },
    50,
    3,
    60,
    600,
  ],
  ['shrinks', { current: 5, uses: [100, 300, 500, 250, 250] }, 50, 3, 28, 280],
  [
    'shrinks, unready pods do not count',
    {
      current: 5,
      uses: [100, 300, 500, 250, 250],
      ready: [true, true, true, false, false],
      startedAgo: 60,
      readySinceAgo: 3600,
    },
    50,
    2,
    30,
    300,
  ],
  [
    'stays within the tolerance',
    { current: 3, uses: [1010, 1030, 1020], requests: [900, 1000, 1100] },
    100,
    3,
    102,
    1020,
  ],
  ['shrinks cautiously with a missing pod', { current: 4, uses: [100, 100, 100, null] }, 100, 2, 10, 100],
  ['does not turn around for missing pods', { current: 2, uses: [1000, null] }, 50, 2, 100, 1000],
  [
    'memory does not wait for readiness',
    { current: 3, uses: [300, 500, 700], resource: 'memory', ready: [false, false, false], startedAgo: 60 },
    30,
    5,
    50,
    500,
  ],
])('%s', (_what, row, target, replicas, utilization, averageMillis) => {
  const proposal = utilizationReplicas(questionOf(row), target);
  expect(proposal).toEqual({ replicas, utilization, averageMillis });
});

test.each<[string, Row, number, number]>([
  ['grows', { current: 3, uses: [20_000, 10_000, 30_000] }, 15_000, 4],
  ['shrinks', { current: 5, uses: [12_000, 12_000, 12_000, 12_000, 12_000] }, 20_000, 3],
  ['stays within the tolerance', { current: 3, uses: [20_666, 20_666, 20_666] }, 20_000, 3],
])('by the average value it %s', (_what, row, target, replicas) => {
  expect(averageValueReplicas(questionOf(row), target).replicas).toBe(replicas);
});

test.each<[string, Row, string]>([
  ['no pods', { current: 1, uses: [] }, 'no pods returned by selector while calculating replica count'],
  [
    'no request',
    { current: 1, uses: [100], requests: [null] },
    'missing request for cpu in container main of Pod pod-0',
  ],
  [
    'no ready pod',
    { current: 1, uses: [100], ready: [false], startedAgo: 60 },
    'did not receive metrics for any ready pods',
  ],
])('%s is told', (_what, row, message) => {
  expect(() => utilizationReplicas(questionOf(row), 50)).toThrow(new MetricsError(message));
});

// Facts from upstream's TestReplicaCalc*CMObject and *CMExternal.
test.each<[string, number, number, number, number]>([
  ['an object above its value', 3, 20_000, 15_000, 4],
  ['an object within the tolerance', 3, 20_666, 20_000, 3],
  ['an external metric above its value', 1, 8_600, 4_400, 2],
  ['an external metric below its value', 5, 8_600, 14_334, 3],
  ['an external metric within the tolerance', 3, 8_600, 8_888, 3],
  ['from no pods at all, two times the value', 0, 20_000, 10_000, 2],
  ['to no pods, when there is nothing to do', 1, 0, 10_000, 0],
])('%s', (_what, currentReplicas, millis, target, expected) => {
  const pods = Array.from({ length: currentReplicas }, () => ({}) as Pod);
  const question = {
    currentReplicas,
    resource: '',
    pods,
    metrics: new Map(),
    nowMs: 0,
    tolerances: { scaleUp: 0.1, scaleDown: 0.1 },
  };
  expect(valueReplicas(question, currentReplicas, millis, target)).toBe(expected);
});

test.each<[string, number, number, number, number]>([
  ['an object above its average', 3, 40_000, 10_000, 4],
  ['an external metric above its average', 3, 8_600, 2_150, 4],
  ['an external metric below its average', 5, 8_600, 2_867, 3],
  ['an external metric with its average within the tolerance', 3, 8_600, 2_900, 3],
  ['an average of no pods', 0, 30_000, 10_000, 3],
])('%s', (_what, replicas, millis, target, expected) => {
  expect(perPodReplicas({ scaleUp: 0.1, scaleDown: 0.1 }, replicas, millis, target)).toBe(expected);
});
