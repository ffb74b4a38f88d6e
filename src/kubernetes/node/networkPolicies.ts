// Upstream: k8s.io/api/networking/v1 NetworkPolicy; sigs.k8s.io/kube-network-policies, which kind's network has in it
import type { Pod } from '#generated/types/core.v1.ts';
import type {
  NetworkPolicy,
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from '#generated/types/networking.v1.ts';
import { namespaces } from '#kubernetes/api/core/namespace.ts';
import { networkPolicies } from '#kubernetes/api/networking/networkPolicy.ts';
import { selectorOf } from '#kubernetes/apimachinery/labels.ts';
import type { Informer, Informers } from '#kubernetes/client/informer.ts';
import { isInRange, parseIpv4, parseIpv4Range } from '#world/network/ipv4.ts';
import type { Firewall, FirewallPacket, Network } from '#world/network/network.ts';
import { PodWorker } from './podWorker.ts';

/** One end of a connection as policies see it; an address without a pod is known by its number alone. */
interface End {
  readonly address: string;
  readonly pod: Pod | undefined;
}

type Direction = 'Ingress' | 'Egress';

/** Ports without rules of their own admit nothing; those with an empty rule everything. */
type Rule = { readonly peers: readonly NetworkPolicyPeer[]; readonly ports: readonly NetworkPolicyPort[] };

/**
 * Enforces NetworkPolicies on all nodes: after Services are resolved and before sources are hidden, what a policy does
 * not let through is lost. It stands in the network's way only while there is a policy.
 */
export class NetworkPolicies implements Firewall {
  readonly #policies: Informer<NetworkPolicy>;
  readonly #informers: Informers;
  readonly #network: Network;

  constructor(informers: Informers, network: Network) {
    this.#informers = informers;
    this.#network = network;
    this.#policies = informers.of(networkPolicies);
    this.#policies.addIndex('namespace', ({ metadata }) => [metadata.namespace ?? '']);
  }

  /** Follows policies from now on. */
  start(): void {
    this.#policies.onChange(() => {
      const [first] = this.#policies.list();
      this.#network.firewall = first === undefined ? null : this;
      // Namespaces are followed from the first policy on.
      if (first !== undefined) this.#informers.of(namespaces);
      this.#network.noteChange();
    });
    this.#informers.start();
  }

  passes(packet: FirewallPacket): boolean {
    const { clientAddress, address } = packet;
    if (clientAddress === address) return true;
    const [from, to] = [this.#workerAt(clientAddress), this.#workerAt(address)];
    // A pod and its own node always reach each other.
    if (to !== undefined && this.#isMachine(clientAddress, to.machine)) return true;
    if (from !== undefined && this.#isMachine(address, from.machine)) return true;
    const source = { address: clientAddress, pod: from?.pod };
    const target = { address, pod: to?.pod };
    return (
      this.#admits('Egress', source.pod, target, target.pod, packet) &&
      this.#admits('Ingress', target.pod, source, target.pod, packet)
    );
  }

  /** Whether the policies that select a pod let a packet to or from a peer through; `target` is the pod that it goes to. */
  #admits(
    direction: Direction,
    pod: Pod | undefined,
    peer: End,
    target: Pod | undefined,
    packet: FirewallPacket,
  ): boolean {
    if (pod === undefined) return true;
    const namespace = pod.metadata.namespace ?? '';
    let isIsolated = false;
    for (const policy of this.#policies.by('namespace', namespace)) {
      const { podSelector, policyTypes = [] } = policy.spec;
      if (!policyTypes.includes(direction)) continue;
      if (!selectorOf(podSelector ?? {}).matches(pod.metadata.labels)) continue;
      isIsolated = true;
      for (const { peers, ports } of rulesOf(policy, direction))
        if (
          (peers.length === 0 || peers.some((one) => this.#isPeer(one, namespace, peer))) &&
          (ports.length === 0 || ports.some((one) => isPort(one, target, packet)))
        )
          return true;
    }
    return !isIsolated;
  }

  #isPeer(
    { ipBlock, podSelector, namespaceSelector }: NetworkPolicyPeer,
    own: string,
    { address, pod }: End,
  ): boolean {
    if (ipBlock !== undefined)
      return isWithin(address, ipBlock.cidr) && !ipBlock.except?.some((cidr) => isWithin(address, cidr));
    if (pod === undefined) return false;
    const { namespace = '', labels } = pod.metadata;
    if (namespaceSelector === undefined) return namespace === own && selectorOf(podSelector).matches(labels);
    const found = this.#informers.of(namespaces).get(namespace);
    if (found === undefined || !selectorOf(namespaceSelector).matches(found.metadata.labels)) return false;
    return podSelector === undefined || selectorOf(podSelector).matches(labels);
  }

  /** The pod that has an address of its own; those in their nodes' network are their nodes to policies. */
  #workerAt(address: string): PodWorker | undefined {
    const host = this.#network.hostAt(address);
    return host instanceof PodWorker ? host : undefined;
  }

  #isMachine(address: string, machine: string): boolean {
    const host = this.#network.hostAt(address);
    return host?.name === machine && !(host instanceof PodWorker);
  }
}

function rulesOf({ spec }: NetworkPolicy, direction: Direction): readonly Rule[] {
  if (direction === 'Ingress')
    return (spec.ingress ?? []).map(({ from = [], ports = [] }: NetworkPolicyIngressRule) => ({
      peers: from,
      ports,
    }));
  return (spec.egress ?? []).map(({ to = [], ports = [] }: NetworkPolicyEgressRule) => ({
    peers: to,
    ports,
  }));
}

/** A port by its number, as one of a range, or by the name that the pod gives it which is called. */
function isPort(
  { port, endPort, protocol = 'TCP' }: NetworkPolicyPort,
  target: Pod | undefined,
  packet: FirewallPacket,
): boolean {
  if (protocol !== packet.protocol) return false;
  if (port === undefined) return true;
  if (typeof port === 'number')
    return endPort === undefined ? packet.port === port : packet.port >= port && packet.port <= endPort;
  return (target?.spec.containers ?? []).some(({ ports = [] }) =>
    ports.some(
      ({ name, containerPort, protocol: own = 'TCP' }) =>
        name === port && containerPort === packet.port && own === protocol,
    ),
  );
}

function isWithin(address: string, cidr: string): boolean {
  const value = parseIpv4(address);
  const range = parseIpv4Range(cidr);
  return value !== undefined && range !== undefined && isInRange(value, range);
}
