// Upstream: pkg/kubelet/kubelet_pods.go makeEnvironmentVariables, pkg/fieldpath, pkg/api/v1/resource/helpers.go
import type { Container, Pod } from '#generated/types/core.v1.ts';
import { remembered } from '#kubernetes/api/sharing.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { Image } from '#world/machine/image.ts';
import type { KubeletParts } from './kubeletParts.ts';

/** What the environment of a container is made from, beside its pod and its image. */
export interface EnvironmentSources {
  readonly client: Client;
  readonly nodeName: string;
  readonly hostIp: string;
  /** What a container without a limit may use, as quantities: the node's allocatable. */
  readonly allocatable: Readonly<Record<string, string>>;
  /** The variables that tell of the namespace's services; one shared object until a service changes. */
  serviceVariables(namespace: string): ReadonlyMap<string, string>;
  /** Null until the second load: pods with variables of their own come later. */
  readonly parts: KubeletParts | null;
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
  return { services, own: sources.parts?.ownVariables(pod, container, podIp, sources, services) ?? null };
}

/** The whole environment of a container. */
export function environmentOf(
  pod: Pod,
  container: Container,
  image: Image,
  { services, own }: FixedVariables,
  sources: EnvironmentSources,
  /** What tells of the container's devices. */
  devices: ReadonlyMap<string, string> | undefined,
): ReadonlyMap<string, string> {
  return new Map([
    ['PATH', path],
    ['HOSTNAME', hostnameOf(pod, sources.nodeName)],
    ...Object.entries(image.environment),
    ...(devices ?? []),
    ...services,
    ...(own ?? sources.parts?.ownVariables(pod, container, '', sources, services) ?? []),
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
