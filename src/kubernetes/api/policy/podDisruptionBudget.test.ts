import { expect, test } from 'vitest';
import { cells, created, createErrors, statusErrors, stored } from '../testing/kindTable.ts';
import { podDisruptionBudgets } from './podDisruptionBudget.ts';

test.each<[string, object, string[]]>([
  ['good', { minAvailable: 1, selector: { matchLabels: { a: 'b' } } }, []],
  ['a part', { maxUnavailable: '50%' }, []],
  [
    'both',
    { minAvailable: 1, maxUnavailable: 1 },
    [
      'spec: Invalid value: {"MinAvailable":1,"Selector":null,"MaxUnavailable":1,"UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set',
    ],
  ],
  [
    'more than all',
    { minAvailable: '101%' },
    ['spec.minAvailable: Invalid value: "101%": must not be greater than 100%'],
  ],
  [
    'fewer than none',
    { maxUnavailable: -1, unhealthyPodEvictionPolicy: 'Never' },
    [
      'spec.maxUnavailable: Invalid value: -1: must be greater than or equal to 0',
      'spec.unhealthyPodEvictionPolicy: Unsupported value: "Never": supported values: "AlwaysAllow", "IfHealthyBudget"',
    ],
  ],
])('%s', (_name, spec, errors) => {
  expect(createErrors(podDisruptionBudgets, { spec })).toEqual(errors);
});

const condition = {
  type: 'DisruptionAllowed',
  status: 'True',
  lastTransitionTime: '2026-01-01T00:00:00Z',
  reason: 'SufficientPods',
  message: '',
};

test.each<[string, object, string[]]>([
  ['good', { conditions: [condition], disruptionsAllowed: 1 }, []],
  [
    'conditions that say too little',
    {
      conditions: [
        { type: 'A', status: 'Maybe' },
        { ...condition, type: 'A', reason: '1' },
      ],
      currentHealthy: -1,
    },
    [
      'status.conditions[0].status: Unsupported value: "Maybe": supported values: "False", "True", "Unknown"',
      'status.conditions[0].lastTransitionTime: Required value: must be set',
      'status.conditions[0].reason: Required value',
      'status.conditions[1].type: Duplicate value: "A"',
      expect.stringMatching(
        /^status\.conditions\[1\]\.reason: Invalid value: "1": a condition reason must start/,
      ) as string,
      'status.currentHealthy: Invalid value: -1: must be greater than or equal to 0',
    ],
  ],
])('a status that is %s', (_name, status, errors) => {
  expect(statusErrors(podDisruptionBudgets, { spec: {} }, status)).toEqual(errors);
});

test('columns', () => {
  const budget = created(podDisruptionBudgets, { spec: { minAvailable: '50%' } });
  expect(budget.status).toEqual({
    disruptionsAllowed: 0,
    currentHealthy: 0,
    desiredHealthy: 0,
    expectedPods: 0,
  });
  const counted = stored(podDisruptionBudgets, {
    spec: { minAvailable: '50%' },
    status: { disruptionsAllowed: 2 },
  });
  expect(cells(podDisruptionBudgets, counted)).toEqual({
    Name: 'x',
    'Min Available': '50%',
    'Max Unavailable': 'N/A',
    'Allowed Disruptions': 2,
    Age: '60m',
  });
});
