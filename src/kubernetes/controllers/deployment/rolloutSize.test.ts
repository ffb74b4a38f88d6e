import { expect, test } from 'vitest';
import type { Deployment, ReplicaSet } from '#generated/types/apps.v1.ts';
import { maxUnavailableOf, newSetSize, proportionOf, resolveFenceposts } from './rolloutSize.ts';

function deploymentOf(replicas: number, strategy: object, statusReplicas = 0): Deployment {
  return { spec: { replicas, strategy }, status: { replicas: statusReplicas } } as unknown as Deployment;
}

function setOf(replicas: number, maxReplicas?: number): ReplicaSet {
  const annotations =
    maxReplicas === undefined ? {} : { 'deployment.kubernetes.io/max-replicas': String(maxReplicas) };
  return { metadata: { annotations }, spec: { replicas } } as unknown as ReplicaSet;
}

// Upstream: deployment_util_test.go TestResolveFenceposts
test.each<[string | number | undefined, string | number | undefined, number, number, number]>([
  ['0%', '0%', 0, 0, 1],
  ['39%', '39%', 10, 4, 3],
  [undefined, '39%', 10, 0, 3],
  ['39%', undefined, 10, 4, 0],
  [undefined, undefined, 10, 0, 1],
  ['25%', '25%', 4, 1, 1],
  ['25%', '25%', 1, 1, 0],
  [3, 2, 10, 3, 2],
])(
  'surge %s and unavailable %s of %i are %i and %i',
  (surge, unavailable, replicas, maxSurge, maxUnavailable) => {
    expect(resolveFenceposts(surge, unavailable, replicas)).toEqual({ maxSurge, maxUnavailable });
  },
);

// Upstream: TestNewRSNewReplicas
test.each<[string, string, number, number | string, number, number]>([
  ['to the full size when nothing else runs', 'RollingUpdate', 1, 1, 0, 1],
  ['by the surge', 'RollingUpdate', 10, 3, 0, 3],
  ['at once with Recreate', 'Recreate', 5, 1, 0, 5],
])('a new set grows %s', (_what, type, replicas, maxSurge, size, expected) => {
  const deployment = deploymentOf(replicas, { type, rollingUpdate: { maxSurge, maxUnavailable: 1 } });
  const newSet = setOf(size);
  const old = type === 'RollingUpdate' && replicas > 1 ? [setOf(replicas)] : [];
  expect(newSetSize(deployment, [...old, newSet], newSet)).toBe(expected);
});

// Upstream: TestMaxUnavailable
test.each<[number, string | number, string, number]>([
  [10, 5, 'RollingUpdate', 5],
  [5, 10, 'RollingUpdate', 5],
  [0, 0, 'RollingUpdate', 0],
  [10, '50%', 'RollingUpdate', 5],
  [10, '54%', 'RollingUpdate', 5],
  [10, 5, 'Recreate', 0],
])('of %i, %s unavailable with %s are %i', (replicas, maxUnavailable, type, expected) => {
  const deployment = deploymentOf(replicas, { type, rollingUpdate: { maxSurge: 1, maxUnavailable } });
  expect(maxUnavailableOf(deployment)).toBe(expected);
});

test.each<[string, number, number | undefined, number, number, number, number]>([
  ['grows with the deployment', 5, 10, 20, 10, 0, 5],
  ['never more than what is left', 5, 10, 20, 10, 8, 2],
  ['shrinks with it', 10, 20, 10, -10, 0, -5],
  ['to nothing with it', 7, 20, 0, -20, 0, -7],
  ['rounds half up', 5, 10, 15, 5, 0, 3],
  ['goes by the status without an annotation', 5, undefined, 20, 10, 0, 5],
  ['an empty set stays empty', 0, 10, 20, 10, 0, 0],
])('a set %s', (_what, size, before, replicas, toAdd, added, expected) => {
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };
  const deployment = deploymentOf(replicas, strategy, 10);
  expect(proportionOf(setOf(size, before), deployment, toAdd, added)).toBe(expected);
});
