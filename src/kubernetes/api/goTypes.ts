import { type Definition, type FieldType, shortName } from './definitions.ts';

/** Fields whose Go type is a string with a name of its own. Others are plain strings in Go's sentences. */
const named: Readonly<Record<string, string>> = {
  'Container.imagePullPolicy': 'v1.PullPolicy',
  'Container.terminationMessagePolicy': 'v1.TerminationMessagePolicy',
  'ContainerPort.protocol': 'v1.Protocol',
  'DaemonSetUpdateStrategy.type': 'v1.DaemonSetUpdateStrategyType',
  'DeploymentStrategy.type': 'v1.DeploymentStrategyType',
  'HTTPGetAction.scheme': 'v1.URIScheme',
  'HTTPIngressPath.pathType': 'v1.PathType',
  'JobSpec.completionMode': 'v1.CompletionMode',
  'JobSpec.podReplacementPolicy': 'v1.PodReplacementPolicy',
  'LabelSelectorRequirement.operator': 'v1.LabelSelectorOperator',
  'MetricSpec.type': 'v2.MetricSourceType',
  'MetricTarget.type': 'v2.MetricTargetType',
  'NodeSelectorRequirement.operator': 'v1.NodeSelectorOperator',
  'ObjectMeta.uid': 'types.UID',
  'OwnerReference.uid': 'types.UID',
  'PodSpec.dnsPolicy': 'v1.DNSPolicy',
  'PodSpec.preemptionPolicy': 'v1.PreemptionPolicy',
  'PodSpec.restartPolicy': 'v1.RestartPolicy',
  'PodStatus.phase': 'v1.PodPhase',
  'ResourceMetricSource.name': 'v1.ResourceName',
  'Secret.type': 'v1.SecretType',
  'ServicePort.protocol': 'v1.Protocol',
  'ServiceSpec.externalTrafficPolicy': 'v1.ServiceExternalTrafficPolicy',
  'ServiceSpec.internalTrafficPolicy': 'v1.ServiceInternalTrafficPolicy',
  'ServiceSpec.sessionAffinity': 'v1.ServiceAffinity',
  'ServiceSpec.type': 'v1.ServiceType',
  'Taint.effect': 'v1.TaintEffect',
  'Toleration.effect': 'v1.TaintEffect',
  'Toleration.operator': 'v1.TolerationOperator',
};

const scalars: Readonly<Partial<Record<FieldType['is'], string>>> = {
  double: 'float64',
  boolean: 'bool',
  bytes: '[]uint8',
  time: 'v1.Time',
  microTime: 'v1.MicroTime',
  quantity: 'resource.Quantity',
  intOrString: 'intstr.IntOrString',
  enum: 'string',
  anything: 'interface {}',
};

/** `v1.PodSpec`, from `io.k8s.api.core.v1.PodSpec`. */
function structType(name: string): string {
  const version = name.split('.').at(-2)!;
  return `${version}.${shortName(name)}`;
}

/** The Go type that upstream has for a type, as a sentence of encoding/json names it. */
export function goTypeOf(type: FieldType, owner?: Definition, field?: string): string {
  if (type.is === 'list') return `[]${goTypeOf(type.of)}`;
  if (type.is === 'map')
    return type.of.is === 'quantity' ? 'v1.ResourceList' : `map[string]${goTypeOf(type.of)}`;
  if (type.is === 'object') return structType(type.name);
  const own = owner && field && named[`${shortName(owner.name)}.${field}`];
  return own || (scalars[type.is] ?? type.is);
}
