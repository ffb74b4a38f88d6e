import { expect, test } from 'vitest';
import { cells, created, createErrors } from '../testing/kindTable.ts';
import { limitRanges } from './limitRange.ts';

const range = (...limits: object[]) => ({ spec: { limits } });

// Upstream: SetDefaults_LimitRangeItem
test.each<[string, object, object]>([
  [
    'a maximum is the default of limits, and of requests',
    { type: 'Container', max: { cpu: '1' } },
    { max: { cpu: '1' }, default: { cpu: '1' }, defaultRequest: { cpu: '1' } },
  ],
  [
    'a minimum is the default of requests where nothing else is',
    { type: 'Container', min: { cpu: '1' }, default: { memory: '1Gi' } },
    { min: { cpu: '1' }, default: { memory: '1Gi' }, defaultRequest: { cpu: '1', memory: '1Gi' } },
  ],
  [
    'what is named stays',
    { type: 'Container', max: { cpu: '2' }, default: { cpu: '1' }, defaultRequest: { cpu: '500m' } },
    { max: { cpu: '2' }, default: { cpu: '1' }, defaultRequest: { cpu: '500m' } },
  ],
  ['pods have no defaults', { type: 'Pod', max: { cpu: '1' } }, { max: { cpu: '1' } }],
])('%s', (_name, given, expected) => {
  const object = created(limitRanges, range(given));
  const { type: _, ...item } = object.spec.limits[0]!;
  expect(item).toEqual(expected);
  expect(limitRanges.defaults!(object)).toBe(object);
});

test.each<[string, object[], string[]]>([
  ['good', [{ type: 'Container', min: { cpu: '100m' }, max: { cpu: '1' } }], []],
  [
    'a minimum above the maximum',
    [{ type: 'Pod', min: { cpu: '2' }, max: { cpu: '1' } }],
    ['spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1'],
  ],
  [
    'an unknown type, twice',
    [{ type: 'Node' }, { type: 'Node' }],
    [
      'spec.limits[0].type: Invalid value: "Node": must be a standard limit type or fully qualified',
      'spec.limits[1].type: Invalid value: "Node": must be a standard limit type or fully qualified',
      'spec.limits[1].type: Duplicate value: "Node"',
    ],
  ],
  [
    'defaults of pods',
    [{ type: 'Pod', default: { cpu: '1' }, defaultRequest: { cpu: '1' } }],
    [
      "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'",
      "spec.limits[0].defaultRequest: Forbidden: may not be specified when `type` is 'Pod'",
    ],
  ],
  [
    'claims without storage',
    [{ type: 'PersistentVolumeClaim', max: { cpu: '1' } }],
    [
      'spec.limits[0].limits: Required value: either minimum or maximum storage value is required, but neither was provided',
    ],
  ],
  [
    'a default out of the bounds',
    [
      {
        type: 'Container',
        min: { cpu: '2' },
        max: { cpu: '4' },
        default: { cpu: '5' },
        defaultRequest: { cpu: '1' },
      },
    ],
    [
      'spec.limits[0].defaultRequest[cpu]: Invalid value: "1": min value 2 is greater than default request value 1',
      'spec.limits[0].default[cpu]: Invalid value: "4": default value 5 is greater than max value 4',
    ],
  ],
  [
    'ratios that nothing can keep',
    [
      {
        type: 'Container',
        min: { cpu: '1' },
        max: { cpu: '2' },
        default: { cpu: '2' },
        defaultRequest: { cpu: '1' },
        maxLimitRequestRatio: { cpu: '3', memory: '500m' },
      },
    ],
    [
      'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "3": ratio 3 is greater than max/min = 2.000000',
      'spec.limits[0].maxLimitRequestRatio[memory]: Invalid value: "500m": ratio 500m is less than 1',
    ],
  ],
  [
    'a resource that containers have not',
    [{ type: 'Container', max: { pods: '1', wombats: '1' } }],
    expect.arrayContaining([
      'spec.limits[0].max[pods]: Invalid value: "pods": must be a standard resource for containers',
      'spec.limits[0].max[wombats]: Invalid value: "wombats": must be a standard resource type or fully qualified',
      'spec.limits[0].max[wombats]: Invalid value: "wombats": must be a standard resource for containers',
    ]) as string[],
  ],
  [
    'a default that cannot be overcommitted',
    [{ type: 'Container', default: { 'a.io/gpu': '2' }, defaultRequest: { 'a.io/gpu': '1' } }],
    [
      'spec.limits[0].defaultRequest[a.io/gpu]: Invalid value: "1": default value 2 must equal to defaultRequest value 1 in a.io/gpu',
    ],
  ],
])('%s', (_name, limits, errors) => {
  expect(createErrors(limitRanges, range(...limits))).toEqual(errors);
});

test('it shows when it was made', () => {
  expect(cells(limitRanges, created(limitRanges, range()))).toEqual({
    Name: 'x',
    'Created At': '2026-01-01T00:00:00Z',
  });
});
