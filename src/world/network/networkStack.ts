import { type DnsAnswer, type DnsQuestion, type ResolverConfig, searchNames } from './dns.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { parseIpv4 } from './ipv4.ts';
import type { LocalPorts } from './localPorts.ts';
import type { Connection, Network, Protocol, Route } from './network.ts';

/** How a resolver's question ended, and after how long. */
export type Lookup =
  | { readonly addresses: readonly string[]; readonly name: string; readonly latencyMs: number }
  | { readonly addresses: null; readonly why: 'not found' | 'no answer'; readonly latencyMs: number };

/** How an HTTP exchange ended. Its wait is the caller's: nothing here takes time by itself (D2). */
export type Exchange =
  | {
      readonly outcome: 'answered';
      readonly response: HttpResponse;
      readonly address: string;
      readonly latencyMs: number;
    }
  | { readonly outcome: 'not found'; readonly latencyMs: number }
  | {
      readonly outcome: 'refused' | 'unreachable' | 'not http';
      readonly address: string;
      readonly latencyMs: number;
    }
  | { readonly outcome: 'timeout'; readonly address: string };

/** Upstream: resolv.conf(5) `timeout` and `attempts`. */
const dnsTimeoutMs = 5_000;
const dnsAttempts = 2;

/** The network as one machine or pod sees it: an address, a resolver, and connections to others. */
export class NetworkStack {
  readonly network: Network;
  readonly address: string;
  readonly resolver: ResolverConfig;
  /** Where programs may listen; undefined where the machine's ports are somebody else's to say. */
  ports: LocalPorts | undefined;
  readonly #machine: string;
  /** What `/etc/hosts` says where it is no file that programs can read and change. */
  readonly #hosts: ReadonlyMap<string, string>;
  /** The text of `/etc/hosts` where it is one. */
  hostsFile: (() => string) | null = null;

  constructor(
    network: Network,
    options: {
      address: string;
      machine: string;
      resolver: ResolverConfig;
      hosts?: ReadonlyMap<string, string>;
    },
  ) {
    this.network = network;
    this.address = options.address;
    this.#machine = options.machine;
    this.resolver = options.resolver;
    this.#hosts = options.hosts ?? new Map();
  }

  connect(address: string, port: number, protocol: Protocol = 'TCP'): Connection {
    if (this.ports !== undefined && address === '127.0.0.1') return this.ports.connect(port, protocol);
    return this.network.connect({ clientAddress: this.address, address, port, protocol }, this.#machine);
  }

  /** All the places that connections to an address and port end at. */
  routes(address: string, port: number): Route[] {
    return this.network.routes(
      { clientAddress: this.address, address, port, protocol: 'TCP' },
      this.#machine,
    );
  }

  /** The round trip in ms, or null when nothing comes back. */
  ping(address: string): number | null {
    return this.network.ping(this.address, address, this.#machine);
  }

  /** The names of an address or the address of a name in `/etc/hosts`: `[address, name, alias…]`; undefined without. */
  hostsEntry(text: string): readonly string[] | undefined {
    if (this.hostsFile === null) {
      const address = text === 'localhost' ? '127.0.0.1' : this.#hosts.get(text);
      return address === undefined ? undefined : [address, text];
    }
    for (const line of this.hostsFile().split('\n')) {
      const words = line.replace(/#.*/, '').trim().split(/\s+/);
      if (words.includes(text) && parseIpv4(words[0]!) !== undefined) return words;
    }
    return undefined;
  }

  /** One question to one nameserver; null when nobody answers. */
  ask(
    question: DnsQuestion,
    server = this.resolver.nameservers[0],
    protocol: Protocol = 'UDP',
  ): (DnsAnswer & { latencyMs: number }) | null {
    if (server === undefined) return null;
    const connection = this.connect(server, 53, protocol);
    if (connection.outcome !== 'open' || connection.listener.dns === undefined) return null;
    return { ...connection.listener.dns(question), latencyMs: connection.latencyMs };
  }

  /** The addresses of a name, with the search path, as a program's resolver finds them. */
  lookUp(name: string): Lookup {
    if (parseIpv4(name) !== undefined) return { addresses: [name], name, latencyMs: 0 };
    const known = this.hostsEntry(name)?.[0];
    if (known !== undefined) return { addresses: [known], name, latencyMs: 0 };
    let latencyMs = 0;
    for (const full of searchNames(name, this.resolver)) {
      const answer = this.ask({ name: full, type: 'A' });
      if (answer === null)
        return { addresses: null, why: 'no answer', latencyMs: dnsTimeoutMs * dnsAttempts };
      latencyMs += answer.latencyMs;
      const addresses = answer.records.filter(({ type }) => type === 'A').map(({ value }) => value);
      if (addresses.length > 0) return { addresses, name: full, latencyMs };
    }
    return { addresses: null, why: 'not found', latencyMs };
  }

  /** One HTTP request to `host:port`: look-up, connection and answer. */
  request(host: string, port: number, request: Omit<HttpRequest, 'clientAddress'>): Exchange {
    const found = this.lookUp(host);
    if (found.addresses === null) return { outcome: 'not found', latencyMs: found.latencyMs };
    const address = found.addresses[0]!;
    const connection = this.connect(address, port);
    if (connection.outcome === 'timeout') return { outcome: 'timeout', address };
    const connectedMs = found.latencyMs + connection.latencyMs;
    if (connection.outcome !== 'open')
      return { outcome: connection.outcome, address, latencyMs: connectedMs };
    const { listener, clientAddress } = connection;
    if (listener.http === undefined) return { outcome: 'not http', address, latencyMs: connectedMs };
    const { response, latencyMs } = listener.http({ ...request, clientAddress });
    return { outcome: 'answered', response, address, latencyMs: connectedMs + latencyMs };
  }
}
