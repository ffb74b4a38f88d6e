import { expect, test } from 'vitest';
import { cells, created, createErrors, statusErrors, stored, updateErrors } from '../testing/kindTable.ts';
import { deployments } from './deployment.ts';

const template = {
  metadata: { labels: { app: 'a' } },
  spec: { containers: [{ name: 'c', image: 'nginx:1.29' }] },
};
const spec = { selector: { matchLabels: { app: 'a' } }, template };

const filledTemplate = {
  metadata: { labels: { app: 'a' } },
  spec: {
    containers: [
      {
        name: 'c',
        image: 'nginx:1.29',
        resources: {},
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        imagePullPolicy: 'IfNotPresent',
      },
    ],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  },
};

test.each<[string, object, object]>([
  [
    'the least',
    {},
    {
      replicas: 1,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
    },
  ],
  [
    'none wanted',
    { replicas: 0, strategy: { type: 'Recreate' } },
    { replicas: 0, strategy: { type: 'Recreate' } },
  ],
  [
    'half a strategy',
    { strategy: { rollingUpdate: { maxSurge: 0 } } },
    {
      replicas: 1,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: '25%' } },
    },
  ],
])('defaults of %s', (_name, given, expected) => {
  const deployment = created(deployments, { spec: { ...spec, ...given } });
  expect(deployment.spec).toEqual({
    selector: spec.selector,
    template: filledTemplate,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    ...expected,
  });
  expect(deployment.status).toEqual({});
  expect(deployments.defaults!(deployment)).toBe(deployment);
});

test.each<[string, object, string[]]>([
  ['good', spec, []],
  [
    'nothing',
    {},
    [
      'spec.selector: Required value',
      'spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`',
      'spec.template.spec.containers: Required value',
    ],
  ],
  [
    'a selector that misses the template',
    { ...spec, selector: { matchLabels: { app: 'other' } } },
    [
      'spec.template.metadata.labels: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
    ],
  ],
  [
    'an empty selector',
    { ...spec, selector: {} },
    ['spec.selector: Invalid value: {}: empty selector is invalid for deployment'],
  ],
  [
    'neither surge nor unavailable',
    { ...spec, strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } },
    ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0'],
  ],
  [
    'a percentage that is none',
    { ...spec, strategy: { rollingUpdate: { maxSurge: 'x%' } } },
    [
      "spec.strategy.rollingUpdate.maxSurge: Invalid value: \"x%\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
    ],
  ],
  [
    'pods that end',
    { ...spec, template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } } },
    ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
  ],
  [
    'an unknown strategy',
    { ...spec, strategy: { type: 'Magic' } },
    [
      'spec.strategy: Unsupported value: {"Type":"Magic","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"',
    ],
  ],
  [
    'half of an unknown strategy',
    { ...spec, strategy: { type: 'Magic', rollingUpdate: { maxSurge: '10%' } } },
    [
      'spec.strategy: Unsupported value: {"Type":"Magic","RollingUpdate":{"MaxUnavailable":0,"MaxSurge":"10%"}}: supported values: "Recreate", "RollingUpdate"',
    ],
  ],
  [
    'fewer than none',
    { ...spec, replicas: -5 },
    ['spec.replicas: Invalid value: -5: must be greater than or equal to 0'],
  ],
  [
    'a deadline before the pods can be available',
    { ...spec, minReadySeconds: 600 },
    ['spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds'],
  ],
])('%s', (_name, given, errors) => {
  expect(createErrors(deployments, { spec: given })).toEqual(errors);
});

test('the selector stays', () => {
  const selector = { matchLabels: { app: 'a', z: '1' } };
  expect(updateErrors(deployments, { spec }, { spec: { ...spec, selector } })).toEqual([
    'spec.template.metadata.labels: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
    'spec.selector: Invalid value: {"matchLabels":{"app":"a","z":"1"}}: field is immutable',
  ]);
});

test('columns', () => {
  const status = { replicas: 5, readyReplicas: 3, updatedReplicas: 5, availableReplicas: 2 };
  const deployment = stored(deployments, { spec: { ...spec, replicas: 5 }, status });
  expect(cells(deployments, deployment, true)).toEqual({
    Name: 'x',
    Ready: '3/5',
    'Up-to-date': 5,
    Available: 2,
    Age: '60m',
    Containers: 'c',
    Images: 'nginx:1.29',
    Selector: 'app=a',
  });
});

test('a status cannot have more ready than there are, nor count backwards', () => {
  const old = { spec, status: { collisionCount: 1 } };
  expect(statusErrors(deployments, old, { replicas: 1, readyReplicas: 2, observedGeneration: -1 })).toEqual([
    'status.observedGeneration: Invalid value: -1: must be greater than or equal to 0',
    'status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas',
    'status.collisionCount: Invalid value: 0: cannot be decremented',
  ]);
});

test('the scale names the pods by a selector', () => {
  expect(deployments.scale!.selector(created(deployments, { spec }))).toBe('app=a');
});
