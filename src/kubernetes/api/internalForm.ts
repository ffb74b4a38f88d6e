// Upstream: pkg/apis/{core,apps,batch,policy,networking,storage}/types.go, whose fields have no names in JSON
import { invalidValue } from '#kubernetes/apimachinery/fieldErrors.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { definition, type FieldType } from './definitions.ts';

/**
 * By definition, the fields of upstream's own type in their order. A field with `?` is a pointer there: null where it is
 * absent; others are then the zero of their type. `=b` is a boolean that the served type has elsewhere.
 */
export const orders: Readonly<Record<string, string>> = {
  'core.v1.Affinity': 'NodeAffinity? PodAffinity? PodAntiAffinity?',
  'core.v1.AppArmorProfile': 'Type LocalhostProfile?',
  'core.v1.Capabilities': 'Add Drop',
  'core.v1.ConfigMapEnvSource': 'Name Optional?',
  'core.v1.ConfigMapKeySelector': 'Name Key Optional?',
  'core.v1.ConfigMapProjection': 'Name Items Optional?',
  'core.v1.ConfigMapVolumeSource': 'Name Items DefaultMode? Optional?',
  'core.v1.Container':
    'Name Image Command Args WorkingDir Ports EnvFrom Env Resources ResizePolicy RestartPolicy? RestartPolicyRules VolumeMounts VolumeDevices LivenessProbe? ReadinessProbe? StartupProbe? Lifecycle? TerminationMessagePath TerminationMessagePolicy ImagePullPolicy SecurityContext? Stdin StdinOnce TTY',
  'core.v1.ContainerPort': 'Name HostPort ContainerPort Protocol HostIP',
  'core.v1.ContainerResizePolicy': 'ResourceName RestartPolicy',
  'core.v1.CSIVolumeSource': 'Driver ReadOnly? FSType? VolumeAttributes NodePublishSecretRef?',
  'core.v1.DownwardAPIProjection': 'Items',
  'core.v1.DownwardAPIVolumeFile': 'Path FieldRef? ResourceFieldRef? Mode?',
  'core.v1.DownwardAPIVolumeSource': 'Items DefaultMode?',
  'core.v1.EmptyDirVolumeSource': 'Medium SizeLimit?',
  'core.v1.EnvFromSource': 'Prefix ConfigMapRef? SecretRef?',
  'core.v1.EnvVar': 'Name Value ValueFrom?',
  'core.v1.EnvVarSource': 'FieldRef? ResourceFieldRef? ConfigMapKeyRef? SecretKeyRef? FileKeyRef?',
  'core.v1.EphemeralContainer':
    'Name Image Command Args WorkingDir Ports EnvFrom Env Resources ResizePolicy RestartPolicy? RestartPolicyRules VolumeMounts VolumeDevices LivenessProbe? ReadinessProbe? StartupProbe? Lifecycle? TerminationMessagePath TerminationMessagePolicy ImagePullPolicy SecurityContext? Stdin StdinOnce TTY TargetContainerName',
  'core.v1.ExecAction': 'Command',
  'core.v1.GRPCAction': 'Port Service?',
  'core.v1.HostAlias': 'IP Hostnames',
  'core.v1.HostPathVolumeSource': 'Path Type?',
  'core.v1.HTTPGetAction': 'Path Port Host Scheme HTTPHeaders',
  'core.v1.HTTPHeader': 'Name Value',
  'core.v1.ImageVolumeSource': 'Reference PullPolicy',
  'core.v1.KeyToPath': 'Key Path Mode?',
  'core.v1.Lifecycle': 'PostStart? PreStop? StopSignal?',
  'core.v1.LifecycleHandler': 'Exec? HTTPGet? TCPSocket? Sleep?',
  'core.v1.LocalObjectReference': 'Name',
  'core.v1.NFSVolumeSource': 'Server Path ReadOnly',
  'core.v1.NodeAffinity':
    'RequiredDuringSchedulingIgnoredDuringExecution? PreferredDuringSchedulingIgnoredDuringExecution',
  'core.v1.NodeSelector': 'NodeSelectorTerms',
  'core.v1.NodeSelectorRequirement': 'Key Operator Values',
  'core.v1.NodeSelectorTerm': 'MatchExpressions MatchFields',
  'core.v1.ObjectFieldSelector': 'APIVersion FieldPath',
  'core.v1.PersistentVolumeClaimVolumeSource': 'ClaimName ReadOnly',
  'core.v1.PodAffinity':
    'RequiredDuringSchedulingIgnoredDuringExecution PreferredDuringSchedulingIgnoredDuringExecution',
  'core.v1.PodAffinityTerm':
    'LabelSelector? Namespaces TopologyKey NamespaceSelector? MatchLabelKeys MismatchLabelKeys',
  'core.v1.PodAntiAffinity':
    'RequiredDuringSchedulingIgnoredDuringExecution PreferredDuringSchedulingIgnoredDuringExecution',
  'core.v1.PodDNSConfig': 'Nameservers Searches Options',
  'core.v1.PodDNSConfigOption': 'Name Value?',
  'core.v1.PodOS': 'Name',
  'core.v1.PodReadinessGate': 'ConditionType',
  'core.v1.PodResourceClaim': 'Name ResourceClaimName? ResourceClaimTemplateName?',
  'core.v1.PodSchedulingGate': 'Name',
  'core.v1.PodSecurityContext':
    'HostNetwork=b HostPID=b HostIPC=b ShareProcessNamespace? HostUsers? SELinuxOptions? WindowsOptions? RunAsUser? RunAsGroup? RunAsNonRoot? SupplementalGroups SupplementalGroupsPolicy? FSGroup? FSGroupChangePolicy? Sysctls SeccompProfile? AppArmorProfile? SELinuxChangePolicy?',
  'core.v1.PodSpec':
    'Volumes InitContainers Containers EphemeralContainers RestartPolicy TerminationGracePeriodSeconds? ActiveDeadlineSeconds? DNSPolicy NodeSelector ServiceAccountName AutomountServiceAccountToken? NodeName SecurityContext? ImagePullSecrets Hostname Subdomain SetHostnameAsFQDN? Affinity? SchedulerName Tolerations HostAliases PriorityClassName Priority? PreemptionPolicy? DNSConfig? ReadinessGates RuntimeClassName? Overhead EnableServiceLinks? TopologySpreadConstraints OS? SchedulingGates ResourceClaims Resources? HostnameOverride? SchedulingGroup?',
  'core.v1.PreferredSchedulingTerm': 'Weight Preference',
  'core.v1.Probe':
    'Exec? HTTPGet? TCPSocket? GRPC? InitialDelaySeconds TimeoutSeconds PeriodSeconds SuccessThreshold FailureThreshold TerminationGracePeriodSeconds?',
  'core.v1.ProjectedVolumeSource': 'Sources DefaultMode?',
  'core.v1.ResourceClaim': 'Name Request',
  'core.v1.ResourceFieldSelector': 'ContainerName Resource Divisor',
  'core.v1.ResourceRequirements': 'Limits Requests Claims',
  'core.v1.SeccompProfile': 'Type LocalhostProfile?',
  'core.v1.SecretEnvSource': 'Name Optional?',
  'core.v1.SecretKeySelector': 'Name Key Optional?',
  'core.v1.SecretProjection': 'Name Items Optional?',
  'core.v1.SecretVolumeSource': 'SecretName Items DefaultMode? Optional?',
  'core.v1.SecurityContext':
    'Capabilities? Privileged? SELinuxOptions? WindowsOptions? RunAsUser? RunAsGroup? RunAsNonRoot? ReadOnlyRootFilesystem? AllowPrivilegeEscalation? ProcMount? SeccompProfile? AppArmorProfile?',
  'core.v1.SELinuxOptions': 'User Role Type Level',
  'core.v1.ServiceAccountTokenProjection': 'Audience ExpirationSeconds Path',
  'core.v1.SleepAction': 'Seconds',
  'core.v1.Sysctl': 'Name Value',
  'core.v1.TCPSocketAction': 'Port Host',
  'core.v1.Toleration': 'Key Operator Value Effect TolerationSeconds?',
  'core.v1.TopologySpreadConstraint':
    'MaxSkew TopologyKey WhenUnsatisfiable LabelSelector? MinDomains? NodeAffinityPolicy? NodeTaintsPolicy? MatchLabelKeys',
  'core.v1.Volume':
    'Name HostPath? EmptyDir? GCEPersistentDisk? AWSElasticBlockStore? GitRepo? Secret? NFS? ISCSI? Glusterfs? PersistentVolumeClaim? RBD? Quobyte? FlexVolume? Cinder? CephFS? Flocker? DownwardAPI? FC? AzureFile? ConfigMap? VsphereVolume? AzureDisk? PhotonPersistentDisk? Projected? PortworxVolume? ScaleIO? StorageOS? CSI? Ephemeral? Image?',
  'core.v1.VolumeDevice': 'Name DevicePath',
  'core.v1.VolumeMount': 'Name ReadOnly RecursiveReadOnly? MountPath SubPath MountPropagation? SubPathExpr',
  'core.v1.VolumeProjection':
    'Secret? DownwardAPI? ConfigMap? ServiceAccountToken? ClusterTrustBundle? PodCertificate?',
  'core.v1.WeightedPodAffinityTerm': 'Weight PodAffinityTerm',

  'apps.v1.DaemonSetUpdateStrategy': 'Type RollingUpdate?',
  'apps.v1.DeploymentStrategy': 'Type RollingUpdate?',
  'apps.v1.RollingUpdateDaemonSet': 'MaxUnavailable MaxSurge',
  'apps.v1.RollingUpdateDeployment': 'MaxUnavailable MaxSurge',
  'apps.v1.RollingUpdateStatefulSetStrategy': 'Partition MaxUnavailable?',
  'apps.v1.StatefulSetUpdateStrategy': 'Type RollingUpdate?',
  'batch.v1.PodFailurePolicy': 'Rules',
  'batch.v1.PodFailurePolicyOnExitCodesRequirement': 'ContainerName? Operator Values',
  'batch.v1.PodFailurePolicyOnPodConditionsPattern': 'Type Status',
  'batch.v1.PodFailurePolicyRule': 'Action OnExitCodes? OnPodConditions',
  'batch.v1.SuccessPolicy': 'Rules',
  'batch.v1.SuccessPolicyRule': 'SucceededIndexes? SucceededCount?',
  'networking.v1.ParentReference': 'Group Resource Namespace Name',
  'networking.v1.ServiceCIDRSpec': 'CIDRs',
  'policy.v1.PodDisruptionBudgetSpec': 'MinAvailable? Selector? MaxUnavailable? UnhealthyPodEvictionPolicy?',
  'storage.v1.VolumeAttachmentSource': 'PersistentVolumeName? InlineVolumeSpec?',
  'storage.v1.VolumeAttachmentSpec': 'Attacher Source NodeName',
};

type Fields = Readonly<Record<string, unknown>>;

/**
 * A value of the definition (`core.v1.PodSpec`) as upstream's sentences show it: they are of its own types, not of
 * those that it serves.
 */
export function internalForm(name: string, value: object | undefined): unknown {
  return value === undefined ? null : structOf(`io.k8s.api.${name}`, value as Fields);
}

/** As `validateImmutable`, for an object of that definition. */
export function validateImmutableAs(
  name: string,
  field: string,
  next: object | undefined,
  old: object | undefined,
): FieldError[] {
  return deepEqual(next, old) ? [] : [invalidValue(field, internalForm(name, next), 'field is immutable')];
}

/** A pod's template in that form: its metadata are of the type that is served. */
export function internalTemplate(template: object): unknown {
  const { metadata = {}, spec = {} } = template as { metadata?: Fields; spec?: Fields };
  return { ...served(metadata, metadataOrder), Spec: internalForm('core.v1.PodSpec', spec) };
}

/** What is kept in a pod's security context there. */
const hostFields = ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace', 'hostUsers'];

function structOf(name: string, value: Fields): unknown {
  const order = orders[name.replace('io.k8s.api.', '')];
  if (name.endsWith('.LabelSelector')) return served(value, ['matchLabels', 'matchExpressions']);
  // What else has no order here is as good as never shown.
  if (order === undefined) return sorted(value);
  const known = definition(name).fields;
  const byLower = new Map([...known.keys()].map((field) => [field.toLowerCase(), field]));
  const result: Record<string, unknown> = {};
  for (const word of order.split(' ')) {
    const isPointer = word.endsWith('?');
    const [own = ''] = word.replace('?', '').split('=');
    const field = byLower.get(own.toLowerCase()) ?? own[0]!.toLowerCase() + own.slice(1);
    const type: FieldType = known.get(field)?.type ?? { is: 'boolean' };
    const held = own === 'SecurityContext' && name.endsWith('.PodSpec') ? podSecurity(value) : value[field];
    result[own] = held === undefined && isPointer ? null : shown(type, held);
  }
  return result;
}

function podSecurity(spec: Fields): Fields {
  const host = Object.fromEntries(
    hostFields.filter((field) => spec[field] !== undefined).map((field) => [field, spec[field]]),
  );
  return { ...(spec['securityContext'] as Fields | undefined), ...host };
}

const zeros: Readonly<Partial<Record<FieldType['is'], unknown>>> = {
  string: '',
  enum: '',
  int32: 0,
  int64: 0,
  double: 0,
  boolean: false,
  quantity: '0',
  intOrString: 0,
};

function shown(type: FieldType, value: unknown): unknown {
  switch (type.is) {
    case 'list':
      return Array.isArray(value) ? value.map((entry) => shown(type.of, entry)) : null;
    case 'map':
      return value === undefined ? null : sorted(value as Fields);
    case 'object':
      return structOf(type.name, (value ?? {}) as Fields);
    default:
      return value ?? zeros[type.is] ?? null;
  }
}

const metadataOrder = ['name', 'generateName', 'namespace', 'labels', 'annotations', 'finalizers'];

/** A value of a type that is served, whose fields stand in this order. */
function served(value: Fields, order: readonly string[]): Fields {
  return Object.fromEntries(
    order
      .filter((field) => value[field] !== undefined)
      .map((field) => {
        const held = value[field];
        return [field, Array.isArray(held) || typeof held !== 'object' ? held : sorted(held as Fields)];
      }),
  );
}

/** As Go prints maps: by key. */
function sorted(value: Fields): Fields {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
