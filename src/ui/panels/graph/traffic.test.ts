import { expect, test } from 'vitest';
import { componentsLitBy } from './lit.ts';
import { errorColour, flowWidth } from './traffic.ts';
import type { ActivityRow } from '#protocol/rows.ts';

test('a flow grows with its rate, and never without bound', () => {
  const widths = [0, 1000, 100_000, 1e7, 1e13].map(flowWidth);
  expect(widths).toEqual([...widths].sort((a, b) => a - b));
  expect(new Set(widths).size).toBe(5);
  expect(widths.at(-1)).toBeLessThanOrEqual(16);
});

test.each([
  [0, 0, 'var(--line-strong)'],
  [1000, 0, 'var(--running)'],
  [1000, 200, 'color-mix(in oklch, var(--failing) 100%, var(--pending))'],
  [1000, 900, 'color-mix(in oklch, var(--failing) 100%, var(--pending))'],
])('%i requests with %i errors in a thousand', (requests, errors, expected) => {
  expect(errorColour(requests, errors)).toBe(expected);
});

const row = (type: ActivityRow['type'], actor: string): ActivityRow => ({
  sequence: 1,
  atMs: 0,
  type,
  actor,
  text: '',
  subject: null,
  level: 'normal',
});

test.each([
  [row('write', 'system:kube-scheduler'), ['kube-scheduler', 'kube-apiserver', 'etcd']],
  [
    row('write', 'system:serviceaccount:kube-system:replicaset-controller'),
    ['kube-controller-manager', 'kube-apiserver', 'etcd'],
  ],
  [row('write', 'kubernetes-admin'), ['kube-apiserver', 'etcd']],
  [row('event', 'kubelet'), ['kubelet', 'kube-apiserver']],
  [row('fault', 'learner'), []],
])('%j lights %j', (activity, expected) => {
  expect(componentsLitBy(activity)).toEqual(expected);
});
