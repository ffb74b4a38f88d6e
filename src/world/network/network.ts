import type { LoadTarget } from '../traffic/loadTarget.ts';
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
  /** Answers one line of a text protocol, or one datagram; null closes the connection. */
  converse?(line: string, clientAddress: string): string | null;
  dns?(question: DnsQuestion): DnsAnswer;
  /** Who bears the load of flows that end here. */
  readonly target?: LoadTarget;
}

/** A machine or pod with an address. */
export interface Host {
  readonly name: string;
  /** The machine whose kernel carries its packets: its own, or that of the pod's node. */
  readonly machine: string;
  /** False when it is without power: packets to it are lost. */
  readonly isUp: boolean;
  /** What listens on a port; `address` is the one that was asked for where that may be another than the host's: loopback. */
  listenerAt(port: number, protocol: Protocol, address?: string): Listener | undefined;
  /** When something will listen there that does not yet; undefined when nothing is on its way. */
  listensAtMs?(port: number): number | undefined;
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
  | {
      readonly address: string;
      readonly port: number;
      /** What the server sees in place of the client's address; null for that itself. */
      readonly source: string | null;
    }
  | 'reject'
  | 'drop'
  | null;

/** The rules that a machine's kernel rewrites destinations by: what kube-proxy keeps. */
export interface PacketRules {
  translate(packet: Packet): Verdict;
  /** Every destination that connections of this kind are spread over, in equal parts. */
  spread(packet: Packet): readonly Destination[] | 'reject' | 'drop' | null;
}

/** A packet on its last way, with the source that it began with; an echo has no port. */
export type FirewallPacket = Omit<Packet, 'protocol'> & { readonly protocol: Protocol | 'ICMP' };

/** Decides which packets pass; the others are lost, and whoever sent them waits. */
export interface Firewall {
  passes(packet: FirewallPacket): boolean;
}

export interface Destination {
  readonly address: string;
  readonly port: number;
}

/** One of the places that the requests of a flow end at. */
export interface Route {
  readonly outcome: Connection['outcome'];
  readonly target?: LoadTarget | undefined;
  /** When it is worth looking again. */
  readonly retryAtMs?: number | undefined;
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

/** To the machine itself and back. */
export const loopbackMs = 0.05;
const sameMachineMs = 0.2;
const otherMachineMs = 0.6;
/** Linux gives up asking for a neighbour's hardware address after three seconds. */
const unreachableMs = 3_050;

/** Who has which address. All can reach all, as Kubernetes asks for, unless a firewall stands between them. */
export class Network {
  readonly #hosts = new Map<string, Host>();
  readonly #routes = new Map<string, { readonly range: Ipv4Range; readonly via: Host }>();
  readonly #rules = new Map<string, PacketRules>();
  readonly #listeners: (() => void)[] = [];
  /** Machines that are cut off from all others. */
  readonly #isolated = new Set<string>();
  /** Machines that answer for addresses which they do not have. */
  readonly #announced = new Map<string, Host>();
  /** Null where all may reach all. */
  firewall: Firewall | null = null;

  attach(address: string, host: Host): void {
    this.#hosts.set(address, host);
    this.noteChange();
  }

  detach(address: string): void {
    this.#hosts.delete(address);
    this.noteChange();
  }

  /** Calls `listener` when the way of some packets may have changed. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** To be called by who changes what listens or how packets are led. */
  noteChange(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Cuts a machine off from all others, or joins it to them again. */
  isolate(machine: string, isIsolated: boolean): void {
    if (isIsolated) this.#isolated.add(machine);
    else this.#isolated.delete(machine);
    this.noteChange();
  }

  /** Whether some machine is cut off. */
  get isDivided(): boolean {
    return this.#isolated.size > 0;
  }

  isIsolated(machine: string): boolean {
    return this.#isolated.has(machine);
  }

  /** Whether packets between two machines are lost. */
  isCut(a: string, b: string): boolean {
    return a !== b && this.#isolated.size > 0 && (this.#isolated.has(a) || this.#isolated.has(b));
  }

  hostAt(address: string): Host | undefined {
    return this.#hosts.get(address);
  }

  /** From now on what comes from outside for an address ends at a machine; null for nowhere. */
  announce(address: string, machine: Host | null): void {
    if (machine === null) this.#announced.delete(address);
    else this.#announced.set(address, machine);
    this.noteChange();
  }

  announcerOf(address: string): Host | undefined {
    return this.#announced.get(address);
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
    this.noteChange();
  }

  /** Tries to connect from a host's address; `machine` is the one whose kernel sends the packets. */
  connect(packet: Packet, machine: string): Connection {
    const { clientAddress, protocol } = packet;
    if (packet.address === '127.0.0.1')
      return this.#open({ ...packet, address: clientAddress }, clientAddress, machine, packet.address);
    const gate = this.#gateOf(packet, machine);
    if (gate === null) return { outcome: 'timeout' };
    const verdict = this.#rules.get(gate.rulesOf)?.translate(packet) ?? null;
    if (verdict === 'drop') return { outcome: 'timeout' };
    if (verdict === 'reject') return { outcome: 'refused', latencyMs: sameMachineMs };
    if (verdict === null) return this.#open(packet, clientAddress, gate.from);
    return this.#open(
      { clientAddress, protocol, address: verdict.address, port: verdict.port },
      verdict.source ?? clientAddress,
      gate.from,
    );
  }

  /** All the places that connections like this one end at, each with an equal part of them. */
  routes(packet: Packet, machine: string): Route[] {
    const { clientAddress, protocol } = packet;
    const gate = this.#gateOf(packet, machine);
    if (gate === null) return [{ outcome: 'timeout' }];
    const spread = this.#rules.get(gate.rulesOf)?.spread(packet) ?? [packet];
    if (spread === 'drop') return [{ outcome: 'timeout' }];
    if (spread === 'reject') return [{ outcome: 'refused' }];
    return spread.map(({ address, port }) => {
      const end = this.#open({ clientAddress, protocol, address, port }, clientAddress, gate.from);
      if (end.outcome === 'open') return { outcome: 'open', target: end.listener.target };
      return { outcome: end.outcome, retryAtMs: this.#hosts.get(address)?.listensAtMs?.(port) };
    });
  }

  /**
   * Whose rules a packet meets, and the machine that it goes on from: where it ends if that is a machine, or one that
   * answers for its address towards the outside; else the sender's. Null where that machine does not hear it.
   */
  #gateOf({ address, clientAddress }: Packet, machine: string): { rulesOf: string; from: string } | null {
    const target = this.#hosts.get(address);
    if (target !== undefined) {
      if (target.name !== target.machine) return { rulesOf: machine, from: machine };
      return target.isUp ? { rulesOf: target.name, from: machine } : null;
    }
    const announcer = this.#hosts.has(clientAddress) ? undefined : this.#announced.get(address);
    if (announcer === undefined) return { rulesOf: machine, from: machine };
    const isHeard = announcer.isUp && !this.isCut(announcer.machine, machine);
    return isHeard ? { rulesOf: announcer.machine, from: announcer.machine } : null;
  }

  /** The round trip of an ICMP echo, or null when nothing comes back. */
  ping(from: string, address: string, machine: string): number | null {
    if (address === from || address === '127.0.0.1') return loopbackMs;
    const host = this.#hosts.get(address);
    if (!host?.isUp || this.isCut(host.machine, machine)) return null;
    const packet = { clientAddress: from, address, port: 0, protocol: 'ICMP' } as const;
    if (this.firewall?.passes(packet) === false) return null;
    return host.machine === machine ? sameMachineMs : otherMachineMs;
  }

  #open(
    { address, port, protocol, clientAddress }: Packet,
    seenAddress: string,
    machine: string,
    askedAddress = address,
  ): Connection {
    const host = this.#hosts.get(address);
    if (host === undefined) {
      return this.#isRouted(address)
        ? { outcome: 'unreachable', latencyMs: unreachableMs }
        : { outcome: 'timeout' };
    }
    if (!host.isUp || this.isCut(host.machine, machine)) return { outcome: 'timeout' };
    if (this.firewall?.passes({ address, port, protocol, clientAddress }) === false)
      return { outcome: 'timeout' };
    const isSelf = address === clientAddress;
    const latencyMs = isSelf ? loopbackMs : host.machine === machine ? sameMachineMs : otherMachineMs;
    const listener = host.listenerAt(port, protocol, askedAddress);
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
