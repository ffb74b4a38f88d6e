import { expect, test } from 'vitest';
import type { Container, PodSpec } from '#generated/types/core.v1.ts';
import { podRequests } from './podRequests.ts';

const container = (cpu: string, more: Partial<Container> = {}): Container => ({
  name: 'c',
  resources: { requests: { cpu } },
  ...more,
});
const sidecar = { restartPolicy: 'Always' } as const;

// Facts from upstream's TestPodRequestsAndLimits.
test.each<[string, PodSpec, number]>([
  ['containers add up', { containers: [container('1'), container('500m')] }, 1500],
  [
    'the hungriest init container',
    { containers: [container('1')], initContainers: [container('2'), container('3')] },
    3000,
  ],
  [
    'a sidecar stays beside the containers',
    { containers: [container('1')], initContainers: [container('2', sidecar)] },
    3000,
  ],
  [
    'an init container runs beside the sidecars before it',
    {
      containers: [container('1')],
      initContainers: [container('1', sidecar), container('3'), container('1', sidecar)],
    },
    4000,
  ],
  ['overhead is added', { containers: [container('1')], overhead: { cpu: '250m' } }, 1250],
  [
    'requests of the pod stand for those of its containers',
    { containers: [container('1')], resources: { requests: { cpu: '5' } } },
    5000,
  ],
])('%s', (_name, spec, millis) => {
  expect(podRequests(spec).requests['cpu']).toBe(millis);
});

test('containers that ask for nothing count for a little where nodes are scored', () => {
  expect(podRequests({ containers: [{ name: 'a' }, container('1')] })).toEqual({
    requests: { cpu: 1000 },
    nonZeroCpu: 1100,
    nonZeroMemory: 2 * 200 * 1024 * 1024,
  });
});
