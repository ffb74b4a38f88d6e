import { expect, test } from 'vitest';
import { cells, createErrors, statusErrors, stored, updateErrors } from '../testing/kindTable.ts';
import { resourceQuotas } from './resourceQuota.ts';

const existsOnly =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";

test.each<[string, object, string[]]>([
  [
    'good',
    { hard: { pods: '3', 'requests.cpu': '500m', 'count/jobs.batch': '2', 'requests.a.io/gpu': '1' } },
    [],
  ],
  [
    'what no quota counts',
    { hard: { wombats: '1', storage: '1Gi' } },
    [
      'spec.hard[wombats]: Invalid value: "wombats": must be a standard resource type or fully qualified',
      'spec.hard[wombats]: Invalid value: "wombats": must be a standard resource for quota',
      'spec.hard[storage]: Invalid value: "storage": must be a standard resource for quota',
    ],
  ],
  [
    'amounts below zero or in parts',
    { hard: { cpu: '-1', pods: '500m', 'count/jobs.batch': '0.5' } },
    [
      'spec.hard[cpu]: Invalid value: "-1": must be greater than or equal to 0',
      'spec.hard[pods]: Invalid value: "500m": must be an integer',
      'spec.hard[count/jobs.batch]: Invalid value: "500m": must be an integer',
    ],
  ],
  [
    'a scope that cannot count memory',
    { hard: { memory: '1Gi' }, scopes: ['BestEffort'] },
    ['spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource'],
  ],
  [
    'scopes that exclude each other, and one that is none',
    { scopes: ['Terminating', 'NotTerminating', 'X'] },
    [
      'spec.scopes: Invalid value: ["Terminating","NotTerminating","X"]: unsupported scope',
      'spec.scopes: Invalid value: ["Terminating","NotTerminating","X"]: conflicting scopes',
    ],
  ],
  [
    'selectors of scopes',
    {
      scopeSelector: {
        matchExpressions: [
          { scopeName: 'Terminating', operator: 'In', values: ['a'] },
          { scopeName: 'PriorityClass', operator: 'In' },
          { scopeName: 'PriorityClass', operator: 'Exists', values: ['a'] },
          { scopeName: 'PriorityClass', operator: 'Near', values: ['a'] },
        ],
      },
    },
    [
      `spec.scopeSelector.matchExpressions.operator: Invalid value: "In": ${existsOnly}`,
      "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
      "spec.scopeSelector.matchExpressions.values: Invalid value: [\"a\"]: must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
      'spec.scopeSelector.matchExpressions.operator: Invalid value: "Near": not a valid selector operator',
    ],
  ],
])('%s', (_name, spec, errors) => {
  expect(createErrors(resourceQuotas, { spec })).toEqual(errors);
});

test('scopes stay, in whatever order', () => {
  const old = { spec: { scopes: ['NotBestEffort', 'NotTerminating'] } };
  const turned = { spec: { scopes: ['NotTerminating', 'NotBestEffort'] } };
  expect(updateErrors(resourceQuotas, old, turned)).toEqual([]);
  expect(updateErrors(resourceQuotas, old, { spec: { scopes: ['Terminating'] } })).toEqual([
    'spec.scopes: Invalid value: ["Terminating"]: field is immutable',
  ]);
});

test('a status counts what a quota counts', () => {
  expect(statusErrors(resourceQuotas, { spec: {} }, { used: { pods: '-1' } })).toEqual([
    'status.used[pods]: Invalid value: "-1": must be greater than or equal to 0',
  ]);
});

test('columns tell requests from limits', () => {
  const quota = stored(resourceQuotas, {
    spec: {},
    status: {
      hard: { pods: '3', 'requests.cpu': '1', 'limits.cpu': '2' },
      used: { pods: '1', 'limits.cpu': '500m' },
    },
  });
  expect(cells(resourceQuotas, quota)).toEqual({
    Name: 'x',
    Request: 'pods: 1/3, requests.cpu: 0/1',
    Limit: 'limits.cpu: 500m/2',
    Age: '60m',
  });
});
