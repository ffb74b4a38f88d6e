import { expect, test } from 'vitest';
import { patchSchemaOf } from './patchSchemas.ts';

test.each([
  ['core.v1.PodSpec', 'containers', { strategy: 'merge', mergeKey: 'name' }, 'Container'],
  ['core.v1.PodSpec', 'volumes', { strategy: 'merge', mergeKey: 'name', retainKeys: true }, 'Volume'],
  ['core.v1.PodSpec', 'tolerations', {}, 'Toleration'],
  ['core.v1.PodSpec', 'nodeSelector', {}, 'map'],
  ['core.v1.Container', 'ports', { strategy: 'merge', mergeKey: 'containerPort' }, 'ContainerPort'],
  ['core.v1.Container', 'args', {}, undefined],
  ['core.v1.ServiceSpec', 'ports', { strategy: 'merge', mergeKey: 'port' }, 'ServicePort'],
  ['apps.v1.DeploymentSpec', 'strategy', { retainKeys: true }, 'DeploymentStrategy'],
  ['policy.v1.PodDisruptionBudgetSpec', 'selector', { strategy: 'replace' }, 'LabelSelector'],
])('%s.%s', (definition, field, rule, type) => {
  const found = patchSchemaOf(`io.k8s.api.${definition}`)?.field(field);
  const { value, ...rest } = found ?? {};
  expect(rest).toEqual(rule);
  expect(value?.name).toBe(type);
});

test('types are made once, and what is unknown has no rule', () => {
  const pod = patchSchemaOf('io.k8s.api.core.v1.Pod');
  expect(patchSchemaOf('io.k8s.api.core.v1.Pod')).toBe(pod);
  expect(pod?.field('nope')).toBeUndefined();
  expect(patchSchemaOf('io.example.Nope')).toBeUndefined();
});
