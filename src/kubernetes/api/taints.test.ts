import { expect, test } from 'vitest';
import type { Taint, Toleration } from '#generated/types/core.v1.ts';
import { tolerates, tolerationMs, untoleratedTaint } from './taints.ts';

const gpu: Taint = { key: 'gpu', value: 'a100', effect: 'NoSchedule' };

test.each<[Toleration, boolean]>([
  [{}, false],
  [{ operator: 'Exists' }, true],
  [{ key: 'gpu' }, false],
  [{ key: 'gpu', value: 'a100' }, true],
  [{ key: 'gpu', operator: 'Equal', value: 'a100', effect: 'NoSchedule' }, true],
  [{ key: 'gpu', operator: 'Exists' }, true],
  [{ key: 'gpu', operator: 'Exists', effect: 'NoExecute' }, false],
  [{ key: 'cpu', operator: 'Exists' }, false],
])('%j tolerates gpu=a100:NoSchedule: %s', (toleration, expected) => {
  expect(tolerates(toleration, gpu)).toBe(expected);
});

test('only taints of the asked effects count', () => {
  const soft: Taint = { key: 'soft', effect: 'PreferNoSchedule' };
  expect(untoleratedTaint([soft, gpu], [], ['NoSchedule', 'NoExecute'])).toBe(gpu);
  expect(untoleratedTaint([soft, gpu], [{ operator: 'Exists' }], ['NoSchedule'])).toBeUndefined();
  expect(untoleratedTaint(undefined, undefined, ['NoSchedule'])).toBeUndefined();
});

const unreachable: Taint = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' };

test.each<[string, Toleration[], number | undefined]>([
  ['without toleration', [], 0],
  [
    'for the time that it tolerates',
    [{ key: unreachable.key, operator: 'Exists', tolerationSeconds: 300 }],
    300_000,
  ],
  ['for good', [{ operator: 'Exists' }], undefined],
  [
    'for the shortest of several',
    [
      { operator: 'Exists', tolerationSeconds: 60 },
      { key: unreachable.key, operator: 'Exists', tolerationSeconds: 10 },
    ],
    10_000,
  ],
  ['not at all with a negative time', [{ operator: 'Exists', tolerationSeconds: -5 }], 0],
])('a pod stays on an unreachable node %s', (_name, tolerations, ms) => {
  expect(tolerationMs([unreachable], tolerations)).toBe(ms);
});
