import { expect, test } from 'vitest';
import { cells, created, createErrors, stored } from '../testing/kindTable.ts';
import { horizontalPodAutoscalers } from './horizontalPodAutoscaler.ts';

const scaleTargetRef = { kind: 'Deployment', name: 'd', apiVersion: 'apps/v1' };
const spec = { maxReplicas: 5, scaleTargetRef };

const cpu = (averageUtilization: number) => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});

test('defaults', () => {
  const autoscaler = created(horizontalPodAutoscalers, { spec });
  expect(autoscaler.spec).toEqual({ ...spec, minReplicas: 1, metrics: [cpu(80)] });
  expect(autoscaler.status).toEqual({ currentReplicas: 0, desiredReplicas: 0 });
  expect(horizontalPodAutoscalers.defaults!(autoscaler)).toBe(autoscaler);
});

test('a behavior is completed on both sides', () => {
  const behavior = { scaleDown: { stabilizationWindowSeconds: 60 } };
  const autoscaler = created(horizontalPodAutoscalers, { spec: { ...spec, behavior } });
  expect(autoscaler.spec.behavior).toEqual({
    scaleUp: {
      stabilizationWindowSeconds: 0,
      selectPolicy: 'Max',
      policies: [
        { type: 'Pods', value: 4, periodSeconds: 15 },
        { type: 'Percent', value: 100, periodSeconds: 15 },
      ],
    },
    scaleDown: {
      stabilizationWindowSeconds: 60,
      selectPolicy: 'Max',
      policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
    },
  });
});

test.each<[string, object, string[]]>([
  ['good', spec, []],
  [
    'nothing',
    {},
    [
      'spec.maxReplicas: Invalid value: 0: must be greater than 0',
      'spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`',
      'spec.scaleTargetRef.kind: Required value',
      'spec.scaleTargetRef.name: Required value',
    ],
  ],
  [
    'fewer than one',
    { ...spec, minReplicas: 0 },
    ['spec.minReplicas: Invalid value: 0: must be greater than or equal to 1'],
  ],
  [
    'an object without anything',
    { ...spec, metrics: [{ type: 'Object', object: { target: { type: 'Value' } } }] },
    [
      'spec.metrics[0].object.describedObject.kind: Required value',
      'spec.metrics[0].object.describedObject.name: Required value',
      'spec.metrics[0].object.metric.name: Required value: must specify a metric name',
      'spec.metrics[0].object.target.averageValue: Required value: must set either a target value or averageValue',
    ],
  ],
  [
    'two targets outside, under a name that is a path',
    {
      ...spec,
      metrics: [
        {
          type: 'External',
          external: { metric: { name: 'a/b' }, target: { type: 'Value', value: '1', averageValue: '1' } },
        },
      ],
    },
    [
      `spec.metrics[0].external.metric.name: Invalid value: "a/b": may not contain '/'`,
      'spec.metrics[0].external.target.value: Forbidden: may not set both a target value for metric and a per-pod target',
    ],
  ],
  [
    'pods that shall have less than nothing',
    {
      ...spec,
      metrics: [
        {
          type: 'Pods',
          pods: { metric: { name: 'm' }, target: { type: 'AverageValue', averageValue: '-1' } },
        },
      ],
    },
    [
      'spec.metrics[0].pods.target.averageValue: Invalid value: "-1": must be positive',
      'spec.metrics[0].pods.target.averageValue: Required value: must specify a positive target averageValue',
    ],
  ],
  [
    'an unknown type',
    { ...spec, metrics: [{ type: 'Magic' }] },
    Array<string>(2).fill(
      'spec.metrics[0].type: Unsupported value: "Magic": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
    ),
  ],
  [
    'a metric without target',
    { ...spec, metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization' } } }] },
    [
      'spec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization',
    ],
  ],
  [
    'a window beyond an hour',
    { ...spec, behavior: { scaleDown: { stabilizationWindowSeconds: 3601 } } },
    [
      'spec.behavior.scaleDown.stabilizationWindowSeconds: Invalid value: 3601: must be less than or equal to 3600',
    ],
  ],
])('%s', (_name, given, errors) => {
  expect(createErrors(horizontalPodAutoscalers, { spec: given })).toEqual(errors);
});

const memory = {
  type: 'Resource',
  resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '100Mi' } },
};

test.each<[object[], object[], string]>([
  [[cpu(20)], [], 'cpu: <unknown>/20%'],
  [
    [cpu(20)],
    [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 5 } } }],
    'cpu: 5%/20%',
  ],
  [
    [memory],
    [{ type: 'Resource', resource: { name: 'memory', current: { averageValue: '64Mi' } } }],
    'memory: 64Mi/100Mi',
  ],
  [[cpu(20), memory, cpu(30)], [], 'cpu: <unknown>/20%, memory: <unknown>/100Mi + 1 more...'],
])('%j with %j shows %s', (metrics, currentMetrics, targets) => {
  const status = { currentReplicas: 2, desiredReplicas: 2, currentMetrics };
  const autoscaler = stored(horizontalPodAutoscalers, { spec: { ...spec, metrics }, status });
  expect(cells(horizontalPodAutoscalers, autoscaler)).toEqual({
    Name: 'x',
    Reference: 'Deployment/d',
    Targets: targets,
    MinPods: '1',
    MaxPods: 5,
    Replicas: 2,
    Age: '60m',
  });
});
