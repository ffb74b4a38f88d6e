// Upstream: pkg/kubelet/network/dns/dns.go
import type { Pod } from '#generated/types/core.v1.ts';
import type { ResolverConfig } from '#world/network/dns.ts';
import type { Network } from '#world/network/network.ts';
import { NetworkStack } from '#world/network/networkStack.ts';

export const clusterDomain = 'cluster.local';
/** Upstream: defaultDNSOptions. */
const clusterNdots = 5;

/** The network as a pod sees it: its address, its node's rules and its resolver. */
export function podNetworkStack(
  pod: Pod,
  podIp: string,
  nodeName: string,
  network: Network,
  dnsAddress: string,
): NetworkStack {
  const resolver = resolverConfig(pod, dnsAddress);
  return new NetworkStack(network, { address: podIp, machine: nodeName, resolver });
}

/** What the pod's `/etc/resolv.conf` says. */
export function resolverConfig(pod: Pod, dnsAddress: string): ResolverConfig {
  const { dnsPolicy = 'ClusterFirst', dnsConfig, hostNetwork } = pod.spec;
  const namespace = pod.metadata.namespace ?? 'default';
  const isCluster = dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && !hostNetwork);
  const domains = [`${namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain];
  const base: ResolverConfig = isCluster
    ? { nameservers: [dnsAddress], search: domains, ndots: clusterNdots }
    : { nameservers: [], search: [], ndots: 1 };
  if (dnsConfig === undefined) return base;
  const { options = [] } = dnsConfig;
  const ndots = options.find(({ name }) => name === 'ndots')?.value;
  const others = options.filter(({ name }) => name !== 'ndots');
  return {
    nameservers: [...new Set([...base.nameservers, ...(dnsConfig.nameservers ?? [])])],
    search: [...new Set([...base.search, ...(dnsConfig.searches ?? [])])],
    ndots: ndots === undefined ? base.ndots : Number(ndots),
    options: others.map(({ name = '', value }) => (value === undefined ? name : `${name}:${value}`)),
  };
}
