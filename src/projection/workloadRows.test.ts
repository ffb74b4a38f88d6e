import { expect, test } from 'vitest';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { cronJobs } from '#kubernetes/api/batch/cronJob.ts';
import type { AnyKind } from '#kubernetes/api/kind.ts';
import { deployments } from '#kubernetes/api/apps/deployment.ts';
import { isWorkload, workloadRow } from './workloadRows.ts';

const metadata = {
  name: 'x',
  namespace: 'shop',
  uid: 'u',
  resourceVersion: '1',
  creationTimestamp: '2026-01-01T00:00:00Z',
};
const object = (more: object) => ({ apiVersion: 'v1', kind: 'X', metadata, ...more }) as KubeObject;
const widgets = {
  group: 'example.com',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  namespaced: true,
  custom: { schema: {}, preservesUnknownFields: true, toVersion: (object: KubeObject) => object },
} as unknown as AnyKind;
const row = (kind: AnyKind, more: object) => workloadRow(kind, object(more), () => 'widgets.example.com');

test.each([
  [
    'a Deployment by its replicas',
    deployments as AnyKind,
    { spec: { replicas: 3 }, status: { readyReplicas: 1 } },
    '1/3 ready',
    'pending',
  ],
  [
    'a CronJob by its schedule',
    cronJobs as AnyKind,
    { spec: { schedule: '*/5 * * * *' }, status: { active: [{}] } },
    '*/5 * * * *, 1 running',
    'running',
  ],
  [
    'a suspended CronJob',
    cronJobs as AnyKind,
    { spec: { schedule: '@daily', suspend: true } },
    'suspended',
    'running',
  ],
  ['a custom resource that says nothing', widgets, {}, '', 'running'],
  ['a custom resource by its phase', widgets, { status: { phase: 'Pending' } }, 'Pending', 'pending'],
  ['a custom resource that is done', widgets, { status: { phase: 'Succeeded' } }, 'Succeeded', 'succeeded'],
  [
    'a custom resource by its condition',
    widgets,
    { status: { conditions: [{ type: 'Ready', status: 'False' }] } },
    'Ready: False',
    'pending',
  ],
  [
    'a custom resource that failed',
    widgets,
    { status: { conditions: [{ type: 'Failed', status: 'True' }] } },
    'Failed',
    'failing',
  ],
])('%s', (_name, kind, more, status, health) => {
  expect(isWorkload(kind)).toBe(true);
  expect(row(kind, more)).toMatchObject({ status, health });
});

test('a custom resource has a row of its own group, and so has what it owns', () => {
  expect(row(widgets, {}).id).toBe('widgets.example.com/shop/x');
  const reference = { apiVersion: 'example.com/v1', kind: 'Widget', name: 'w', uid: 'w', controller: true };
  const owned = { metadata: { ...metadata, ownerReferences: [reference] } };
  expect(row(deployments as AnyKind, owned).owner).toBe('widgets.example.com/shop/w');
});
