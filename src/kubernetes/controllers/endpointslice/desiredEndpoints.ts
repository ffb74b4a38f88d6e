// Upstream: staging/src/k8s.io/endpointslice/{utils,reconciler}.go
import type { Node, Pod, Service } from '#generated/types/core.v1.ts';
import type { Endpoint, EndpointPort } from '#generated/types/discovery.v1.ts';
import { isPodReady } from '#kubernetes/api/podStatus.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import { hasSamePorts, hostnameOf, targetPortOf, targetRefOf } from '../serviceEndpoints.ts';

const zoneLabel = 'topology.kubernetes.io/zone';

/** Endpoints that share their ports, and so may share slices. */
export interface PortGroup {
  readonly ports: readonly EndpointPort[];
  readonly endpoints: Endpoint[];
}

/** The endpoints of a Service by the ports they serve: a named port may be another number in another pod. */
export function desiredGroups(
  service: Service,
  pods: readonly Pod[],
  nodes: Informer<Node>,
): Map<string, PortGroup> {
  const groups = new Map<string, PortGroup>();
  const isSame = hasSamePorts(service);
  let group: PortGroup | undefined;
  for (const pod of pods) {
    if (group === undefined || !isSame) group = groupFor(groups, portsOf(service, pod));
    group.endpoints.push(endpointOf(service, pod, nodes.get(pod.spec.nodeName ?? '')));
  }
  return groups;
}

function groupFor(groups: Map<string, PortGroup>, ports: readonly EndpointPort[]): PortGroup {
  const key = portsKey(ports);
  let group = groups.get(key);
  if (group === undefined) {
    group = { ports, endpoints: [] };
    groups.set(key, group);
  }
  return group;
}

export function portsKey(ports: readonly EndpointPort[] | undefined): string {
  return (ports ?? [])
    .map(({ name = '', port, protocol = 'TCP', appProtocol = '' }) =>
      [name, port ?? '', protocol, appProtocol].join('|'),
    )
    .sort()
    .join(',');
}

function portsOf(service: Service, pod: Pod): EndpointPort[] {
  return (service.spec.ports ?? []).flatMap((servicePort) => {
    const port = targetPortOf(pod, servicePort);
    if (port === undefined) return [];
    const { name = '', protocol = 'TCP', appProtocol } = servicePort;
    return [{ name, port, protocol, ...(appProtocol !== undefined && { appProtocol }) }];
  });
}

interface Known {
  readonly service: Service;
  readonly node: Node | undefined;
  readonly endpoint: Endpoint;
}

/** One endpoint is the same object as long as all that it tells of is: most of them between two syncs. */
const known = new WeakMap<Pod, Known>();

function endpointOf(service: Service, pod: Pod, node: Node | undefined): Endpoint {
  const before = known.get(pod);
  if (before?.service === service && before.node === node) return before.endpoint;
  const endpoint = newEndpoint(service, pod, node);
  known.set(pod, { service, node, endpoint });
  return endpoint;
}

function newEndpoint(service: Service, pod: Pod, node: Node | undefined): Endpoint {
  const serving = isPodReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const ready = service.spec.publishNotReadyAddresses === true || (serving && !terminating);
  const { nodeName } = pod.spec;
  const hostname = hostnameOf(pod, service);
  const zone = node?.metadata.labels?.[zoneLabel];
  const hints = hintsOf(service, nodeName, zone);
  return {
    addresses: [pod.status.podIP!],
    conditions: { ready, serving, terminating },
    ...(hostname !== undefined && { hostname }),
    ...(nodeName !== undefined && { nodeName }),
    targetRef: targetRefOf(pod),
    ...(zone !== undefined && { zone }),
    ...(ready && hints && { hints }),
  };
}

/** Where an endpoint should be used from, as `trafficDistribution` asks. */
function hintsOf(
  service: Service,
  nodeName: string | undefined,
  zone: string | undefined,
): Endpoint['hints'] {
  const wish = service.spec.trafficDistribution;
  const sameNode = wish === 'PreferSameNode';
  if (!sameNode && wish !== 'PreferClose' && wish !== 'PreferSameZone') return undefined;
  if (zone === undefined && !(sameNode && nodeName)) return undefined;
  return {
    ...(sameNode && nodeName && { forNodes: [{ name: nodeName }] }),
    ...(zone !== undefined && { forZones: [{ name: zone }] }),
  };
}
