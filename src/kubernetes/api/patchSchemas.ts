// Upstream: the patchStrategy and patchMergeKey tags of k8s.io/api, which no npm package carries
import type { PatchField, PatchSchema } from '#kubernetes/apimachinery/patchSchema.ts';
import { type FieldType, definition, hasDefinition, shortName } from './definitions.ts';

type Rules = { readonly [field: string]: Omit<PatchField, 'value'> };

const byName: Rules[string] = { strategy: 'merge', mergeKey: 'name' };
const byType: Rules[string] = { strategy: 'merge', mergeKey: 'type' };
const byIp: Rules[string] = { strategy: 'merge', mergeKey: 'ip' };
const union: Rules[string] = { strategy: 'merge', mergeKey: 'name', retainKeys: true };
const conditions: Rules = { conditions: byType };
const webhooks: Rules = { webhooks: byName };
const container: Rules = {
  ports: { strategy: 'merge', mergeKey: 'containerPort' },
  env: byName,
  volumeMounts: { strategy: 'merge', mergeKey: 'mountPath' },
  volumeDevices: { strategy: 'merge', mergeKey: 'devicePath' },
};

/** The fields whose lists merge, or that follow another rule than their type's, by the short name of the type. */
const rules: { readonly [definition: string]: Rules } = {
  ObjectMeta: {
    ownerReferences: { strategy: 'merge', mergeKey: 'uid' },
    finalizers: { strategy: 'merge' },
  },
  PodSpec: {
    volumes: union,
    initContainers: byName,
    containers: byName,
    ephemeralContainers: byName,
    imagePullSecrets: byName,
    hostAliases: byIp,
    topologySpreadConstraints: { strategy: 'merge', mergeKey: 'topologyKey' },
    resourceClaims: union,
    schedulingGates: byName,
  },
  Container: container,
  EphemeralContainer: container,
  PodStatus: { ...conditions, podIPs: byIp, hostIPs: byIp, resourceClaimStatuses: union },
  ContainerStatus: { allocatedResourcesStatus: byName },
  ServiceAccount: { secrets: byName },
  ServiceSpec: { ports: { strategy: 'merge', mergeKey: 'port' } },
  NodeSpec: { podCIDRs: { strategy: 'merge' } },
  NodeStatus: { ...conditions, addresses: byType },
  DeploymentSpec: { strategy: { retainKeys: true } },
  PodDisruptionBudgetSpec: { selector: { strategy: 'replace' } },
  CSINodeSpec: { drivers: byName },
  MutatingWebhookConfiguration: webhooks,
  ValidatingWebhookConfiguration: webhooks,
  MutatingWebhook: { matchConditions: byName },
  ValidatingWebhook: { matchConditions: byName },
  ValidatingAdmissionPolicySpec: { matchConditions: byName, variables: byName },
  APIServiceStatus: conditions,
  ComponentStatus: conditions,
  DaemonSetStatus: conditions,
  DeploymentStatus: conditions,
  FlowSchemaStatus: conditions,
  HorizontalPodAutoscalerStatus: conditions,
  JobStatus: conditions,
  NamespaceStatus: conditions,
  PersistentVolumeClaimStatus: conditions,
  PodDisruptionBudgetStatus: conditions,
  PriorityLevelConfigurationStatus: conditions,
  ReplicaSetStatus: conditions,
  ReplicationControllerStatus: conditions,
  ServiceCIDRStatus: conditions,
  ServiceStatus: conditions,
  StatefulSetStatus: conditions,
};

const made = new Map<string, PatchSchema>();

/** How a strategic merge treats the type of that definition; undefined where the schemas have none. */
export function patchSchemaOf(name: string): PatchSchema | undefined {
  if (!hasDefinition(name)) return undefined;
  let schema = made.get(name);
  if (!schema) made.set(name, (schema = makeSchema(name)));
  return schema;
}

function makeSchema(name: string): PatchSchema {
  const own = rules[shortName(name)] ?? {};
  const known = new Map<string, PatchField>();
  return {
    name: shortName(name),
    // Types contain each other in circles, so a field is read only when it is asked for.
    field: (field) => {
      const type = definition(name).fields.get(field)?.type;
      if (type && !known.has(field)) known.set(field, { ...own[field], value: valueSchema(type) });
      return known.get(field);
    },
  };
}

function valueSchema(type: FieldType): PatchSchema | undefined {
  switch (type.is) {
    case 'object':
      return patchSchemaOf(type.name);
    case 'list':
      return valueSchema(type.of);
    case 'map':
      return { name: 'map', field: () => ({ value: valueSchema(type.of) }) };
    default:
      return undefined;
  }
}
