import { expect, test } from 'vitest';
import { definition, hasDefinition, shortName } from './definitions.ts';
import './laterDefinitions.ts';
import { isAtomic, mergeRule, mergeRules, patchSchemaOf } from './mergeKeys.ts';

test('every rule is about a field that the schemas have, and every key about a field of its elements', () => {
  for (const [name, field, rule] of mergeRules()) {
    expect(hasDefinition(name), name).toBe(true);
    const type = definition(name).fields.get(field)?.type;
    expect(type, `${shortName(name)}.${field}`).toBeDefined();
    const keys = [...(rule.mapKeys ?? []), ...(rule.mergeKey ? [rule.mergeKey] : [])];
    if (keys.length === 0) continue;
    const element = type!.is === 'list' && type!.of.is === 'object' ? definition(type!.of.name) : undefined;
    for (const key of keys)
      expect(element?.fields.has(key), `${shortName(name)}.${field}[${key}]`).toBe(true);
  }
});

test.each([
  ['io.k8s.api.core.v1.PodSpec', 'containers', 'name', ['name']],
  ['io.k8s.api.core.v1.Container', 'ports', 'containerPort', ['containerPort', 'protocol']],
  ['io.k8s.api.core.v1.ServiceSpec', 'ports', 'port', ['port', 'protocol']],
  [
    'io.k8s.api.core.v1.PodSpec',
    'topologySpreadConstraints',
    'topologyKey',
    ['topologyKey', 'whenUnsatisfiable'],
  ],
  ['io.k8s.api.core.v1.PodStatus', 'hostIPs', 'ip', undefined],
  ['io.k8s.api.core.v1.PodSpec', 'tolerations', undefined, undefined],
])('%s.%s merges by %s in patches and by %j in apply', (name, field, mergeKey, mapKeys) => {
  const rule = mergeRule(name, field);
  expect(rule?.mergeKey).toBe(mergeKey);
  expect(rule?.mapKeys).toEqual(mapKeys);
});

test('a patch walks from a Deployment down to its containers’ ports', () => {
  const deployment = patchSchemaOf('io.k8s.api.apps.v1.Deployment')!;
  const spec = deployment.field('spec')!.value!;
  expect(spec.field('strategy')).toMatchObject({ retainKeys: true });
  const containers = spec.field('template')!.value!.field('spec')!.value!.field('containers')!;
  expect(containers).toMatchObject({ strategy: 'merge', mergeKey: 'name' });
  expect(containers.value!.name).toBe('Container');
  expect(containers.value!.field('ports')).toMatchObject({ mergeKey: 'containerPort' });
  expect(containers.value!.field('args')).toEqual({ value: undefined });
  expect(containers.value!.field('nope')).toBeUndefined();
  const labels = deployment.field('metadata')!.value!.field('labels')!.value!;
  expect(labels.field('any.example.com/name')).toEqual({ value: undefined });
});

test('what the schemas do not know has no rules', () => {
  expect(patchSchemaOf('com.example.v1.Train')).toBeUndefined();
});

test('selectors are owned whole', () => {
  expect(isAtomic('io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector')).toBe(true);
  expect(isAtomic('io.k8s.api.core.v1.PodSpec', 'nodeSelector')).toBe(true);
  expect(isAtomic('io.k8s.api.core.v1.PodSpec')).toBe(false);
});

test.each([
  ['core.v1.PodSpec', 'volumes', { strategy: 'merge', mergeKey: 'name', retainKeys: true }, 'Volume'],
  ['core.v1.PodSpec', 'tolerations', {}, 'Toleration'],
  ['core.v1.PodSpec', 'nodeSelector', {}, 'map'],
  ['core.v1.NodeSpec', 'podCIDRs', { strategy: 'merge' }, undefined],
  ['core.v1.ServiceSpec', 'ports', { strategy: 'merge', mergeKey: 'port' }, 'ServicePort'],
  ['policy.v1.PodDisruptionBudgetSpec', 'selector', { strategy: 'replace' }, 'LabelSelector'],
])('a patch of %s.%s', (name, field, rule, type) => {
  const { value, ...rest } = patchSchemaOf(`io.k8s.api.${name}`)?.field(field) ?? {};
  expect(rest).toEqual(rule);
  expect(value?.name).toBe(type);
});
