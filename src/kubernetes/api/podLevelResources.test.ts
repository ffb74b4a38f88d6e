import { expect, test } from 'vitest';
import { pods } from './core/pod.ts';
import { created, createErrors } from './testing/kindTable.ts';

const pages = 'hugepages-2Mi';
const limitedTo = (cpu: string) => ({
  name: 'c',
  image: 'x:1',
  resources: { limits: { cpu } },
});

// Upstream: TestPodResourcesDefaults in pkg/apis/core/v1/defaults_test.go, a few of its cases.
test.each<[string, object, object, object]>([
  [
    'requests are the sum of the containers’',
    { limits: { cpu: '1' } },
    { containers: [limitedTo('500m'), { ...limitedTo('100m'), name: 'd' }] },
    { limits: { cpu: '1' }, requests: { cpu: '600m' } },
  ],
  [
    'or what the hungriest start asks for',
    { limits: { cpu: '1' } },
    {
      containers: [limitedTo('500m')],
      initContainers: [{ ...limitedTo('700m'), name: 'i' }],
    },
    { limits: { cpu: '1' }, requests: { cpu: '700m' } },
  ],
  [
    'or the limits, of which no container says anything',
    { limits: { cpu: '1', memory: '1Gi' } },
    { containers: [limitedTo('500m')] },
    {
      limits: { cpu: '1', memory: '1Gi' },
      requests: { cpu: '500m', memory: '1Gi' },
    },
  ],
  [
    'what the pod says stands',
    { limits: { cpu: '1' }, requests: { cpu: '900m' } },
    { containers: [limitedTo('500m')] },
    { limits: { cpu: '1' }, requests: { cpu: '900m' } },
  ],
  [
    'without limits nothing is filled in',
    { requests: { cpu: '1' } },
    { containers: [limitedTo('500m')] },
    { requests: { cpu: '1' } },
  ],
  [
    'huge pages are limited to what containers may use',
    { requests: { cpu: '1' } },
    {
      containers: [
        {
          name: 'c',
          image: 'x:1',
          resources: { limits: { cpu: '1', [pages]: '4Mi' } },
        },
      ],
    },
    { requests: { cpu: '1', [pages]: '4Mi' }, limits: { [pages]: '4Mi' } },
  ],
])('resources of a pod: %s', (_name, resources, more, expected) => {
  const { spec, status } = created(pods, { spec: { resources, ...more } });
  expect(spec.resources).toEqual(expected);
  expect(createErrors(pods, { spec: { resources, ...more } })).toEqual([]);
  expect(status.qosClass).toBe('Burstable');
  expect(pods.defaults!(created(pods, { spec })).spec).toEqual(spec);
});

test('a pod asks for no less than its start does', () => {
  const initContainers = [{ ...limitedTo('2'), name: 'i' }];
  const resources = { requests: { cpu: '1' }, limits: { cpu: '3' } };
  expect(
    createErrors(pods, {
      spec: { containers: [limitedTo('1')], initContainers, resources },
    }),
  ).toEqual([
    'spec.resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 2',
  ]);
});
