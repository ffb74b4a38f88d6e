import { expect, test } from 'vitest';
import type { Pod } from '#generated/types/core.v1.ts';
import { MetricsError, type PodMetric } from './podMetrics.ts';
import {
  averageValueReplicas,
  groupPods,
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

/**
 * Pods by letters: `r`eady for long, `u`nready since its start, `h`ot: ready since just now, `f`ailed, `d`eleted,
 * `p`ending; with millicores or thousandths of what each uses, null where nothing is known. Each asks for 1000.
 */
function podsOf(letters: string, uses: readonly (number | null)[], resource = 'cpu'): Question {
  const metrics = new Map<string, PodMetric>();
  for (const [i, value] of uses.entries())
    if (value !== null) metrics.set(`pod-${i}`, { value, atMs: nowMs, windowMs: 60_000 });
  const pods = Array.from(letters, (letter, i) => {
    const startedAgo = 'uh'.includes(letter) ? 60 : 7200;
    const status = 'ufdp'.includes(letter) ? 'False' : 'True';
    const lastTransitionTime = at(letter === 'h' ? 0 : startedAgo);
    return {
      metadata: { name: `pod-${i}`, ...(letter === 'd' && { deletionTimestamp: at(0) }) },
      spec: { containers: [{ name: 'main', resources: { requests: { [resource]: '1' } } }] },
      status: {
        phase: letter === 'f' ? 'Failed' : letter === 'p' ? 'Pending' : 'Running',
        startTime: at(startedAgo),
        conditions: [{ type: 'Ready', status, lastTransitionTime }],
      },
    };
  });
  const tolerances = { scaleUp: 0.1, scaleDown: 0.1 };
  return { currentReplicas: 0, resource, pods: pods as unknown as Pod[], metrics, tolerances, nowMs };
}

const five = [100, 300, 500, 250, 250];

// Facts from upstream's TestReplicaCalc*: pods, what they use, the target in percent, then replicas and utilization.
test.each<[string, string, number, readonly (number | null)[], number, number, number]>([
  ['ScaleUp', 'rrr', 3, [300, 500, 700], 30, 5, 50],
  ['ScaleUpUnreadyLessScale', 'urr', 3, [300, 500, 700], 30, 4, 60],
  ['ScaleUpHotCpuLessScale', 'hrr', 3, [300, 500, 700], 30, 4, 60],
  ['ScaleUpUnreadyNoScale', 'ruu', 3, [400, 500, 700], 30, 3, 40],
  ['ScaleHotCpuNoScale', 'rhh', 3, [400, 500, 700], 30, 3, 40],
  ['ScaleUpIgnoresFailedPods', 'rrff', 2, [500, 700, null, null], 30, 4, 60],
  ['ScaleUpIgnoresDeletionPods', 'rrdd', 2, [500, 700, null, null], 30, 4, 60],
  ['ScaleDown', 'rrrrr', 5, five, 50, 3, 28],
  ['ScaleDownIncludeUnreadyPods', 'rrruu', 5, five, 50, 2, 30],
  ['ScaleDownExcludeUnscheduledPods', 'rpppp', 5, [100, null, null, null, null], 50, 1, 10],
  ['ScaleDownIgnoreHotCpuPods', 'rrrhh', 5, five, 50, 2, 30],
  ['ScaleDownIgnoresFailedPods', 'rrrrrff', 5, five, 50, 3, 28],
  ['ScaleDownIgnoresDeletionPods', 'rrrrrdd', 5, five, 50, 3, 28],
  ['SuperfluousMetrics', 'rrrr', 4, [4000, 9500, 3000, 7000, 3200, 2000], 100, 24, 587],
  ['MissingMetrics', 'rrrr', 4, [400, 95, null, null], 100, 3, 24],
  ['MissingMetricsNoChangeEq', 'rr', 2, [1000, null], 100, 2, 100],
  ['MissingMetricsNoChangeGt', 'rr', 2, [1900, null], 100, 2, 190],
  ['MissingMetricsNoChangeLt', 'rr', 2, [600, null], 100, 2, 60],
  ['MissingMetricsUnreadyChange', 'urr', 3, [100, 450, null], 50, 3, 45],
  ['MissingMetricsHotCpuNoChange', 'hrr', 3, [100, 450, null], 50, 3, 45],
  ['MissingMetricsUnreadyScaleUp', 'urr', 3, [100, 2000, null], 50, 4, 200],
  ['MissingMetricsHotCpuScaleUp', 'hrr', 3, [100, 2000, null], 50, 4, 200],
  ['MissingMetricsUnreadyScaleDown', 'urrr', 4, [100, 100, 100, null], 50, 3, 10],
  ['DuringRollingUpdateWithMaxSurge', 'rrr', 2, [100, 100, null], 50, 2, 10],
])('%s', (_what, letters, currentReplicas, uses, target, replicas, utilization) => {
  const question = { ...podsOf(letters, uses), currentReplicas };
  expect(utilizationReplicas(question, target)).toMatchObject({ replicas, utilization });
});

test.each<[string, string, number, readonly (number | null)[], number, number, number]>([
  ['ScaleUpCM', 'rrr', 3, [20_000, 10_000, 30_000], 15_000, 4, 20_000],
  ['ScaleUpCMUnreadyHotCpuNoLessScale', 'rru', 3, [50_000, 10_000, 30_000], 15_000, 6, 30_000],
  ['ScaleUpCMUnreadyHotCpuScaleWouldScaleDown', 'uru', 3, [50_000, 15_000, 30_000], 15_000, 7, 31_666],
  ['ScaleDownCM', 'rrrrr', 5, [12_000, 12_000, 12_000, 12_000, 12_000], 20_000, 3, 12_000],
  ['ToleranceCM', 'rrr', 3, [20_000, 21_000, 21_000], 20_000, 3, 20_666],
  [
    'a pod without the metric counts as on target when shrinking',
    'rrr',
    3,
    [5000, 5000, null],
    20_000,
    2,
    5000,
  ],
  [
    'a pod without the metric counts as idle when growing',
    'rrr',
    3,
    [40_000, 40_000, null],
    20_000,
    4,
    40_000,
  ],
])('%s', (_what, letters, currentReplicas, uses, target, replicas, averageMillis) => {
  const question = { ...podsOf(letters, uses, ''), currentReplicas };
  expect(averageValueReplicas(question, target)).toMatchObject({ replicas, averageMillis });
});

// Unready pods do not share what an object or something outside of the cluster measures.
test.each<[string, number, number, number]>([
  ['ScaleUpCMObjectIgnoresUnreadyPods', 50_000, 10_000, 5],
  ['ScaleUpCMExternalIgnoresUnreadyPods', 8_600, 4_400, 2],
])('%s', (_what, millis, target, replicas) => {
  expect(valueReplicas({ ...podsOf('uru', []), currentReplicas: 3 }, 1, millis, target)).toBe(replicas);
});

test.each<[string, number, number, number, number]>([
  ['ScaleUpCMPerPodObject', 3, 20_000, 5000, 4],
  ['ScaleDownPerPodCMObject', 5, 6000, 2000, 3],
  ['TolerancePerPodCMObject', 4, 20_166, 5000, 4],
])('%s', (_what, replicas, millis, target, expected) => {
  expect(perPodReplicas({ scaleUp: 0.1, scaleDown: 0.1 }, replicas, millis, target)).toBe(expected);
});

test('ComputedToleranceAlgImplementation: beyond the tolerance by a hair, and within', () => {
  const more = [100, -100, 10, -10, 2, -2, 1, -1, 0, 0];
  const row = { current: 10, uses: more.map(() => 150), requests: more.map((jitter) => 300 + jitter) };
  expect(utilizationReplicas(questionOf(row), 56)).toMatchObject({ replicas: 9, utilization: 50 });
  expect(utilizationReplicas(questionOf(row), 55)).toMatchObject({ replicas: 10, utilization: 50 });
});

// The tolerance of each direction may be its own (HPAConfigurableTolerance).
test.each<[string, number, number, number, number]>([
  ['growing, within', 1050, 0.05, 0, 10],
  ['growing, beyond', 1060, 0.05, 0, 11],
  ['shrinking, within', 950, 0, 0.05, 10],
  ['shrinking, beyond', 890, 0, 0.05, 9],
  ['a tolerance of one direction is none of the other', 1060, 0, 0.5, 11],
  ['none at all', 1010, 0, 0, 11],
])('tolerances: %s', (_what, use, scaleUp, scaleDown, replicas) => {
  const question = questionOf({ current: 10, uses: Array<number>(10).fill(use) });
  expect(utilizationReplicas({ ...question, tolerances: { scaleUp, scaleDown } }, 100).replicas).toBe(
    replicas,
  );
});

test('metrics of pods that nobody knows are no metrics', () => {
  const question = { ...podsOf('r', [null]), currentReplicas: 1 };
  const metrics = new Map([['an-older-pod-name', { value: 100, atMs: nowMs, windowMs: 60_000 }]]);
  expect(() => utilizationReplicas({ ...question, metrics }, 100)).toThrow(
    new MetricsError('no metrics returned matched known pods'),
  );
});

type Ready = readonly [status: 'True' | 'False', secondsAgo: number] | null;

// Facts from upstream's TestGroupPods, whose periods are shorter than those of the controller manager's flags.
test.each<
  [
    string,
    {
      started?: number;
      ready?: Ready;
      metricAgo?: number;
      window?: number;
      phase?: string;
      resource?: string;
    },
    string,
  ]
>([
  ['memory counts as it is', { resource: 'memory', metricAgo: 0 }, 'counts'],
  ['no condition says that it is ready', { started: 0, metricAgo: 0 }, 'unready'],
  ['fresh metrics while it starts', { started: 60, ready: ['True', 30], metricAgo: 0, window: 30 }, 'counts'],
  [
    'metrics from before it was ready',
    { started: 60, ready: ['True', 30], metricAgo: 0, window: 60 },
    'unready',
  ],
  ['it became unready as it started', { started: 600, ready: ['False', 576], metricAgo: 0 }, 'unready'],
  ['it is ready for long', { started: 360, ready: ['True', 360], metricAgo: 120, window: 60 }, 'counts'],
  ['it was ready before', { started: 600, ready: ['False', 540], metricAgo: 0 }, 'counts'],
  ['as long as the readiness may take', { started: 600, ready: ['False', 570], metricAgo: 0 }, 'counts'],
  ['nothing is known of it', { started: 180 }, 'missing'],
  ['it waits for a node', { phase: 'Pending' }, 'unready'],
])(
  'a pod counts or not: %s',
  (_what, { started, ready = null, metricAgo, window = 60, ...more }, expected) => {
    const { phase = 'Succeeded', resource = 'cpu' } = more;
    const conditions = ready && [{ type: 'Ready', status: ready[0], lastTransitionTime: at(ready[1]) }];
    const status = {
      phase,
      ...(started !== undefined && { startTime: at(started) }),
      ...(conditions && { conditions }),
    };
    const metrics = new Map<string, PodMetric>();
    if (metricAgo !== undefined)
      metrics.set('x', { value: 1, atMs: nowMs - metricAgo * 1000, windowMs: window * 1000 });
    const pods = [{ metadata: { name: 'x' }, spec: { containers: [] }, status }] as unknown as Pod[];
    const groups = groupPods({ pods, metrics, resource, nowMs });
    const found = { counts: groups.readyCount, unready: groups.unready.size, missing: groups.missing.size };
    expect(found).toEqual({ counts: 0, unready: 0, missing: 0, [expected]: 1 });
  },
);
