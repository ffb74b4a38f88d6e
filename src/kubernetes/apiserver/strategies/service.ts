// Upstream: pkg/registry/core/service/{ipallocator,portallocator,storage}
import type { Service, ServicePort } from '#generated/types/core.v1.ts';
import { invalidValue } from '#kubernetes/apimachinery/fieldErrors.ts';
import { invalid, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { ServerContext, Strategy } from '../context.ts';

/** kubeadm's service CIDR, 10.96.0.0/12: the second and third octets vary over 16 × 256 values. */
const serviceAddressCount = 1 << 20;
/** Upstream: pkg/kubeapiserver/options DefaultServiceNodePortRange. */
const nodePortBase = 30_000;
const nodePortCount = 2_768;

/** The nth address of the service CIDR. */
function serviceAddress(index: number): string {
  return `10.${96 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
}

/** Whether the service CIDR has the address for services: its first and its last are nobody's. */
function isServiceAddress(text: string): boolean {
  const parts = text.split('.').map(Number);
  if (parts.length !== 4 || parts[0] !== 10 || (parts[1]! & 0xf0) !== 96) return false;
  return text !== serviceAddress(0) && text !== serviceAddress(serviceAddressCount - 1);
}

export const serviceStrategy: Strategy = {
  plural: 'services',
  group: '',
  beforeCreate: (object, context) => allocate(object as Service, undefined, context),
  beforeUpdate: (object, old, context) => allocate(object as Service, old as Service, context),
};

/** Gives a Service its cluster address and node ports, and keeps those it had. */
function allocate(service: Service, old: Service | undefined, context: ServerContext): Service {
  const { spec } = service;
  if (spec.type === 'ExternalName') return old === undefined ? service : withoutNodePorts(service);
  checkConfigured(service, old);
  // Addresses without the first of them are for validation to refuse.
  if (!old && !spec.clusterIP && spec.clusterIPs?.length) return service;
  const others = servicesBut(service, context);
  const clusterIP = spec.clusterIP || old?.spec.clusterIP || freeAddress(others, context);
  if (spec.clusterIP && spec.clusterIP !== 'None' && !old) checkAddress(service, others);
  const needsPorts = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  // A node port that a new ClusterIP service asks for stays, and is refused; one of its former type goes.
  const kept = old === undefined ? spec.ports : spec.ports?.map(withoutNodePort);
  const ports = needsPorts ? allocatePorts(service, old, others, context) : kept;
  return {
    ...service,
    spec: {
      ...spec,
      clusterIP,
      clusterIPs: !old && spec.clusterIPs?.length ? spec.clusterIPs : [clusterIP],
      ipFamilies: spec.ipFamilies ?? ['IPv4'],
      ipFamilyPolicy: spec.ipFamilyPolicy ?? 'SingleStack',
      ...(ports && { ports }),
      ...healthCheckPort(service, old, ports ?? [], others, context),
    },
  };
}

/** Throws Invalid for a new Service that asks for what this cluster has not: it has IPv4 only. */
function checkConfigured(service: Service, old: Service | undefined): void {
  const { ipFamilies = [], ipFamilyPolicy } = service.spec;
  if (old) return;
  const errors = ipFamilies.flatMap((family, index) =>
    family === 'IPv6'
      ? [invalidValue(`spec.ipFamilies[${index}]`, family, 'not configured on this cluster')]
      : [],
  );
  if (ipFamilyPolicy === 'RequireDualStack') {
    const why = 'this cluster is not configured for dual-stack services';
    errors.unshift(invalidValue('spec.ipFamilyPolicy', ipFamilyPolicy, why));
  }
  if (errors.length > 0) throw invalid('', 'Service', service.metadata.name, errors);
}

function servicesBut(service: Service, context: ServerContext): Service[] {
  const services = context.kinds.findResource('', 'v1', 'services')!;
  const all = context.storage.list(services, '').items as Service[];
  return all.filter((other) => other.metadata.uid !== service.metadata.uid);
}

function freeAddress(others: readonly Service[], { simulation }: ServerContext): string {
  const taken = new Set(others.map((other) => other.spec.clusterIP));
  const random = simulation.random('service-addresses');
  for (let attempt = 0; attempt < 10_000; attempt++) {
    const address = serviceAddress(1 + random.below(serviceAddressCount - 2));
    if (!taken.has(address)) return address;
  }
  throw allocationFailed('a serviceIP');
}

function checkAddress(service: Service, others: readonly Service[]): void {
  const address = service.spec.clusterIP!;
  const why = !isServiceAddress(address)
    ? 'the provided network does not match the current range'
    : others.some((other) => other.spec.clusterIP === address)
      ? 'provided IP is already allocated'
      : null;
  if (why === null) return;
  const value = service.spec.clusterIPs ?? [address];
  throw allocationInvalid(service, 'spec.clusterIPs', value, `failed to allocate IP ${address}: ${why}`);
}

function nodePortsOf({ spec }: Service): number[] {
  return [...(spec.ports ?? []).map(nodePortOf), spec.healthCheckNodePort ?? 0];
}

/** The port at which a load balancer asks a node whether it has endpoints of its own. */
function healthCheckPort(
  service: Service,
  old: Service | undefined,
  ports: readonly ServicePort[],
  others: readonly Service[],
  { simulation }: ServerContext,
): { readonly healthCheckNodePort?: number } {
  const { type, externalTrafficPolicy, healthCheckNodePort } = service.spec;
  if (type !== 'LoadBalancer' || externalTrafficPolicy !== 'Local' || healthCheckNodePort) return {};
  const kept = old?.spec.healthCheckNodePort;
  if (kept) return { healthCheckNodePort: kept };
  const taken = new Set([...others.flatMap(nodePortsOf), ...ports.map(nodePortOf)]);
  const start = simulation.random('node-ports').below(nodePortCount);
  return { healthCheckNodePort: freePort(taken, start, 'a HealthCheck NodePort 0') };
}

/**
 * Node ports for those ports that have none and want one. Ports of one number share a node port, whatever their
 * protocols; an update keeps the node port of a port of the same name.
 */
function allocatePorts(
  service: Service,
  old: Service | undefined,
  others: readonly Service[],
  context: ServerContext,
): ServicePort[] {
  const random = context.simulation.random('node-ports');
  const wantsAny = service.spec.type === 'NodePort' || service.spec.allocateLoadBalancerNodePorts !== false;
  const asked = withKeptPorts(service.spec.ports ?? [], old?.spec.ports ?? []);
  const foreign = others.flatMap(nodePortsOf);
  const taken = new Set([...foreign, ...(old ? [...nodePortsOf(old), ...asked.map(nodePortOf)] : [])]);
  const byNumber = new Map<number, number>();
  return asked.map((port, i) => {
    const shared = old ? undefined : byNumber.get(port.port);
    const wanted = asked.find((other) => !old && other.port === port.port && other.nodePort)?.nodePort;
    const next = port.nodePort || shared || wanted;
    const nodePort = next || (wantsAny ? freePort(taken, random.below(nodePortCount), 'a nodePort') : 0);
    if (nodePort === 0) return port;
    if (next && next !== shared) checkPort(service, i, next, old ? new Set(foreign) : taken);
    taken.add(nodePort);
    byNumber.set(port.port, nodePort);
    return port.nodePort === nodePort ? port : { ...port, nodePort };
  });
}

function nodePortOf(port: ServicePort): number {
  return port.nodePort ?? 0;
}

/** An update's ports, with the node ports that ports of the same name had and that no other port asks for now. */
function withKeptPorts(ports: readonly ServicePort[], old: readonly ServicePort[]): readonly ServicePort[] {
  const asked = new Set(ports.map((port) => port.nodePort || 0));
  return ports.map((port) => {
    if (port.nodePort) return port;
    const kept = old.find((other) => (other.name ?? '') === (port.name ?? ''))?.nodePort;
    return kept && !asked.has(kept) ? { ...port, nodePort: kept } : port;
  });
}

function freePort(taken: ReadonlySet<number>, start: number, what: string): number {
  for (let i = 0; i < nodePortCount; i++) {
    const port = nodePortBase + ((start + i) % nodePortCount);
    if (!taken.has(port)) return port;
  }
  throw allocationFailed(what);
}

function checkPort(service: Service, index: number, port: number, taken: ReadonlySet<number>): void {
  const field = `spec.ports[${index}].nodePort`;
  if (port < nodePortBase || port >= nodePortBase + nodePortCount) {
    const range = `${nodePortBase}-${nodePortBase + nodePortCount - 1}`;
    throw allocationInvalid(
      service,
      field,
      port,
      `provided port is not in the valid range. The range of valid ports is ${range}`,
    );
  }
  if (taken.has(port)) throw allocationInvalid(service, field, port, 'provided port is already allocated');
}

function withoutNodePorts(service: Service): Service {
  const { ports } = service.spec;
  if (!ports?.some(({ nodePort }) => nodePort !== undefined)) return service;
  return { ...service, spec: { ...service.spec, ports: ports.map(withoutNodePort) } };
}

function withoutNodePort(port: ServicePort): ServicePort {
  if (port.nodePort === undefined) return port;
  const { nodePort: _, ...rest } = port;
  return rest;
}

function allocationInvalid(service: KubeObject, field: string, value: unknown, why: string): StatusError {
  return invalid('', 'Service', service.metadata.name, [invalidValue(field, value, why)]);
}

function allocationFailed(what: string): StatusError {
  return new StatusError(
    'InternalError',
    `Internal error occurred: failed to allocate ${what}: range is full`,
  );
}
