import { expect, test } from 'vitest';
import { cells, created, createErrors, statusErrors, stored, updateErrors } from '../testing/kindTable.ts';
import { replicaSets } from './replicaSet.ts';

const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'c', image: 'x:1' }] } };
const spec = { selector: { matchLabels: { app: 'a' } }, template };

test('one replica where nothing else is said, and none yet', () => {
  const replicaSet = created(replicaSets, { spec });
  expect(replicaSet.spec.replicas).toBe(1);
  expect(replicaSet.spec.template?.spec?.restartPolicy).toBe('Always');
  expect(replicaSet.status).toEqual({ replicas: 0 });
  expect(replicaSets.defaults!(replicaSet)).toBe(replicaSet);
});

test.each<[string, object, string[]]>([
  ['good', spec, []],
  [
    'fewer than none',
    { ...spec, replicas: -1 },
    ['spec.replicas: Invalid value: -1: must be greater than or equal to 0'],
  ],
  [
    'an empty selector',
    { ...spec, selector: {} },
    ['spec.selector: Invalid value: {}: empty selector is invalid for deployment'],
  ],
])('%s', (_name, given, errors) => {
  expect(createErrors(replicaSets, { spec: given })).toEqual(errors);
});

test('the selector stays', () => {
  const next = {
    selector: { matchLabels: { app: 'b' } },
    template: { ...template, metadata: { labels: { app: 'b' } } },
  };
  expect(updateErrors(replicaSets, { spec }, { spec: next })).toEqual([
    'spec.selector: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable',
  ]);
});

test('a status counts no more than there are', () => {
  const status = { replicas: 1, fullyLabeledReplicas: 2, observedGeneration: -1 };
  expect(statusErrors(replicaSets, { spec }, status)).toEqual([
    'status.observedGeneration: Invalid value: -1: must be greater than or equal to 0',
    'status.fullyLabeledReplicas: Invalid value: 2: cannot be greater than status.replicas',
  ]);
});

test('columns', () => {
  const replicaSet = stored(replicaSets, {
    spec: { ...spec, replicas: 3 },
    status: { replicas: 2, readyReplicas: 1 },
  });
  expect(cells(replicaSets, replicaSet, true)).toEqual({
    Name: 'x',
    Desired: 3,
    Current: 2,
    Ready: 1,
    Age: '60m',
    Containers: 'c',
    Images: 'x:1',
    Selector: 'app=a',
  });
});
