// Upstream: pkg/kubelet/kubelet_pods.go makeEnvironmentVariables, pkg/fieldpath, pkg/api/v1/resource/helpers.go
import type {
  Container,
  DownwardAPIVolumeFile,
  EnvVar,
  ObjectFieldSelector,
  Pod,
  ResourceFieldSelector,
} from '#generated/types/core.v1.ts';
import { parseQuantity } from '#kubernetes/apimachinery/quantity.ts';
import { expand } from './commandLine.ts';
import { configMapData, secretData } from './configData.ts';
import type { EnvironmentSources } from './environment.ts';
import { ContainerConfigError } from './startErrors.ts';

/** What the spec itself sets: `envFrom` first, then `env`, whose values may refer to what came before. */
export function ownVariables(
  pod: Pod,
  container: Container,
  podIp: string,
  sources: EnvironmentSources,
  services: ReadonlyMap<string, string>,
): Map<string, string> {
  const namespace = pod.metadata.namespace ?? '';
  const variables = new Map<string, string>();
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const data = configMapRef
      ? configMapData(sources.client, namespace, configMapRef.name ?? '', configMapRef.optional)
      : secretData(sources.client, namespace, secretRef?.name ?? '', secretRef?.optional);
    for (const [key, value] of Object.entries(data ?? {})) variables.set(prefix + key, value);
  }
  const valueOf = (name: string) => variables.get(name) ?? services.get(name);
  for (const variable of container.env ?? []) {
    const value = variable.valueFrom
      ? referredValue(pod, container, variable, podIp, sources)
      : expand(variable.value ?? '', valueOf);
    if (value !== undefined) variables.set(variable.name, value);
  }
  return variables;
}

function referredValue(
  pod: Pod,
  container: Container,
  { valueFrom }: EnvVar,
  podIp: string,
  sources: EnvironmentSources,
): string | undefined {
  const namespace = pod.metadata.namespace ?? '';
  const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef } = valueFrom!;
  if (fieldRef) return fieldValue(pod, fieldRef, podIp, sources);
  if (resourceFieldRef) return resourceValue(pod, container, resourceFieldRef, sources.allocatable);
  if (configMapKeyRef) {
    const { name = '', key, optional } = configMapKeyRef;
    const data = configMapData(sources.client, namespace, name, optional);
    return keyOf(data, key, optional, `ConfigMap ${namespace}/${name}`);
  }
  if (secretKeyRef) {
    const { name = '', key, optional } = secretKeyRef;
    const data = secretData(sources.client, namespace, name, optional);
    return keyOf(data, key, optional, `Secret ${namespace}/${name}`);
  }
  return undefined;
}

function keyOf(
  data: Readonly<Record<string, string>> | undefined,
  key: string,
  optional: boolean | undefined,
  where: string,
): string | undefined {
  const value = data?.[key];
  if (value === undefined && !optional) {
    throw new ContainerConfigError('CreateContainerConfigError', `couldn't find key ${key} in ${where}`);
  }
  return value;
}

/** A field of the pod, as `fieldRef` names it. */
function fieldValue(
  pod: Pod,
  { fieldPath }: ObjectFieldSelector,
  podIp: string,
  { nodeName, hostIp }: { readonly nodeName: string; readonly hostIp: string },
): string {
  const { metadata, spec } = pod;
  const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(fieldPath);
  if (subscript) return metadata[subscript[1] as 'labels' | 'annotations']?.[subscript[2]!] ?? '';
  switch (fieldPath) {
    case 'metadata.name':
      return metadata.name;
    case 'metadata.namespace':
      return metadata.namespace ?? '';
    case 'metadata.uid':
      return metadata.uid;
    case 'metadata.labels':
      return formatMap(metadata.labels);
    case 'metadata.annotations':
      return formatMap(metadata.annotations);
    case 'spec.nodeName':
      return nodeName;
    case 'spec.serviceAccountName':
      return spec.serviceAccountName ?? '';
    case 'status.hostIP':
    case 'status.hostIPs':
      return hostIp;
    case 'status.podIP':
    case 'status.podIPs':
      return podIp;
    default:
      throw new ContainerConfigError('CreateContainerConfigError', `unsupported fieldPath: ${fieldPath}`);
  }
}

/** One `key="value"` per line, sorted: how labels look in a downward API file. */
function formatMap(map: Readonly<Record<string, string>> = {}): string {
  const keys = Object.keys(map).sort();
  return keys.map((key) => `${key}=${JSON.stringify(map[key])}`).join('\n');
}

/** A request or limit, in units of the divisor, rounded up. */
function resourceValue(
  pod: Pod,
  container: Container,
  { resource, containerName, divisor = '1' }: ResourceFieldSelector,
  allocatable: Readonly<Record<string, string>>,
): string {
  const of = containerName ? pod.spec.containers.find(({ name }) => name === containerName) : container;
  const [kind, name = ''] = resource.split(/\.(.*)/s);
  const { requests, limits } = of?.resources ?? {};
  const value = kind === 'limits' ? (limits?.[name] ?? allocatable[name]) : requests?.[name];
  const unit = String(divisor) === '0' ? '1' : divisor;
  const nanos = parseQuantity(value ?? '0').nanos;
  const step = parseQuantity(unit).nanos;
  return String((nanos + step - 1n) / step);
}

/** The files of a downward API volume, by path. */
export function downwardFiles(
  pod: Pod,
  items: readonly DownwardAPIVolumeFile[],
  podIp: string,
  sources: EnvironmentSources,
): ReadonlyMap<string, string> {
  return new Map(
    items.map(({ path, fieldRef, resourceFieldRef }) => [
      path,
      fieldRef
        ? fieldValue(pod, fieldRef, podIp, sources)
        : resourceValue(pod, pod.spec.containers[0]!, resourceFieldRef!, sources.allocatable),
    ]),
  );
}
