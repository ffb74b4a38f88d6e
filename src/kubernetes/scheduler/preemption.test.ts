import { expect, test } from 'vitest';
import type { Pod } from '#generated/types/core.v1.ts';
import type { PodDisruptionBudget } from '#generated/types/policy.v1.ts';
import { NodeInfo } from './nodeInfo.ts';
import { compareImportance, pickCandidate, splitByBudgets, type Victims } from './preemption.ts';
import { makePod } from './testObjects.ts';

const low = 0;
const mid = 100;
const high = 1000;
const at = (day: number) => `2019-01-${String(day).padStart(2, '0')}T00:00:00Z`;
const victim = (priority: number, day = 1): Pod => makePod({ priority, status: { startTime: at(day) } });
const on = (name: string, violations: number, ...pods: Pod[]): Victims => ({
  node: new NodeInfo(name, 0),
  pods,
  violations,
});

// Facts from upstream's TestPickOneNodeForPreemption.
test.each<[string, Victims[], string]>([
  ['no differences: the first', [on('n1', 0, victim(low)), on('n2', 0, victim(low))], 'n1'],
  ['fewer violated budgets', [on('n1', 1, victim(low)), on('n2', 0, victim(high))], 'n2'],
  [
    'a pod with min highest priority pod is picked',
    [on('n1', 0, victim(high), victim(low)), on('n2', 0, victim(mid), victim(mid))],
    'n2',
  ],
  [
    'when highest priorities are the same, minimum sum of priorities is picked',
    [on('n1', 0, victim(mid), victim(mid)), on('n2', 0, victim(mid), victim(low))],
    'n2',
  ],
  [
    'when highest priority and sum are the same, minimum number of pods is picked',
    [on('n1', 0, victim(mid), victim(low), victim(low)), on('n2', 0, victim(mid), victim(low))],
    'n2',
  ],
  [
    'negative priorities add up too',
    [on('n1', 0, victim(mid), victim(-100), victim(-100)), on('n2', 0, victim(mid), victim(-100))],
    'n2',
  ],
  [
    'when all else is equal, the latest earliest start is picked',
    [on('n1', 0, victim(mid, 3), victim(mid, 2)), on('n2', 0, victim(mid, 4), victim(mid, 3))],
    'n2',
  ],
])('%s', (_name, candidates, expected) => {
  expect(pickCandidate(candidates, 0).node.name).toBe(expected);
});

test.each([
  ['a higher priority', victim(high), victim(low), -1],
  ['a longer life', victim(low, 1), victim(low, 2), -1],
  ['one that has not started', victim(low, 1), makePod({ priority: low }), -1],
])('more important: %s', (_name, a, b, sign) => {
  expect(Math.sign(compareImportance(a, b, Date.parse(at(9))))).toBe(sign);
});

const budget = (app: string, disruptionsAllowed: number, disrupted: string[] = []): PodDisruptionBudget =>
  ({
    metadata: { name: app, namespace: 'default' },
    spec: { selector: { matchLabels: { app } } },
    status: { disruptionsAllowed, disruptedPods: Object.fromEntries(disrupted.map((name) => [name, at(1)])) },
  }) as unknown as PodDisruptionBudget;
const named = (name: string, app: string, namespace = 'default') =>
  makePod({ name, namespace, labels: { app } });

// Facts from upstream's TestSelectNodesForPreemption and filterPodsWithPDBViolation.
test.each<[string, PodDisruptionBudget[], string[]]>([
  ['no budgets', [], []],
  ['a budget that allows one', [budget('x', 1)], ['b']],
  ['a budget that allows none', [budget('x', 0)], ['a', 'b']],
  ['one that counts a pod as disrupted already', [budget('x', 0, ['a'])], ['b']],
  ['a budget for other pods', [budget('z', 0)], []],
])('%s', (_name, budgets, expected) => {
  const pods = [named('a', 'x'), named('b', 'x'), named('c', 'y'), named('d', 'x', 'other')];
  const { violating, others } = splitByBudgets(pods, budgets);
  expect(violating.map(({ metadata }) => metadata.name)).toEqual(expected);
  expect(violating.length + others.length).toBe(pods.length);
});
