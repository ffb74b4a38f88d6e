import { expect, test } from 'vitest';
import type { Container, Pod } from '#generated/types/core.v1.ts';
import { podQuota } from './podQuota.ts';

const nowMs = Date.UTC(2026, 0, 1, 12);
const at = (seconds: number) => new Date(nowMs + seconds * 1000).toISOString();

type Quantities = Readonly<Record<string, string>>;

const container = (requests: Quantities, limits: Quantities = {}): Container => ({
  name: 'c',
  resources: { requests, limits },
});

function podOf(
  containers: readonly Container[],
  more: object = {},
  metadata: object = {},
  phase = 'Running',
): Pod {
  return {
    metadata: { name: 'p', ...metadata },
    spec: { containers, ...more },
    status: { phase },
  } as unknown as Pod;
}

const init = (...initContainers: Container[]) => ({ initContainers });
const one = { pods: 1, 'count/pods': 1 };
const over = { 'count/pods': 1 };
const leaving = (seconds: number) => ({ deletionTimestamp: at(seconds), deletionGracePeriodSeconds: 30 });

// Facts from upstream's TestPodEvaluatorUsage.
test.each<[string, Pod, object]>([
  [
    'CPU of an init container',
    podOf([], init(container({ cpu: '1m' }, { cpu: '2m' }))),
    { ...one, 'requests.cpu': '1m', 'limits.cpu': '2m', cpu: '1m' },
  ],
  [
    'memory of an init container',
    podOf([], init(container({ memory: '1m' }, { memory: '2m' }))),
    { ...one, 'requests.memory': '1m', 'limits.memory': '2m', memory: '1m' },
  ],
  [
    'hugepages of an init container',
    podOf([], init(container({ 'hugepages-2Mi': '100Mi' }))),
    { ...one, 'requests.hugepages-2Mi': '100Mi', 'hugepages-2Mi': '100Mi' },
  ],
  [
    'a device of an init container',
    podOf([], init(container({ 'example.com/dongle': '3' }, { 'example.com/dongle': '3' }))),
    { ...one, 'requests.example.com/dongle': '3' },
  ],
  [
    'CPU',
    podOf([container({ cpu: '1m' }, { cpu: '2m' })]),
    { ...one, 'requests.cpu': '1m', 'limits.cpu': '2m', cpu: '1m' },
  ],
  [
    'ephemeral storage',
    podOf([container({ 'ephemeral-storage': '32Mi' }, { 'ephemeral-storage': '64Mi' })]),
    {
      ...one,
      'ephemeral-storage': '32Mi',
      'requests.ephemeral-storage': '32Mi',
      'limits.ephemeral-storage': '64Mi',
    },
  ],
  [
    'a device',
    podOf([container({ 'example.com/dongle': '3' }, { 'example.com/dongle': '3' })]),
    { ...one, 'requests.example.com/dongle': '3' },
  ],
  [
    'containers beside each other, init containers one by one',
    podOf(
      [
        container({ cpu: '1', memory: '50M' }, { cpu: '2', memory: '100M' }),
        container({ cpu: '2', memory: '200M' }, { cpu: '5', memory: '500M' }),
      ],
      init(
        container({ cpu: '1', memory: '50M' }, { cpu: '2', memory: '100M' }),
        container({ cpu: '2', memory: '100M' }, { cpu: '5', memory: '200M' }),
      ),
    ),
    {
      ...one,
      cpu: '3',
      memory: '250M',
      'requests.cpu': '3',
      'requests.memory': '250M',
      'limits.cpu': '7',
      'limits.memory': '600M',
    },
  ],
  [
    'an init container that is hungrier',
    podOf([container({ cpu: '1' })], init(container({ cpu: '4' }))),
    { ...one, cpu: '4', 'requests.cpu': '4' },
  ],
  [
    'overhead',
    podOf([container({ cpu: '1' }, { cpu: '2' })], { overhead: { cpu: '1' } }),
    { ...one, cpu: '2', 'requests.cpu': '2', 'limits.cpu': '3' },
  ],
  [
    'one that is being deleted in time',
    podOf([container({ cpu: '1' })], {}, leaving(10)),
    { ...one, cpu: '1', 'requests.cpu': '1' },
  ],
  [
    'one that should have gone half a grace ago',
    podOf([container({ cpu: '1' })], {}, leaving(-15)),
    { ...one, cpu: '1', 'requests.cpu': '1' },
  ],
  ['one that should have gone a grace ago', podOf([container({ cpu: '1' })], {}, leaving(-31)), over],
  ['one that has succeeded', podOf([container({ cpu: '1' })], {}, {}, 'Succeeded'), over],
  ['one that has failed', podOf([container({ cpu: '1' })], {}, {}, 'Failed'), over],
])('a pod costs a quota: %s', (_what, pod, usage) => {
  expect(podQuota.usage(pod, nowMs)).toEqual(usage);
});

test.each<[string, boolean]>([
  ['pods', true],
  ['count/pods', true],
  ['requests.cpu', true],
  ['limits.memory', true],
  ['hugepages-1Gi', true],
  ['requests.nvidia.com/gpu', true],
  ['limits.nvidia.com/gpu', false],
  ['requests.kubernetes.io/thing', false],
  ['configmaps', false],
])('%s is measured by pods: %s', (resource, isMeasured) => {
  expect(podQuota.measures(resource)).toBe(isMeasured);
});
