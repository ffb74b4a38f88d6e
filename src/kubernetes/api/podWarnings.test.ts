import './laterChecks.ts';
import { warningsOf } from './laterRules.ts';
import { expect, test } from 'vitest';
import type { PodSpec } from '#generated/types/core.v1.ts';
import { deployments } from './apps/deployment.ts';
import { pods } from './core/pod.ts';
import { podSpecWarnings } from './podWarnings.ts';
import { created } from './testing/kindTable.ts';

const container = (more: object) => ({ containers: [{ name: 'c', ...more }] });

test.each<[string, object, string[]]>([
  ['nothing special', container({}), []],
  [
    'a label of old',
    { ...container({}), nodeSelector: { 'beta.kubernetes.io/os': 'linux' } },
    ['spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead'],
  ],
  [
    'spreading nothing',
    { ...container({}), topologySpreadConstraints: [{ topologyKey: 'zone' }] },
    ['spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod'],
  ],
  [
    'a tenth of a byte',
    container({ resources: { limits: { memory: '100m' }, requests: { memory: '1Gi' } } }),
    [
      'spec.containers[0].resources.limits[memory]: fractional byte value "100m" is invalid, must be an integer',
    ],
  ],
  [
    'a variable twice',
    container({
      env: [
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
        { name: 'A', value: '$(A)3' },
      ],
    }),
    ['spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply'],
  ],
  [
    'a port twice',
    {
      containers: [
        { name: 'a', ports: [{ containerPort: 80, protocol: 'TCP' }] },
        {
          name: 'b',
          ports: [
            { containerPort: 80, protocol: 'UDP' },
            { containerPort: 80, protocol: 'TCP' },
          ],
        },
      ],
    },
    ['spec.containers[1].ports[1]: duplicate port definition with spec.containers[0].ports[0]'],
  ],
  [
    'volumes and aliases of old',
    {
      ...container({}),
      volumes: [{ name: 'v', gitRepo: { repository: 'x' } }],
      hostAliases: [{ ip: '1.1.1.1' }, { ip: '1.1.1.1' }],
      imagePullSecrets: [{ name: '' }],
    },
    [
      'spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by default in v1.33+',
      'spec.hostAliases[1].ip: duplicate ip "1.1.1.1"',
      'spec.imagePullSecrets[0].name: invalid empty name ""',
    ],
  ],
  [
    'no patience at all',
    { ...container({}), terminationGracePeriodSeconds: -1 },
    [
      'spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1',
    ],
  ],
])('%s', (_name, spec, warnings) => {
  expect(podSpecWarnings('spec', spec as PodSpec)).toEqual(warnings);
});

test('names with dots make poor host names', () => {
  const spec = { containers: [{ name: 'c', image: 'x:1' }] };
  expect(warningsOf(pods, created(pods, { metadata: { name: 'a.b' }, spec }))).toEqual([
    "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
  ]);
  const deployment = created(deployments, { metadata: { name: 'a.b' }, spec: { template: { spec } } });
  expect(warningsOf(deployments, deployment)).toEqual([
    'metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]',
  ]);
});
