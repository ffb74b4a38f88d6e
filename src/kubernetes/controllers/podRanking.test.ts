import { expect, test } from 'vitest';
import type { Pod } from '#generated/types/core.v1.ts';
import { leastMissed } from './podRanking.ts';

const nowMs = Date.UTC(2026, 0, 1, 12);
const ago = (seconds: number) => new Date(nowMs - seconds * 1000).toISOString();

interface Row {
  readonly node?: string;
  readonly phase?: string;
  readonly readyFor?: number;
  readonly cost?: string;
  readonly rank?: number;
  readonly restarts?: number;
  readonly age?: number;
}

function podOf(name: string, row: Row): Pod {
  const { node, phase = 'Running', readyFor, cost, restarts = 0, age = 1000 } = row;
  const annotations = cost === undefined ? {} : { 'controller.kubernetes.io/pod-deletion-cost': cost };
  const ready =
    readyFor === undefined ? { status: 'False' } : { status: 'True', lastTransitionTime: ago(readyFor) };
  const pod = {
    metadata: { name, uid: name, creationTimestamp: ago(age), annotations },
    spec: { nodeName: node, containers: [] },
    status: {
      phase,
      conditions: [{ type: 'Ready', ...ready }],
      containerStatuses: [{ restartCount: restarts }],
    },
  };
  return pod as unknown as Pod;
}

const node = 'n';
test.each<[string, Row, Row]>([
  ['unassigned before assigned', {}, { node, phase: 'Pending' }],
  ['pending before unknown', { node, phase: 'Pending' }, { node, phase: 'Unknown' }],
  ['unknown before running', { node, phase: 'Unknown' }, { node }],
  ['not ready before ready', { node }, { node, readyFor: 10 }],
  ['cheap before dear', { node, readyFor: 10, cost: '-5' }, { node, readyFor: 10 }],
  [
    'a cost that is no number counts as 0',
    { node, readyFor: 10, cost: '-5' },
    { node, readyFor: 10, cost: '+9' },
  ],
  ['crowded before lonely', { node, readyFor: 100, rank: 2 }, { node, readyFor: 10, rank: 1 }],
  ['short ready before long ready', { node, readyFor: 10 }, { node, readyFor: 100 }],
  ['often restarted before seldom', { node, restarts: 3 }, { node, restarts: 1 }],
  ['young before old', { node, age: 100 }, { node, age: 1000 }],
  ['of like age by uid', { node, age: 1000 }, { node, age: 900 }],
])('%s', (_what, first, second) => {
  const pods = [podOf('a', first), podOf('b', second)];
  const rankOf = (pod: Pod) => (pod === pods[0] ? first.rank : second.rank) ?? 0;
  expect(leastMissed(pods, 1, nowMs, rankOf)).toEqual([pods[0]]);
  expect(leastMissed(pods.toReversed(), 1, nowMs, rankOf)).toEqual([pods[0]]);
});
