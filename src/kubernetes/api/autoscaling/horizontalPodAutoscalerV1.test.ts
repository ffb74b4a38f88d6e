import { expect, test } from 'vitest';
import { cells, created } from '../testing/kindTable.ts';
import { horizontalPodAutoscalers, type HorizontalPodAutoscaler } from './horizontalPodAutoscaler.ts';
import { horizontalPodAutoscalersV1 as v1 } from './horizontalPodAutoscalerV1.ts';

const scaleTargetRef = { kind: 'Deployment', name: 'd', apiVersion: 'apps/v1' };
const toStored = (manifest: object) => v1.storage!.toStored(created(v1, manifest)) as HorizontalPodAutoscaler;

test.each([
  [20, 20],
  [undefined, 80],
])('a target of %s is kept as a metric of %i%%', (target, utilization) => {
  const spec = { maxReplicas: 5, scaleTargetRef, ...(target && { targetCPUUtilizationPercentage: target }) };
  const stored = toStored({ spec });
  expect(stored.apiVersion).toBe('autoscaling/v2');
  expect(stored.spec).toEqual({
    scaleTargetRef,
    minReplicas: 1,
    maxReplicas: 5,
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: utilization } },
      },
    ],
  });
  const shown = v1.storage!.fromStored(stored);
  expect(shown.apiVersion).toBe('autoscaling/v1');
  expect(shown.spec).toEqual({
    scaleTargetRef,
    minReplicas: 1,
    maxReplicas: 5,
    targetCPUUtilizationPercentage: utilization,
  });
});

test('what v1 cannot say comes back from annotations', () => {
  const stored = created(horizontalPodAutoscalers, {
    metadata: { annotations: { mine: 'yes' } },
    spec: {
      maxReplicas: 5,
      scaleTargetRef,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 20 } },
        },
        {
          type: 'Resource',
          resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 50 } },
        },
      ],
      behavior: { scaleDown: { stabilizationWindowSeconds: 10 } },
    },
  });
  const withStatus: HorizontalPodAutoscaler = {
    ...stored,
    status: {
      currentReplicas: 2,
      desiredReplicas: 3,
      currentMetrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', current: { averageUtilization: 7, averageValue: '7m' } },
        },
      ],
      conditions: [{ type: 'AbleToScale', status: 'True' }],
    },
  };
  const shown = v1.storage!.fromStored(withStatus);
  expect(shown.status).toEqual({
    currentReplicas: 2,
    desiredReplicas: 3,
    currentCPUUtilizationPercentage: 7,
  });
  expect(Object.keys(shown.metadata.annotations!).sort()).toEqual([
    'autoscaling.alpha.kubernetes.io/behavior',
    'autoscaling.alpha.kubernetes.io/conditions',
    'autoscaling.alpha.kubernetes.io/current-metrics',
    'autoscaling.alpha.kubernetes.io/metrics',
    'mine',
  ]);
  expect(v1.storage!.toStored(shown)).toEqual(withStatus);
});

test('columns are those of v2', () => {
  const shown = v1.storage!.fromStored(toStored({ spec: { maxReplicas: 5, scaleTargetRef } }));
  expect(cells(v1, shown)).toMatchObject({
    Reference: 'Deployment/d',
    Targets: 'cpu: <unknown>/80%',
    Replicas: 0,
  });
});
