import { expect, test } from 'vitest';
import type { Container } from '#generated/types/core.v1.ts';
import { validatePodSpec } from './podSpecValidation.ts';
import { defaultPodOwnSpec } from './podTemplate.ts';

/** The errors of a manifest's spec as the server lists them, after defaulting. */
function errorsOf(spec: object): string[] {
  const whole = defaultPodOwnSpec({
    containers: [{ name: 'c', image: 'x:1' }],
    ...spec,
  });
  return validatePodSpec(whole).map(({ field, message }) => `${field}: ${message}`);
}

const withContainer = (container: Partial<Container> | object) => ({
  containers: [{ name: 'c', image: 'x:1', ...container }],
});

test.each<[string, object, string[]]>([
  ['a good one', {}, []],
  ['no containers', { containers: [] }, ['containers: Required value']],
  ['no image', withContainer({ image: '' }), ['containers[0].image: Required value']],
  [
    'two containers of one name',
    {
      containers: [
        { name: 'c', image: 'x' },
        { name: 'c', image: 'y' },
      ],
    },
    ['containers[1].name: Duplicate value: "c"'],
  ],
  [
    'an unknown pull policy',
    withContainer({ imagePullPolicy: 'Sometimes' }),
    [
      'containers[0].imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"',
    ],
  ],
  [
    'an unknown restart policy',
    { restartPolicy: 'Perhaps' },
    ['restartPolicy: Unsupported value: "Perhaps": supported values: "Always", "OnFailure", "Never"'],
  ],
  [
    'port zero',
    withContainer({ ports: [{ containerPort: 0 }] }),
    ['containers[0].ports[0].containerPort: Required value'],
  ],
  [
    'a request over its limit',
    withContainer({ resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }),
    ['containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
  ],
  [
    'an unknown resource',
    withContainer({ resources: { requests: { gpu: '1' } } }),
    [
      'containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified',
      'containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource for containers',
    ],
  ],
  [
    'a mount without volume',
    withContainer({ volumeMounts: [{ name: 'v', mountPath: '/x' }] }),
    ['containers[0].volumeMounts[0].name: Not found: "v"'],
  ],
  [
    'a volume with two sources',
    { volumes: [{ name: 'v', emptyDir: {}, hostPath: { path: '/x' } }] },
    ['volumes[0].hostPath: Forbidden: may not specify more than 1 volume type'],
  ],
  [
    'two volumes of one name',
    {
      volumes: [
        { name: 'v', emptyDir: {} },
        { name: 'v', emptyDir: {} },
      ],
    },
    ['volumes[1].name: Duplicate value: "v"'],
  ],
  [
    'a variable with value and source',
    withContainer({
      env: [{ name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
    }),
    ['containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty'],
  ],
  [
    'an unknown field path',
    withContainer({ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.nope' } } }] }),
    [
      'containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.nope": error converting fieldPath: field label not supported: spec.nope',
    ],
  ],
  [
    'a probe with two handlers',
    withContainer({ livenessProbe: { exec: { command: ['a'] }, tcpSocket: { port: 80 } } }),
    ['containers[0].livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type'],
  ],
  [
    'a liveness probe that wants two successes',
    withContainer({ livenessProbe: { exec: { command: ['a'] }, successThreshold: 2 } }),
    ['containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1'],
  ],
  [
    'a toleration with a value that cannot be',
    { tolerations: [{ key: 'a', operator: 'Exists', value: 'x' }] },
    ['tolerations[0].operator: Invalid value: "x": value must be empty when `operator` is \'Exists\''],
  ],
  [
    'spread constraints without sense',
    { topologySpreadConstraints: [{ maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'X' }] },
    [
      'topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero',
      'topologySpreadConstraints[0].topologyKey: Required value: can not be empty',
      'topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "X": supported values: "DoNotSchedule", "ScheduleAnyway"',
    ],
  ],
  [
    'a deadline of zero',
    { activeDeadlineSeconds: 0 },
    ['activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive'],
  ],
  [
    'an unknown DNS policy',
    { dnsPolicy: 'Nope' },
    [
      'dnsPolicy: Unsupported value: "Nope": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"',
    ],
  ],
  [
    'an init container with a probe',
    { initContainers: [{ name: 'i', image: 'x', livenessProbe: { exec: { command: ['a'] } } }] },
    [
      'initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
    ],
  ],
  [
    'node affinity without terms',
    {
      affinity: {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } },
      },
    },
    [
      'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term',
    ],
  ],
])('%s', (_name, spec, errors) => {
  expect(errorsOf(spec)).toEqual(errors);
});
