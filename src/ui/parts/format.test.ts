import { expect, test } from 'vitest';
import {
  formatActor,
  formatAge,
  formatBytes,
  formatClock,
  formatCpu,
  formatDay,
  formatRate,
  formatShare,
} from './format.ts';

test.each([
  [formatCpu, 250, '250m'],
  [formatCpu, 1500, '1.5'],
  [formatCpu, 4000, '4'],
  [formatBytes, 64 * 1024 ** 2, '64Mi'],
  [formatBytes, 1.5 * 1024 ** 3, '1.5Gi'],
  [formatBytes, 0, '0'],
  [formatRate, 0, '0'],
  [formatRate, 500, '0.5'],
  [formatRate, 212_000, '212'],
  [formatRate, 10_000_000, '10k'],
  [formatRate, 1_200_000_000, '1.2M'],
  [formatShare, 0, '0%'],
  [formatShare, 0.0004, '<0.1%'],
  [formatShare, 0.375, '38%'],
  [formatAge, 119_000, '119s'],
  [formatAge, 125_000, '2m5s'],
  [formatAge, 3 * 3_600_000, '3h'],
  [formatAge, 60 * 3_600_000, '2d12h'],
  [formatClock, Date.UTC(2026, 0, 1, 9, 5, 7), '09:05:07'],
  [formatDay, Date.UTC(2026, 0, 5), 'Mon 5 Jan'],
])('%o of %d is %s', (format, value, expected) => {
  expect(format(value)).toBe(expected);
});

test.each([
  ['system:serviceaccount:kube-system:replicaset-controller', 'replicaset-controller'],
  ['system:node:node-1', 'kubelet node-1'],
  ['system:kube-scheduler', 'kube-scheduler'],
  ['kubernetes-admin', 'kubernetes-admin'],
])('%s is called %s', (actor, expected) => {
  expect(formatActor(actor)).toBe(expected);
});
