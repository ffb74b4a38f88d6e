import { expect, test } from 'vitest';
import type { TypedSchema } from '#kubernetes/apimachinery/typedSchema.ts';
import { customApplySchema } from './apiextensions/applySchema.ts';
import type { JsonSchema } from './apiextensions/jsonSchema.ts';
import { applySchemaOf } from './applySchema.ts';
import { definition, definitionNames } from './definitions.ts';
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
  ['autoscaling.v1.HorizontalPodAutoscaler', 'spec.scaleTargetRef', 'atomic struct'],
  ['autoscaling.v2.HorizontalPodAutoscaler', 'spec.scaleTargetRef', 'struct'],
  ['autoscaling.v2.HorizontalPodAutoscaler', 'spec.metrics', 'atomic'],
  ['networking.v1.Ingress', 'spec.rules', 'atomic'],
  ['discovery.v1.EndpointSlice', 'endpoints', 'atomic'],
])('%s: %s is %s', (name, path, expected) => {
  expect(textOf(at(applySchemaOf(`io.k8s.api.${name}`), path))).toBe(expected);
});

/**
 * What is not the usual, with upstream's words: lists that are associative, and structs and maps that are atomic. All
 * lists that are not here are atomic, all structs and maps granular.
 */
const unusual = `
admissionregistration.v1.MatchResources: atomic struct
admissionregistration.v1.MutatingAdmissionPolicySpec.matchConditions: map name
admissionregistration.v1.MutatingAdmissionPolicySpec.variables: map name
admissionregistration.v1.MutatingWebhook.matchConditions: map name
admissionregistration.v1.MutatingWebhookConfiguration.webhooks: map name
admissionregistration.v1.NamedRuleWithOperations: atomic struct
admissionregistration.v1.ParamKind: atomic struct
admissionregistration.v1.ParamRef: atomic struct
admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec.validationActions: set
admissionregistration.v1.ValidatingAdmissionPolicySpec.matchConditions: map name
admissionregistration.v1.ValidatingAdmissionPolicySpec.variables: map name
admissionregistration.v1.ValidatingAdmissionPolicyStatus.conditions: map type
admissionregistration.v1.ValidatingWebhook.matchConditions: map name
admissionregistration.v1.ValidatingWebhookConfiguration.webhooks: map name
admissionregistration.v1.Variable: atomic struct
apps.v1.DaemonSetStatus.conditions: map type
apps.v1.DeploymentStatus.conditions: map type
apps.v1.ReplicaSetStatus.conditions: map type
apps.v1.StatefulSetStatus.conditions: map type
autoscaling.v1.CrossVersionObjectReference: atomic struct
autoscaling.v2.HorizontalPodAutoscalerStatus.conditions: map type
batch.v1.PodFailurePolicyOnExitCodesRequirement.values: set
batch.v1.UncountedTerminatedPods.failed: set
batch.v1.UncountedTerminatedPods.succeeded: set
certificates.v1.CertificateSigningRequestStatus.conditions: map type
discovery.v1.Endpoint.addresses: set
discovery.v1.EndpointPort: atomic struct
flowcontrol.v1.FlowSchemaStatus.conditions: map type
flowcontrol.v1.NonResourcePolicyRule.nonResourceURLs: set
flowcontrol.v1.NonResourcePolicyRule.verbs: set
flowcontrol.v1.PriorityLevelConfigurationStatus.conditions: map type
flowcontrol.v1.ResourcePolicyRule.apiGroups: set
flowcontrol.v1.ResourcePolicyRule.namespaces: set
flowcontrol.v1.ResourcePolicyRule.resources: set
flowcontrol.v1.ResourcePolicyRule.verbs: set
networking.v1.ServiceBackendPort: atomic struct
networking.v1.ServiceCIDRStatus.conditions: map type
node.v1.Scheduling.nodeSelector: atomic map
policy.v1.PodDisruptionBudgetStatus.conditions: map type
rbac.v1.RoleRef: atomic struct
rbac.v1.Subject: atomic struct
storage.v1.CSIDriverSpec.volumeLifecycleModes: set
storage.v1.CSINodeSpec.drivers: map name
`;
const verified = new Set(unusual.match(/^\w+(?=\.)/gm));

// Upstream: client-go/applyconfigurations/internal/internal.go
test('every group but the core has the list and struct types of upstream’s schema', () => {
  const found: string[] = [];
  for (const name of definitionNames()) {
    const [, short = '', group = ''] = /^io\.k8s\.api\.((\w+)\..*)$/.exec(name) ?? [];
    const schema = applySchemaOf(name);
    if (!verified.has(group) || schema.is !== 'struct') continue;
    if (schema.atomic) found.push(`${short}: atomic struct`);
    for (const field of definition(name).fields.keys()) {
      const text = textOf(schema.field(field)?.schema);
      if (/^(map \S|set|atomic map)/.test(text)) found.push(`${short}.${field}: ${text}`);
    }
  }
  expect(found.sort()).toEqual(unusual.trim().split('\n'));
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
