// Upstream: the patchStrategy, patchMergeKey, listType, listMapKey and mapType tags of k8s.io/api/*/types.go
import type { PatchField, PatchSchema } from '#kubernetes/apimachinery/patchSchema.ts';
import { type Definition, definition, type FieldType, hasDefinition, shortName } from './definitions.ts';

/** How a field's value is merged. Lists without a rule are atomic: a writer owns and replaces them whole. */
export interface MergeRule {
  /** Strategic merge: the lists are merged, objects by this field; `''` for lists of plain values. */
  readonly mergeKey?: string;
  readonly strategy?: 'merge' | 'replace';
  readonly retainKeys?: boolean;
  /** Server-side apply: who owns what in the list. */
  readonly listType?: 'map' | 'set';
  readonly mapKeys?: readonly string[];
}

/** Merged by one key, which also tells owners' elements apart. */
function by(key: string, ...mapKeys: string[]): MergeRule {
  return { strategy: 'merge', mergeKey: key, listType: 'map', mapKeys: mapKeys.length > 0 ? mapKeys : [key] };
}

/** As `by`, for unions: a patch names the fields of an element that shall stay. */
function unionBy(key: string): MergeRule {
  return { ...by(key), retainKeys: true };
}

/** Merged by one key in patches, but owned whole in server-side apply. */
function patchBy(mergeKey: string): MergeRule {
  return { strategy: 'merge', mergeKey };
}

/** Told apart by keys in server-side apply, but replaced whole in patches. */
function mapBy(...mapKeys: string[]): MergeRule {
  return { listType: 'map', mapKeys };
}

const mergedSet: MergeRule = { strategy: 'merge', mergeKey: '', listType: 'set' };
const set: MergeRule = { listType: 'set' };

const container: Readonly<Record<string, MergeRule>> = {
  env: by('name'),
  ports: by('containerPort', 'containerPort', 'protocol'),
  volumeDevices: by('devicePath'),
  volumeMounts: by('mountPath'),
};

const conditions = { conditions: by('type') };
const webhook = { matchConditions: by('name') };
const admissionPolicy = { matchConditions: by('name'), variables: by('name') };

/** By package and definition, the fields whose lists or objects merge in a way of their own. */
const rules: Readonly<Record<string, Readonly<Record<string, MergeRule>>>> = {
  'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta': {
    finalizers: mergedSet,
    ownerReferences: by('uid'),
  },

  'io.k8s.api.core.v1.ComponentStatus': conditions,
  'io.k8s.api.core.v1.Container': container,
  'io.k8s.api.core.v1.ContainerRestartRuleOnExitCodes': { values: set },
  'io.k8s.api.core.v1.ContainerStatus': {
    allocatedResourcesStatus: by('name'),
    volumeMounts: by('mountPath'),
  },
  'io.k8s.api.core.v1.EphemeralContainer': container,
  'io.k8s.api.core.v1.NamespaceStatus': conditions,
  'io.k8s.api.core.v1.NodeSpec': { podCIDRs: mergedSet },
  'io.k8s.api.core.v1.NodeStatus': { addresses: by('type'), ...conditions },
  'io.k8s.api.core.v1.PersistentVolumeClaimStatus': conditions,
  'io.k8s.api.core.v1.PodSpec': {
    containers: by('name'),
    ephemeralContainers: by('name'),
    hostAliases: by('ip'),
    imagePullSecrets: by('name'),
    initContainers: by('name'),
    resourceClaims: unionBy('name'),
    schedulingGates: by('name'),
    topologySpreadConstraints: by('topologyKey', 'topologyKey', 'whenUnsatisfiable'),
    volumes: unionBy('name'),
  },
  'io.k8s.api.core.v1.PodStatus': {
    ...conditions,
    hostIPs: patchBy('ip'),
    podIPs: by('ip'),
    resourceClaimStatuses: unionBy('name'),
  },
  'io.k8s.api.core.v1.ReplicationControllerStatus': conditions,
  'io.k8s.api.core.v1.ResourceRequirements': { claims: mapBy('name') },
  'io.k8s.api.core.v1.ResourceStatus': { resources: mapBy('resourceID') },
  'io.k8s.api.core.v1.ServiceAccount': { secrets: by('name') },
  'io.k8s.api.core.v1.ServiceSpec': { ports: by('port', 'port', 'protocol') },
  'io.k8s.api.core.v1.ServiceStatus': conditions,

  'io.k8s.api.apps.v1.DaemonSetStatus': conditions,
  'io.k8s.api.apps.v1.DeploymentSpec': { strategy: { retainKeys: true } },
  'io.k8s.api.apps.v1.DeploymentStatus': conditions,
  'io.k8s.api.apps.v1.ReplicaSetStatus': conditions,
  'io.k8s.api.apps.v1.StatefulSetStatus': conditions,

  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus': conditions,

  'io.k8s.api.batch.v1.JobStatus': { conditions: patchBy('type') },
  'io.k8s.api.batch.v1.PodFailurePolicyOnExitCodesRequirement': { values: set },
  'io.k8s.api.batch.v1.UncountedTerminatedPods': { failed: set, succeeded: set },

  'io.k8s.api.certificates.v1.CertificateSigningRequestStatus': { conditions: mapBy('type') },
  'io.k8s.api.discovery.v1.Endpoint': { addresses: set },
  'io.k8s.api.flowcontrol.v1.FlowSchemaStatus': conditions,
  'io.k8s.api.flowcontrol.v1.NonResourcePolicyRule': { nonResourceURLs: set, verbs: set },
  'io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationStatus': conditions,
  'io.k8s.api.flowcontrol.v1.ResourcePolicyRule': {
    apiGroups: set,
    namespaces: set,
    resources: set,
    verbs: set,
  },
  'io.k8s.api.networking.v1.ServiceCIDRStatus': conditions,

  'io.k8s.api.policy.v1.PodDisruptionBudgetSpec': { selector: { strategy: 'replace' } },
  'io.k8s.api.policy.v1.PodDisruptionBudgetStatus': conditions,

  'io.k8s.api.storage.v1.CSIDriverSpec': { volumeLifecycleModes: set },
  'io.k8s.api.storage.v1.CSINodeSpec': { drivers: by('name') },

  'io.k8s.api.admissionregistration.v1.MutatingWebhook': webhook,
  'io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration': { webhooks: by('name') },
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicySpec': admissionPolicy,
  'io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicySpec': admissionPolicy,
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec': { validationActions: set },
  'io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyStatus': { conditions: mapBy('type') },
  'io.k8s.api.admissionregistration.v1.ValidatingWebhook': webhook,
  'io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration': { webhooks: by('name') },

  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus': {
    conditions: mapBy('type'),
  },
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps': {
    'x-kubernetes-validations': by('rule'),
  },
  'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceStatus': conditions,
};

/**
 * Structs and maps that a writer owns whole in server-side apply, by short name or `Definition.field`; with their
 * group where another has one of that name that is not.
 */
const atomic = new Set([
  'ConfigMapKeySelector',
  'EndpointAddress',
  'EndpointPort',
  'FileKeySelector',
  'LabelSelector',
  'LoadBalancerIngress',
  'LocalObjectReference',
  'MatchResources',
  'NamedRuleWithOperations',
  'NodeSelector',
  'NodeSelectorTerm',
  'ObjectFieldSelector',
  'ObjectReference',
  'OwnerReference',
  'ParamKind',
  'ParamRef',
  'PodSpec.nodeSelector',
  'ReplicationControllerSpec.selector',
  'ResourceFieldSelector',
  'RoleRef',
  'Scheduling.nodeSelector',
  'ScopeSelector',
  'SecretKeySelector',
  'SecretReference',
  'ServiceBackendPort',
  'ServiceSpec.selector',
  'TopologySelectorTerm',
  'TypedLocalObjectReference',
  'Variable',
  'autoscaling.v1.CrossVersionObjectReference',
  'rbac.v1.Subject',
]);

/** Fields whose parts have owners of their own though their struct is atomic elsewhere (`+structType=granular`). */
const granular = new Set(['PersistentVolumeSpec.claimRef']);

/** How a field of a definition is merged, undefined where it has no rule of its own. */
export function mergeRule(definitionName: string, field: string): MergeRule | undefined {
  return rules[definitionName]?.[field];
}

/** True where a struct, or a map at a field, is owned whole (`x-kubernetes-map-type: atomic`). */
export function isAtomic(definitionName: string, field?: string): boolean {
  const name = shortName(definitionName);
  if (field !== undefined) return atomic.has(`${name}.${field}`);
  return atomic.has(name) || atomic.has(definitionName.replace('io.k8s.api.', ''));
}

/** True where a field's struct is not owned whole, though it is atomic elsewhere. */
export function isGranular(definitionName: string, field: string): boolean {
  return granular.has(`${shortName(definitionName)}.${field}`);
}

/** Every definition and field that has a rule, for tests and documents. */
export function mergeRules(): readonly (readonly [definitionName: string, field: string, MergeRule])[] {
  return Object.entries(rules).flatMap(([name, fields]) =>
    Object.entries(fields).map(([field, rule]) => [name, field, rule] as const),
  );
}

const schemas = new Map<string, PatchSchema>();

/**
 * What a strategic merge patch must know of a definition and, through its fields, of all below it; undefined
 * where the schemas have no such definition.
 */
export function patchSchemaOf(definitionName: string): PatchSchema | undefined {
  if (!hasDefinition(definitionName)) return undefined;
  let schema = schemas.get(definitionName);
  if (schema === undefined) {
    schema = new DefinitionPatchSchema(definition(definitionName));
    schemas.set(definitionName, schema);
  }
  return schema;
}

class DefinitionPatchSchema implements PatchSchema {
  readonly name: string;
  readonly #definition: Definition;
  readonly #fields = new Map<string, PatchField>();

  constructor(of: Definition) {
    this.name = shortName(of.name);
    this.#definition = of;
  }

  field(name: string): PatchField | undefined {
    const field = this.#definition.fields.get(name);
    if (field === undefined) return undefined;
    let known = this.#fields.get(name);
    if (known === undefined) {
      known = patchField(field.type, mergeRule(this.#definition.name, name));
      this.#fields.set(name, known);
    }
    return known;
  }
}

function patchField(type: FieldType, rule: MergeRule | undefined): PatchField {
  return {
    ...(rule?.strategy && { strategy: rule.strategy }),
    ...(rule?.retainKeys && { retainKeys: true }),
    ...(rule?.mergeKey && { mergeKey: rule.mergeKey }),
    value: patchValue(type),
  };
}

/** The schema of an object, or of a list's or map's elements; none for scalars. */
function patchValue(type: FieldType): PatchSchema | undefined {
  if (type.is === 'object') return patchSchemaOf(type.name);
  if (type.is === 'list') return patchValue(type.of);
  if (type.is !== 'map') return undefined;
  const value = patchValue(type.of);
  return { name: 'map', field: () => ({ value }) };
}
