// Upstream: pkg/proxy/{serviceport,endpoints,topology}.go, pkg/proxy/iptables/proxier.go
import type { Service, ServicePort } from '#generated/types/core.v1.ts';
import type { Endpoint, EndpointSlice } from '#generated/types/discovery.v1.ts';
import { type Ipv4Range, parseIpv4Range } from '#world/network/ipv4.ts';

/** One endpoint of a service's port. */
export interface Backend {
  readonly address: string;
  readonly port: number;
  readonly nodeName: string;
  /** Where it should rather be used from. */
  readonly hints: Endpoint['hints'];
}

export interface Outside {
  /** A load balancer's address, which some node has to answer for. */
  readonly isBalanced: boolean;
  /** Who may use it; everybody when there are none. */
  readonly ranges: readonly Ipv4Range[];
}

/** How connections to one address and port of a service are handed on. */
export interface ServiceRule {
  /** `default/web:http`, for sticky clients. */
  readonly service: string;
  readonly backends: readonly Backend[];
  /** Only backends on the node itself. */
  readonly isLocal: boolean;
  /** Set for addresses and ports that are there for clients outside of the cluster. */
  readonly outside: Outside | null;
  /** How long a client stays with its backend; 0 when it does not. */
  readonly stickyMs: number;
}

/** The rules of one service: by `address:port/protocol`, and by node port as `*:port/protocol`. */
export type RuleTable = ReadonlyMap<string, ServiceRule>;

const forAll: Outside = { isBalanced: false, ranges: [] };

export function ruleKey(address: string, port: number, protocol: string): string {
  return `${address}:${port}/${protocol}`;
}

/** What kube-proxy makes of a service and its slices. */
export function serviceRules(service: Service, slices: readonly EndpointSlice[]): RuleTable {
  const rules = new Map<string, ServiceRule>();
  const { spec, status, metadata } = service;
  const { clusterIP, type = 'ClusterIP', sessionAffinity, sessionAffinityConfig } = spec;
  if (type === 'ExternalName' || !clusterIP || clusterIP === 'None') return rules;
  const stickyMs =
    sessionAffinity === 'ClientIP' ? (sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800) * 1000 : 0;
  const balanced = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => (ip ? [ip] : []));
  const ranges = (spec.loadBalancerSourceRanges ?? []).flatMap((cidr) => parseIpv4Range(cidr.trim()) ?? []);
  for (const port of spec.ports ?? []) {
    const protocol = port.protocol ?? 'TCP';
    const name = `${metadata.namespace}/${metadata.name}:${port.name ?? ''}`;
    const backends = backendsOf(port, slices);
    const inside: ServiceRule = {
      service: name,
      backends,
      isLocal: spec.internalTrafficPolicy === 'Local',
      outside: null,
      stickyMs,
    };
    const isLocal = spec.externalTrafficPolicy === 'Local';
    const outside: ServiceRule = { service: name, backends, isLocal, outside: forAll, stickyMs };
    const balancer = { ...outside, outside: { isBalanced: true, ranges } };
    for (const address of spec.clusterIPs ?? [clusterIP])
      rules.set(ruleKey(address, port.port, protocol), inside);
    for (const address of spec.externalIPs ?? []) rules.set(ruleKey(address, port.port, protocol), outside);
    for (const address of balanced) rules.set(ruleKey(address, port.port, protocol), balancer);
    if (port.nodePort) rules.set(ruleKey('*', port.nodePort, protocol), outside);
  }
  return rules;
}

/** The endpoints that take traffic: the ready ones, or else those that still serve while they terminate. */
function backendsOf(port: ServicePort, slices: readonly EndpointSlice[]): readonly Backend[] {
  const ready: Backend[] = [];
  const ending: Backend[] = [];
  for (const { ports = [], endpoints = [], addressType } of slices) {
    const out = ports.find(
      ({ name = '', protocol = 'TCP' }) =>
        name === (port.name ?? '') && protocol === (port.protocol ?? 'TCP'),
    );
    if (out?.port === undefined || addressType !== 'IPv4') continue;
    for (const endpoint of endpoints) {
      const list = isReady(endpoint) ? ready : isEnding(endpoint) ? ending : null;
      const address = endpoint.addresses[0];
      if (address)
        list?.push({ address, port: out.port, nodeName: endpoint.nodeName ?? '', hints: endpoint.hints });
    }
  }
  return ready.length > 0 ? ready : ending;
}

/** A missing condition counts as ready. */
function isReady({ conditions }: Endpoint): boolean {
  return conditions?.ready !== false;
}

function isEnding({ conditions }: Endpoint): boolean {
  return conditions?.terminating === true && conditions.serving !== false;
}
