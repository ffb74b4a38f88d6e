import { expect, test } from 'vitest';
import { cells, created, createErrors, stored } from '../testing/kindTable.ts';
import { daemonSets } from './daemonSet.ts';

const template = {
  metadata: { labels: { app: 'a' } },
  spec: { containers: [{ name: 'c', image: 'x:1' }], nodeSelector: { os: 'linux' } },
};
const spec = { selector: { matchLabels: { app: 'a' } }, template };

test('defaults', () => {
  const daemonSet = created(daemonSets, { spec });
  expect(daemonSet.spec).toMatchObject({
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
    revisionHistoryLimit: 10,
  });
  expect(daemonSet.metadata.annotations).toEqual({ 'deprecated.daemonset.template.generation': '1' });
  expect(daemonSet.status).toEqual({
    currentNumberScheduled: 0,
    numberMisscheduled: 0,
    desiredNumberScheduled: 0,
    numberReady: 0,
  });
  expect(daemonSets.defaults!(daemonSet)).toBe(daemonSet);
});

test.each<[string, object, string[]]>([
  ['good', spec, []],
  [
    'an unknown strategy',
    { ...spec, updateStrategy: { type: 'X' } },
    [
      'spec.updateStrategy: Unsupported value: {"Type":"X","RollingUpdate":null}: supported values: "RollingUpdate", "OnDelete"',
    ],
  ],
  [
    'no selector, which selects nothing',
    { template },
    [
      'spec.template.metadata.labels: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
    ],
  ],
  [
    'more than all nodes',
    { ...spec, updateStrategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: '101%' } } },
    ['spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: "101%": must not be greater than 100%'],
  ],
  [
    'surge and unavailable',
    { ...spec, updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } },
    [
      'spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero',
    ],
  ],
])('%s', (_name, given, errors) => {
  expect(createErrors(daemonSets, { spec: given })).toEqual(errors);
});

test('columns', () => {
  const status = {
    desiredNumberScheduled: 3,
    currentNumberScheduled: 3,
    numberReady: 2,
    numberMisscheduled: 0,
    updatedNumberScheduled: 3,
    numberAvailable: 2,
  };
  expect(cells(daemonSets, stored(daemonSets, { spec, status }))).toEqual({
    Name: 'x',
    Desired: 3,
    Current: 3,
    Ready: 2,
    'Up-to-date': 3,
    Available: 2,
    'Node Selector': 'os=linux',
    Age: '60m',
  });
});
