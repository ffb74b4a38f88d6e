// Upstream: pkg/kubelet/kubelet_pods.go makeEnvironmentVariables, pkg/fieldpath, pkg/api/v1/resource/helpers.go
import type {
  Container,
  EnvVar,
  ObjectFieldSelector,
  Pod,
  ResourceFieldSelector,
} from '#generated/types/core.v1.ts';
import { configMaps } from '#kubernetes/api/core/configMap.ts';
import { secrets } from '#kubernetes/api/core/secret.ts';
import { remembered } from '#kubernetes/api/sharing.ts';
import { decodeBase64 } from '#kubernetes/api/base64.ts';
import { parseQuantity } from '#kubernetes/apimachinery/quantity.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { Image } from '#world/machine/image.ts';
import { expand } from './commandLine.ts';
import { ContainerConfigError } from './startErrors.ts';

/** What the environment of a container is made from, beside its pod and its image. */
export interface EnvironmentSources {
  readonly client: Client;
  readonly nodeName: string;
  readonly hostIp: string;
  /** What a container without a limit may use, as quantities: the node's allocatable. */
  readonly allocatable: Readonly<Record<string, string>>;
  /** The variables that tell of the namespace's services; one shared object until a service changes. */
  serviceVariables(namespace: string): ReadonlyMap<string, string>;
}

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What of a container's environment is decided when it is created. */
export interface FixedVariables {
  /** The services that there were. */
  readonly services: ReadonlyMap<string, string>;
  /** What came from configuration; null where the spec alone decides, at any time. */
  readonly own: ReadonlyMap<string, string> | null;
}

/** One object for all containers that saw the same services and take nothing from configuration. */
const withoutOwn = remembered((services: ReadonlyMap<string, string>): FixedVariables => ({
  services,
  own: null,
}));

/** Reads what a container's environment takes from elsewhere. Throws ContainerConfigError. */
export function fixVariables(
  pod: Pod,
  container: Container,
  podIp: string,
  sources: EnvironmentSources,
): FixedVariables {
  const { enableServiceLinks = true } = pod.spec;
  const services = sources.serviceVariables(enableServiceLinks ? (pod.metadata.namespace ?? '') : '');
  const takes = container.envFrom !== undefined || container.env?.some(({ valueFrom }) => valueFrom);
  if (!takes) return withoutOwn(services);
  return { services, own: ownVariables(pod, container, podIp, sources, services) };
}

/** The whole environment of a container. */
export function environmentOf(
  pod: Pod,
  container: Container,
  image: Image,
  { services, own }: FixedVariables,
  sources: EnvironmentSources,
): ReadonlyMap<string, string> {
  return new Map([
    ['PATH', path],
    ['HOSTNAME', hostnameOf(pod, sources.nodeName)],
    ...Object.entries(image.environment),
    ...services,
    ...(own ?? ownVariables(pod, container, '', sources, services)),
    ['HOME', '/root'],
  ]);
}

/** The host name that a pod's containers see. */
export function hostnameOf({ spec, metadata }: Pod, nodeName: string): string {
  if (spec.hostNetwork) return nodeName;
  const name = spec.hostname ?? metadata.name;
  return spec.setHostnameAsFQDN && spec.subdomain
    ? `${name}.${spec.subdomain}.${metadata.namespace}.svc.cluster.local`
    : name;
}

/** What the spec itself sets: `envFrom` first, then `env`, whose values may refer to what came before. */
function ownVariables(
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

/** A ConfigMap's data; undefined when it is optional and not there. */
export function configMapData(
  client: Client,
  namespace: string,
  name: string,
  optional = false,
): Readonly<Record<string, string>> | undefined {
  return found(
    () => client.get(configMaps, namespace, name).data ?? {},
    `configmap "${name}" not found`,
    optional,
  );
}

/** A Secret's data, decoded; undefined when it is optional and not there. */
export function secretData(
  client: Client,
  namespace: string,
  name: string,
  optional = false,
): Readonly<Record<string, string>> | undefined {
  const read = () => {
    const entries = Object.entries(client.get(secrets, namespace, name).data ?? {});
    return Object.fromEntries(entries.map(([key, value]) => [key, textOf(decodeBase64(value))]));
  };
  return found(read, `secret "${name}" not found`, optional);
}

/** Bytes as UTF-8 text; what is not UTF-8 is shown byte by byte. */
function textOf(bytes: Uint8Array = new Uint8Array()): string {
  let escaped = '';
  let plain = '';
  for (const byte of bytes) {
    escaped += `%${byte.toString(16).padStart(2, '0')}`;
    plain += String.fromCharCode(byte);
  }
  try {
    return decodeURIComponent(escaped);
  } catch {
    return plain;
  }
}

function found<T>(read: () => T, message: string, optional: boolean): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!isStatus(error, 'NotFound')) throw error;
    if (optional) return undefined;
    throw new ContainerConfigError('CreateContainerConfigError', message);
  }
}

/** A field of the pod, as `fieldRef` names it. */
export function fieldValue(
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
export function resourceValue(
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
