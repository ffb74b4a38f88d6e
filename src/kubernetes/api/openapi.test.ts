import { expect, test } from 'vitest';
import { deployments } from './apps/deployment.ts';
import { pods } from './core/pod.ts';
import { services } from './core/service.ts';
import { manifestSchema, openApiDocument, type Schema } from './openapi.ts';
import { builtInKinds } from './registry.ts';

/** The value at a path of keys; fails where one is missing. */
function at(schema: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>((value, key) => {
    expect(value, keys.join(' ')).toHaveProperty([key]);
    return (value as Schema)[key];
  }, schema);
}

const core = openApiDocument([pods, services], {
  'io.k8s.api.core.v1.PodSpec': { '': 'A pod.', containers: 'What runs.' },
});

const podSpec = at(core, 'components', 'schemas', 'io.k8s.api.core.v1.PodSpec');

test.each<[string, object]>([
  [
    'containers',
    {
      type: 'array',
      items: { $ref: '#/components/schemas/io.k8s.api.core.v1.Container' },
      description: 'What runs.',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    },
  ],
  [
    'volumes',
    {
      type: 'array',
      items: { $ref: '#/components/schemas/io.k8s.api.core.v1.Volume' },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge,retainKeys',
    },
  ],
  [
    'tolerations',
    {
      type: 'array',
      items: { $ref: '#/components/schemas/io.k8s.api.core.v1.Toleration' },
      'x-kubernetes-list-type': 'atomic',
    },
  ],
  [
    'nodeSelector',
    { type: 'object', additionalProperties: { type: 'string' }, 'x-kubernetes-map-type': 'atomic' },
  ],
  ['terminationGracePeriodSeconds', { type: 'integer', format: 'int64' }],
  ['restartPolicy', { type: 'string', enum: ['Always', 'Never', 'OnFailure'] }],
  ['affinity', { $ref: '#/components/schemas/io.k8s.api.core.v1.Affinity' }],
])('PodSpec.%s', (field, schema) => {
  expect(at(podSpec, 'properties', field)).toEqual(schema);
});

test('a definition says what it is, what it needs and which kind it is', () => {
  expect(podSpec).toMatchObject({ type: 'object', description: 'A pod.', required: ['containers'] });
  const pod = at(core, 'components', 'schemas', 'io.k8s.api.core.v1.Pod');
  expect(pod).not.toHaveProperty('required');
  expect(at(pod as Schema, 'x-kubernetes-group-version-kind')).toEqual([
    { group: '', version: 'v1', kind: 'Pod' },
  ]);
});

test('paths tell kubectl that fields are validated', () => {
  const item = at(core, 'paths', '/api/v1/namespaces/{namespace}/pods/{name}', 'patch');
  expect(item).toMatchObject({ 'x-kubernetes-group-version-kind': { kind: 'Pod' } });
  expect(at(item, 'parameters')).toContainEqual(expect.objectContaining({ name: 'fieldValidation' }));
  expect(at(core, 'paths', '/api/v1/pods')).toHaveProperty('get');
  expect(core['paths']).toHaveProperty(['/api/v1/namespaces/{namespace}/pods/{name}/status']);
});

function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    // The schema of schemas has a property of that name.
    key === '$ref' && typeof child === 'string' ? [child] : references(child),
  );
}

test('every reference is kept, for all kinds in both forms', () => {
  const document = openApiDocument(builtInKinds.all);
  for (const reference of references(document)) at(document, ...reference.slice(2).split('/'));
  const schema = manifestSchema(builtInKinds.all);
  for (const reference of references(schema)) at(schema, ...reference.slice(2).split('/'));
});

test('the editor’s schema picks a kind by its version and name, and knows no other fields', () => {
  const schema = manifestSchema([deployments, pods]);
  expect(at(schema, 'properties', 'apiVersion', 'enum')).toEqual(['apps/v1', 'v1']);
  expect(at(schema, 'allOf', '0', 'if', 'properties')).toEqual({
    apiVersion: { const: 'apps/v1' },
    kind: { const: 'Deployment' },
  });
  expect(at(schema, 'allOf', '0', 'then')).toEqual({ $ref: '#/definitions/io.k8s.api.apps.v1.Deployment' });
  expect(at(schema, 'definitions', 'io.k8s.api.core.v1.PodSpec', 'additionalProperties')).toBe(false);
});

test('what an object is need not be said in it, but of what it refers to it must', () => {
  const { components } = openApiDocument([pods]) as unknown as {
    components: { schemas: Record<string, { required?: string[]; properties: Record<string, Schema> }> };
  };
  const { schemas } = components;
  expect(schemas['io.k8s.api.core.v1.Pod']?.required ?? []).not.toContain('kind');
  const owner = schemas['io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference'];
  expect(owner?.required).toEqual(['apiVersion', 'kind', 'name', 'uid']);
});
