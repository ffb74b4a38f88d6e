import { expect, test } from 'vitest';
import type { TypedSchema } from '#kubernetes/apimachinery/typedSchema.ts';
import { customApplySchema } from './apiextensions/applySchema.ts';
import type { JsonSchema } from './apiextensions/jsonSchema.ts';
import { applySchemaOf } from './applySchema.ts';
import './laterDefinitions.ts';

function at(schema: TypedSchema, path: string): TypedSchema | undefined {
  let found: TypedSchema | undefined = schema;
  for (const name of path.split('.')) {
    if (found?.is === 'list') found = found.of;
    found = found?.is === 'struct' ? found.field(name)?.schema : undefined;
  }
  return found;
}

function textOf(schema: TypedSchema | undefined): string {
  if (schema === undefined) return 'none';
  switch (schema.is) {
    case 'scalar':
      return schema.of;
    case 'list':
      return [schema.type, ...schema.keys].join(' ');
    case 'map':
    case 'struct':
      return `${schema.atomic ? 'atomic ' : ''}${schema.is}`;
    default:
      return schema.is;
  }
}

// Upstream: client-go/applyconfigurations/internal/internal.go
test.each([
  ['core.v1.Pod', 'spec.containers', 'map name'],
  ['core.v1.Pod', 'spec.containers.ports', 'map containerPort protocol'],
  ['core.v1.Pod', 'spec.containers.args', 'atomic'],
  ['core.v1.Pod', 'spec.containers.env.valueFrom.secretKeyRef', 'atomic struct'],
  ['core.v1.Pod', 'spec.topologySpreadConstraints', 'map topologyKey whenUnsatisfiable'],
  ['core.v1.Pod', 'spec.imagePullSecrets', 'map name'],
  ['core.v1.ServiceAccount', 'imagePullSecrets', 'atomic'],
  ['core.v1.ServiceAccount', 'secrets', 'map name'],
  ['core.v1.Pod', 'spec.nodeSelector', 'atomic map'],
  ['core.v1.Pod', 'spec.tolerations', 'atomic'],
  ['core.v1.Pod', 'status.podIPs', 'map ip'],
  ['core.v1.Pod', 'status.hostIPs', 'atomic'],
  ['core.v1.Pod', 'status.containerStatuses', 'atomic'],
  ['core.v1.Pod', 'metadata.finalizers', 'set'],
  ['core.v1.Pod', 'metadata.labels', 'map'],
  ['core.v1.Pod', 'metadata.ownerReferences', 'map uid'],
  ['core.v1.Service', 'spec.ports', 'map port protocol'],
  ['core.v1.Service', 'spec.selector', 'atomic map'],
  ['core.v1.Node', 'spec.podCIDRs', 'set'],
  ['core.v1.Node', 'status.addresses', 'map type'],
  ['core.v1.Node', 'status.images', 'atomic'],
  ['core.v1.Event', 'involvedObject', 'atomic struct'],
  ['core.v1.ConfigMap', 'data', 'map'],
  ['apps.v1.Deployment', 'spec.selector', 'atomic struct'],
  ['apps.v1.Deployment', 'spec.strategy', 'struct'],
  ['apps.v1.ControllerRevision', 'data', 'opaque'],
  ['batch.v1.Job', 'status.conditions', 'atomic'],
  ['batch.v1.Job', 'spec.podFailurePolicy.rules.onExitCodes.values', 'set'],
  ['networking.v1.Ingress', 'spec.rules', 'atomic'],
  ['discovery.v1.EndpointSlice', 'endpoints', 'atomic'],
])('%s: %s is %s', (name, path, expected) => {
  expect(textOf(at(applySchemaOf(`io.k8s.api.${name}`), path))).toBe(expected);
});

test('a key that is left out is its default, or the zero that Go writes', () => {
  const ports = at(applySchemaOf('io.k8s.api.core.v1.Pod'), 'spec.containers.ports');
  const keys = ports?.is === 'list' ? ports.keys.map((key) => ports.keyDefault(key)) : [];
  expect(keys).toEqual([0, 'TCP']);
  const aliases = at(applySchemaOf('io.k8s.api.core.v1.Pod'), 'spec.topologySpreadConstraints');
  expect(aliases?.is === 'list' && aliases.keyDefault('nope')).toBeUndefined();
});

const crd = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        steps: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: { type: 'object', properties: { name: { type: 'string', default: 'first' } } },
        },
        tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
        args: { type: 'array', items: { type: 'string' } },
        port: { 'x-kubernetes-int-or-string': true },
        limits: { type: 'object', additionalProperties: { type: 'integer' } },
        selector: {
          type: 'object',
          'x-kubernetes-map-type': 'atomic',
          properties: { a: { type: 'string' } },
        },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
  },
} as JsonSchema;

// Upstream: k8s.io/kube-openapi/pkg/schemaconv
test.each([
  ['spec.steps', 'map name'],
  ['spec.tags', 'set'],
  ['spec.args', 'atomic'],
  ['spec.port', 'untyped'],
  ['spec.limits', 'map'],
  ['spec.selector', 'atomic struct'],
  ['spec.free', 'deduced'],
  ['spec.nope', 'none'],
  ['metadata.labels', 'map'],
  ['kind', 'string'],
])('of a custom resource, %s is %s', (path, expected) => {
  const schema = customApplySchema({ schema: crd, preservesUnknownFields: false });
  expect(textOf(at(schema, path))).toBe(expected);
  expect(customApplySchema({ schema: crd, preservesUnknownFields: false })).toBe(schema);
});

test('a custom kind that keeps what it does not know is deduced', () => {
  expect(customApplySchema({ schema: { ...crd }, preservesUnknownFields: true }).is).toBe('deduced');
});
