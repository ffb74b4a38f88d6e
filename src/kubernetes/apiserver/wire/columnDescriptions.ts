// Upstream: pkg/printers/internalversion/printers.go
import descriptions from '#generated/descriptions.json' with { type: 'json' };
import type { Descriptions } from '#kubernetes/api/openapi.ts';

/** `@DEFINITION.field` repeats what the field's own documentation says. */
type Columns = Readonly<Record<string, string>>;

/** Columns that many kinds have. */
const everywhere: Columns = {
  Name: '@ObjectMeta.name',
  Age: '@ObjectMeta.creationTimestamp',
  'Created At': '@ObjectMeta.creationTimestamp',
  Containers: 'Names of each container in the template.',
  Images: 'Images referenced by each container in the template.',
};

const bindingColumns = (binding: string, word: string): Columns => ({
  Role: `@${binding}.roleRef`,
  Users: `Users in the ${word}`,
  Groups: `Groups in the ${word}`,
  ServiceAccounts: `ServiceAccounts in the ${word}`,
});

const byKind: Readonly<Record<string, Columns>> = {
  Pod: {
    Ready: 'The aggregate readiness state of this pod for accepting traffic.',
    Status: 'The aggregate status of the containers in this pod.',
    Restarts:
      'The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.',
    IP: '@PodStatus.podIP',
    Node: '@PodSpec.nodeName',
    'Nominated Node': '@PodStatus.nominatedNodeName',
    'Readiness Gates': '@PodSpec.readinessGates',
  },
  Service: {
    Type: '@ServiceSpec.type',
    'Cluster-IP': '@ServiceSpec.clusterIP',
    'External-IP': '@ServiceSpec.externalIPs',
    'Port(s)': '@ServiceSpec.ports',
    Selector: '@ServiceSpec.selector',
  },
  ConfigMap: { Data: '@ConfigMap.data' },
  Secret: { Type: '@Secret.type', Data: '@Secret.data' },
  ServiceAccount: { Secrets: '@ServiceAccount.secrets' },
  Namespace: { Status: 'The status of the namespace' },
  Node: {
    Status: 'The status of the node',
    Roles: 'The roles of the node',
    Version: '@NodeSystemInfo.kubeletVersion',
    'Internal-IP': '@NodeStatus.addresses',
    'External-IP': '@NodeStatus.addresses',
    'OS-Image': '@NodeSystemInfo.osImage',
    'Kernel-Version': '@NodeSystemInfo.kernelVersion',
    'Container-Runtime': '@NodeSystemInfo.containerRuntimeVersion',
  },
  Event: {
    'Last Seen': '@core.v1.Event.lastTimestamp',
    Type: '@core.v1.Event.type',
    Reason: '@core.v1.Event.reason',
    Object: '@core.v1.Event.involvedObject',
    Subobject: '@ObjectReference.fieldPath',
    Source: '@core.v1.Event.source',
    Message: '@core.v1.Event.message',
    'First Seen': '@core.v1.Event.firstTimestamp',
    Count: '@core.v1.Event.count',
  },
  Endpoints: { Endpoints: '@Endpoints.subsets' },
  EndpointSlice: {
    AddressType: '@EndpointSlice.addressType',
    Ports: '@EndpointSlice.ports',
    Endpoints: '@EndpointSlice.endpoints',
  },
  PersistentVolumeClaim: {
    Status: '@PersistentVolumeClaimStatus.phase',
    Volume: '@PersistentVolumeClaimSpec.volumeName',
    Capacity: '@PersistentVolumeClaimStatus.capacity',
    'Access Modes': '@PersistentVolumeClaimStatus.accessModes',
    StorageClass: 'StorageClass of the pvc',
    VolumeAttributesClass: '@PersistentVolumeClaimSpec.volumeAttributesClassName',
    VolumeMode: '@PersistentVolumeClaimSpec.volumeMode',
  },
  PersistentVolume: {
    Capacity: '@PersistentVolumeSpec.capacity',
    'Access Modes': '@PersistentVolumeSpec.accessModes',
    'Reclaim Policy': '@PersistentVolumeSpec.persistentVolumeReclaimPolicy',
    Status: '@PersistentVolumeStatus.phase',
    Claim: '@PersistentVolumeSpec.claimRef',
    StorageClass: 'StorageClass of the pv',
    VolumeAttributesClass: '@PersistentVolumeSpec.volumeAttributesClassName',
    Reason: '@PersistentVolumeStatus.reason',
    VolumeMode: '@PersistentVolumeSpec.volumeMode',
  },
  ResourceQuota: {
    Request: 'Request represents a minimum amount of cpu/memory that a container may consume.',
    Limit:
      'Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node.',
  },
  Deployment: {
    Ready: 'Number of the pod with ready state',
    'Up-to-date': '@DeploymentStatus.updatedReplicas',
    Available: '@DeploymentStatus.availableReplicas',
    Selector: '@DeploymentSpec.selector',
  },
  ReplicaSet: {
    Desired: '@ReplicaSetSpec.replicas',
    Current: '@ReplicaSetStatus.replicas',
    Ready: '@ReplicaSetStatus.readyReplicas',
    Selector: '@ReplicaSetSpec.selector',
  },
  ReplicationController: {
    Desired: '@ReplicationControllerSpec.replicas',
    Current: '@ReplicationControllerStatus.replicas',
    Ready: '@ReplicationControllerStatus.readyReplicas',
    Selector: '@ReplicationControllerSpec.selector',
  },
  StatefulSet: { Ready: 'Number of the pod with ready state' },
  DaemonSet: {
    Desired: '@DaemonSetStatus.desiredNumberScheduled',
    Current: '@DaemonSetStatus.currentNumberScheduled',
    Ready: '@DaemonSetStatus.numberReady',
    'Up-to-date': '@DaemonSetStatus.updatedNumberScheduled',
    Available: '@DaemonSetStatus.numberAvailable',
    'Node Selector': '@PodSpec.nodeSelector',
    Selector: '@DaemonSetSpec.selector',
  },
  ControllerRevision: {
    Controller: 'Controller of the object',
    Revision: '@ControllerRevision.revision',
  },
  Job: {
    Status: 'Status of the job.',
    Completions: '@JobStatus.succeeded',
    Duration: 'Time required to complete the job.',
    Selector: '@JobSpec.selector',
  },
  CronJob: {
    Schedule: '@CronJobSpec.schedule',
    Timezone: '@CronJobSpec.timeZone',
    Suspend: '@CronJobSpec.suspend',
    Active: '@CronJobStatus.active',
    'Last Schedule': '@CronJobStatus.lastScheduleTime',
    Selector: '@JobSpec.selector',
  },
  HorizontalPodAutoscaler: {
    Reference: '@HorizontalPodAutoscalerSpec.scaleTargetRef',
    Targets: '@HorizontalPodAutoscalerSpec.metrics',
    MinPods: '@HorizontalPodAutoscalerSpec.minReplicas',
    MaxPods: '@HorizontalPodAutoscalerSpec.maxReplicas',
    Replicas: '@HorizontalPodAutoscalerStatus.currentReplicas',
  },
  PodDisruptionBudget: {
    'Min Available': 'The minimum number of pods that must be available.',
    'Max Unavailable': 'The maximum number of pods that may be unavailable.',
    'Allowed Disruptions': 'Calculated number of pods that may be disrupted at this time.',
  },
  Ingress: {
    Class: 'The name of the IngressClass resource that should be used for additional configuration',
    Hosts: 'Hosts that incoming requests are matched against before the ingress rule',
    Address: 'Address is a list containing ingress points for the load-balancer',
    Ports: 'Ports of TLS configurations that open',
  },
  IngressClass: {
    Controller: 'Controller that is responsible for handling this class',
    Parameters: 'A reference to a resource with additional parameters',
  },
  NetworkPolicy: { 'Pod-Selector': '@NetworkPolicySpec.podSelector' },
  StorageClass: {
    Provisioner: '@StorageClass.provisioner',
    ReclaimPolicy: '@StorageClass.reclaimPolicy',
    VolumeBindingMode: '@StorageClass.volumeBindingMode',
    AllowVolumeExpansion: '@StorageClass.allowVolumeExpansion',
  },
  PriorityClass: {
    Value: '@PriorityClass.value',
    'Global-Default': '@PriorityClass.globalDefault',
    PreemptionPolicy: '@PriorityClass.preemptionPolicy',
  },
  RuntimeClass: { Handler: '@RuntimeClass.handler' },
  Lease: { Holder: '@LeaseSpec.holderIdentity' },
  RoleBinding: bindingColumns('RoleBinding', 'roleBinding'),
  ClusterRoleBinding: bindingColumns('ClusterRoleBinding', 'clusterRoleBinding'),
  FlowSchema: {
    PriorityLevel: '@FlowSchemaSpec.priorityLevelConfiguration',
    MatchingPrecedence: '@FlowSchemaSpec.matchingPrecedence',
    DistinguisherMethod: '@FlowSchemaSpec.distinguisherMethod',
  },
};

const texts = descriptions as Descriptions;
const names = Object.keys(texts);
const found = new Map<string, string>();

/** What a column is for, in upstream's words; `''` where nobody says. */
export function describeColumn(kind: string, column: string): string {
  const own = Object.hasOwn(byKind, kind) ? byKind[kind] : undefined;
  const text = own?.[column] ?? (Object.hasOwn(everywhere, column) ? everywhere[column]! : '');
  if (!text.startsWith('@')) return text;
  let description = found.get(text);
  if (description === undefined) {
    const at = text.lastIndexOf('.');
    const name = names.find((one) => one.endsWith(`.${text.slice(1, at)}`));
    description = (name === undefined ? undefined : texts[name]?.[text.slice(at + 1)]) ?? '';
    found.set(text, description);
  }
  return description;
}
