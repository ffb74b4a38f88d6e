import { expect, test } from 'vitest';
import type { Taint, Toleration } from '#generated/types/core.v1.ts';
import { filterWith, scoreWith } from '../testPlugin.ts';
import { makeNode, makePod, nodeInfo } from '../testObjects.ts';
import { taintToleration } from './taintToleration.ts';

const refused = ['node(s) had untolerated taint(s)'];
type Effect = Taint['effect'];
const taint = (key: string, value: string, effect: Effect): Taint => ({ key, value, effect });
const equal = (key: string, value: string, effect: Effect): Toleration => ({
  key,
  operator: 'Equal',
  value,
  effect,
});
const exists = (key: string, effect?: Effect): Toleration => ({
  key,
  operator: 'Exists',
  ...(effect && { effect }),
});

// Facts from upstream's TestTaintTolerationFilter.
test.each<[string, Toleration[], Taint[], readonly string[] | 'fits']>([
  ['no tolerations, tainted', [], [taint('dedicated', 'user1', 'NoSchedule')], refused],
  ['no tolerations, NoExecute', [], [taint('dedicated', 'user1', 'NoExecute')], refused],
  ['equal', [equal('dedicated', 'user1', 'NoSchedule')], [taint('dedicated', 'user1', 'NoSchedule')], 'fits'],
  [
    'another value',
    [equal('dedicated', 'user2', 'NoSchedule')],
    [taint('dedicated', 'user1', 'NoSchedule')],
    refused,
  ],
  ['exists', [exists('foo', 'NoSchedule')], [taint('foo', 'bar', 'NoSchedule')], 'fits'],
  [
    'several',
    [equal('dedicated', 'user2', 'NoSchedule'), exists('foo', 'NoSchedule')],
    [taint('dedicated', 'user2', 'NoSchedule'), taint('foo', 'bar', 'NoSchedule')],
    'fits',
  ],
  ['another effect', [equal('foo', 'bar', 'PreferNoSchedule')], [taint('foo', 'bar', 'NoSchedule')], refused],
  ['no effect tolerates all', [exists('foo')], [taint('foo', 'bar', 'NoSchedule')], 'fits'],
  ['a taint that only prefers', [], [taint('dedicated', 'user1', 'PreferNoSchedule')], 'fits'],
  [
    'an empty key that exists tolerates all',
    [{ operator: 'Exists' }],
    [taint('a', 'b', 'NoExecute')],
    'fits',
  ],
])('%s', (_name, tolerations, taints, expected) => {
  const node = nodeInfo(makeNode('a', { taints }));
  expect(filterWith(taintToleration, makePod({ tolerations }), node)).toEqual(expected);
});

// Facts from upstream's TestTaintTolerationScore.
test.each<[string, Toleration[], Taint[][], number[]]>([
  [
    'tolerated taints count for nothing',
    [equal('foo', 'bar', 'PreferNoSchedule')],
    [[taint('foo', 'bar', 'PreferNoSchedule')], [taint('foo', 'blah', 'PreferNoSchedule')]],
    [100, 0],
  ],
  [
    'however many are tolerated',
    [equal('cpu-type', 'arm64', 'PreferNoSchedule'), equal('disk-type', 'ssd', 'PreferNoSchedule')],
    [
      [],
      [taint('cpu-type', 'arm64', 'PreferNoSchedule')],
      [taint('cpu-type', 'arm64', 'PreferNoSchedule'), taint('disk-type', 'ssd', 'PreferNoSchedule')],
    ],
    [100, 100, 100],
  ],
  [
    'the more are not tolerated, the lower',
    [equal('foo', 'bar', 'PreferNoSchedule')],
    [
      [],
      [taint('cpu-type', 'arm64', 'PreferNoSchedule')],
      [taint('cpu-type', 'arm64', 'PreferNoSchedule'), taint('disk-type', 'ssd', 'PreferNoSchedule')],
    ],
    [100, 50, 0],
  ],
  [
    'only those that prefer count',
    [equal('cpu-type', 'arm64', 'NoSchedule'), equal('disk-type', 'ssd', 'NoSchedule')],
    [
      [],
      [taint('cpu-type', 'arm64', 'NoSchedule')],
      [taint('cpu-type', 'arm64', 'PreferNoSchedule'), taint('disk-type', 'ssd', 'PreferNoSchedule')],
    ],
    [100, 100, 0],
  ],
])('score: %s', (_name, tolerations, lists, expected) => {
  const nodes = lists.map((taints, i) => nodeInfo(makeNode(`node-${i}`, { taints })));
  expect(scoreWith(taintToleration, makePod({ tolerations }), nodes)).toEqual(expected);
});

const bare = makeNode('a');
const tainted = makeNode('a', { taints: [taint('k', 'v', 'NoSchedule')] });

test.each([
  ['a tainted node came', 'NodeAdd', undefined, tainted, false],
  ['a bare node came', 'NodeAdd', undefined, bare, true],
  ['a taint went', 'NodeTaintChange', tainted, bare, true],
  ['a taint came', 'NodeTaintChange', bare, tainted, false],
] as const)('hint: %s', (_name, event, before, now, expected) => {
  expect(taintToleration.hints![event]!(makePod(), before, now)).toBe(expected);
});
