import type { DnsAnswer, DnsQuestion } from './dns.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { type Ipv4Range, isInRange, parseIpv4, parseIpv4Range } from './ipv4.ts';

export type Protocol = 'TCP' | 'UDP';

/** What answers on a port. */
export interface Listener {
  /** True when the same request gets the same answer until somebody interferes: nobody needs to ask again. */
  readonly isSteady: boolean;
  /** Undefined when what listens does not speak HTTP. */
  http?(request: HttpRequest): { readonly response: HttpResponse; readonly latencyMs: number };
  /** Answers one line of a text protocol; null closes the connection. */
  converse?(line: string): string | null;
  dns?(question: DnsQuestion): DnsAnswer;
}

/** A machine or pod with an address. */
export interface Host {
  readonly name: string;
  /** The machine whose kernel carries its packets: its own, or that of the pod's node. */
  readonly machine: string;
  /** False when it is without power: packets to it are lost. */
  readonly isUp: boolean;
  listenerAt(port: number, protocol: Protocol): Listener | undefined;
}

/** The beginning of a connection, as a kernel sees it. */
export interface Packet {
  readonly clientAddress: string;
  readonly address: string;
  readonly port: number;
  readonly protocol: Protocol;
}

/** Where a kernel sends a packet instead; null leaves it as it is. */
export type Verdict =
  | { readonly address: string; readonly port: number; readonly isMasqueraded: boolean }
  | 'reject'
  | 'drop'
  | null;

/** The rules that a machine's kernel rewrites destinations by: what kube-proxy keeps. */
export interface PacketRules {
  translate(packet: Packet): Verdict;
}

/** How an attempt to connect ended, and after how long; a timeout is up to the client. */
export type Connection =
  | {
      readonly outcome: 'open';
      readonly listener: Listener;
      readonly host: Host;
      /** Where it ended after translation. */
      readonly address: string;
      readonly port: number;
      /** The address that the server sees. */
      readonly clientAddress: string;
      /** There and back. */
      readonly latencyMs: number;
    }
  | { readonly outcome: 'refused' | 'unreachable'; readonly latencyMs: number }
  | { readonly outcome: 'timeout' };

const loopbackMs = 0.05;
const sameMachineMs = 0.2;
const otherMachineMs = 0.6;
/** Linux gives up asking for a neighbour's hardware address after three seconds. */
const unreachableMs = 3_050;

/** Who has which address. All can reach all: a flat network, as Kubernetes asks for. */
export class Network {
  readonly #hosts = new Map<string, Host>();
  readonly #routes = new Map<string, { readonly range: Ipv4Range; readonly via: Host }>();
  readonly #rules = new Map<string, PacketRules>();

  attach(address: string, host: Host): void {
    this.#hosts.set(address, host);
  }

  detach(address: string): void {
    this.#hosts.delete(address);
  }

  hostAt(address: string): Host | undefined {
    return this.#hosts.get(address);
  }

  /** Packets to a range go by way of `via`, which knows that an address in it has no host. */
  route(cidr: string, via: Host): void {
    const range = parseIpv4Range(cidr);
    if (range !== undefined) this.#routes.set(cidr, { range, via });
  }

  /** Installs or removes the rules of one machine's kernel. */
  setRules(machine: string, rules: PacketRules | null): void {
    if (rules === null) this.#rules.delete(machine);
    else this.#rules.set(machine, rules);
  }

  /** Tries to connect from a host's address; `machine` is the one whose kernel sends the packets. */
  connect(packet: Packet, machine: string): Connection {
    const { clientAddress, protocol } = packet;
    if (packet.address === '127.0.0.1')
      return this.#open({ ...packet, address: clientAddress }, clientAddress, machine);
    const target = this.#hosts.get(packet.address);
    const isMachine = target !== undefined && target.name === target.machine;
    if (isMachine && !target.isUp) return { outcome: 'timeout' };
    const rules = this.#rules.get(isMachine ? target.name : machine);
    const verdict = rules?.translate(packet) ?? null;
    if (verdict === 'drop') return { outcome: 'timeout' };
    if (verdict === 'reject') return { outcome: 'refused', latencyMs: sameMachineMs };
    if (verdict === null) return this.#open(packet, clientAddress, machine);
    const seen = verdict.isMasqueraded ? packet.address : clientAddress;
    return this.#open(
      { clientAddress, protocol, address: verdict.address, port: verdict.port },
      seen,
      machine,
    );
  }

  /** The round trip of an ICMP echo, or null when nothing comes back. */
  ping(from: string, address: string, machine: string): number | null {
    if (address === from || address === '127.0.0.1') return loopbackMs;
    const host = this.#hosts.get(address);
    if (!host?.isUp) return null;
    return host.machine === machine ? sameMachineMs : otherMachineMs;
  }

  #open(
    { address, port, protocol, clientAddress }: Packet,
    seenAddress: string,
    machine: string,
  ): Connection {
    const host = this.#hosts.get(address);
    if (host === undefined) {
      return this.#isRouted(address)
        ? { outcome: 'unreachable', latencyMs: unreachableMs }
        : { outcome: 'timeout' };
    }
    if (!host.isUp) return { outcome: 'timeout' };
    const isSelf = address === clientAddress;
    const latencyMs = isSelf ? loopbackMs : host.machine === machine ? sameMachineMs : otherMachineMs;
    const listener = host.listenerAt(port, protocol);
    if (listener === undefined) return { outcome: 'refused', latencyMs };
    return { outcome: 'open', listener, host, address, port, clientAddress: seenAddress, latencyMs };
  }

  /** Whether a machine that is up would know that nobody has this address. */
  #isRouted(address: string): boolean {
    const value = parseIpv4(address);
    if (value === undefined) return false;
    for (const { range, via } of this.#routes.values()) if (isInRange(value, range)) return via.isUp;
    return false;
  }
}
