import { expect, test } from 'vitest';
import { qosClass } from './podResources.ts';

const full = { cpu: '1', memory: '1Gi' };

// Upstream: TestComputePodQOS in pkg/apis/core/helper/qos/qos_test.go
test.each<[string, object[], string]>([
  ['nothing', [{}], 'BestEffort'],
  ['zeros', [{ requests: { cpu: '0' }, limits: { memory: '0' } }], 'BestEffort'],
  ['storage only', [{ requests: { 'ephemeral-storage': '1Gi' } }], 'BestEffort'],
  ['all limits, equal requests', [{ requests: full, limits: full }], 'Guaranteed'],
  ['all limits, no requests', [{ limits: full }], 'Guaranteed'],
  ['one limit missing', [{ requests: full, limits: { cpu: '1' } }], 'Burstable'],
  ['requests below limits', [{ requests: { cpu: '500m', memory: '1Gi' }, limits: full }], 'Burstable'],
  ['one of two containers', [{ requests: full, limits: full }, {}], 'Burstable'],
])('%s', (_name, resources, expected) => {
  const containers = resources.map((each, i) => ({ name: `c${i}`, resources: each }));
  expect(qosClass({ containers })).toBe(expected);
});

// Upstream: the cases of TestComputePodQOS with resources of the pod itself
test.each<[string, object, string]>([
  ['nothing said leaves it to the containers', {}, 'Burstable'],
  ['all limits, equal requests', { requests: full, limits: full }, 'Guaranteed'],
  [
    'the same amount in other units',
    { requests: { cpu: '1', memory: 1024 ** 3 }, limits: full },
    'Guaranteed',
  ],
  ['requests only', { requests: full }, 'Burstable'],
  ['requests below limits', { requests: { cpu: '500m', memory: '1Gi' }, limits: full }, 'Burstable'],
  ['one limit', { requests: { cpu: '1' }, limits: { cpu: '1' } }, 'Burstable'],
  ['zeros', { requests: { cpu: '0' } }, 'BestEffort'],
])('of the pod itself: %s', (_name, resources, expected) => {
  const containers = [{ name: 'c', resources: { requests: { cpu: '100m' } } }];
  expect(qosClass({ containers, resources })).toBe(expected);
});
