// Upstream: pkg/proxy/iptables/proxier.go
import type { Simulation } from '#sim/simulation.ts';
import { isInRange, parseIpv4 } from '#world/network/ipv4.ts';
import type { Network, Packet, PacketRules, Verdict } from '#world/network/network.ts';
import { type Backend, type Outside, ruleKey, type ServiceRule } from './serviceRules.ts';
import type { ServiceTable } from './serviceTable.ts';

/** Clients whose backend one node remembers; past it the oldest is forgotten. */
const stickyMax = 10_000;

/** The kube-proxy of one node. Stopped, it leaves its rules in the kernel as they last were. */
export class KubeProxy implements PacketRules {
  readonly nodeName: string;
  readonly #simulation: Simulation;
  readonly #network: Network;
  readonly #table: ServiceTable;
  readonly #address: string;
  #isRunning = false;
  /** What a stopped proxy left behind. */
  #left: ReadonlyMap<string, ServiceRule> | null = null;
  /** Which backend a client of a sticky service has, and since when it was last seen. */
  readonly #sticky = new Map<string, { readonly backend: Backend; seenMs: number }>();

  constructor(options: {
    simulation: Simulation;
    network: Network;
    table: ServiceTable;
    nodeName: string;
    nodeAddress: string;
  }) {
    this.#simulation = options.simulation;
    this.#network = options.network;
    this.#table = options.table;
    this.nodeName = options.nodeName;
    this.#address = options.nodeAddress;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  start(): void {
    this.#isRunning = true;
    this.#left = null;
    this.#network.setRules(this.nodeName, this);
  }

  stop(): void {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    this.#left = this.#table.snapshot();
  }

  /** The machine is off: its kernel's rules are gone too. */
  powerOff(): void {
    this.#isRunning = false;
    this.#left = null;
    this.#sticky.clear();
    this.#network.setRules(this.nodeName, null);
  }

  translate(packet: Packet): Verdict {
    const rule = this.#ruleFor(packet);
    if (rule === undefined) return null;
    const near = this.#near(rule, packet);
    if (typeof near === 'string') return near;
    const { address, port } = this.#choose(rule, near, packet.clientAddress);
    // Answers must come back by this node, which undoes the translation; the node's own come anyway.
    const isHidden = rule.outside !== null && (!rule.isLocal || packet.clientAddress === this.#address);
    return { address, port, source: isHidden ? this.#address : null };
  }

  spread(packet: Packet): readonly Backend[] | 'reject' | 'drop' | null {
    const rule = this.#ruleFor(packet);
    if (rule === undefined) return null;
    const near = this.#near(rule, packet);
    // A sticky client has one backend; all the requests of a flow come from one client.
    if (rule.stickyMs > 0 && typeof near !== 'string')
      return [this.#choose(rule, near, packet.clientAddress)];
    return near;
  }

  #ruleFor({ address, port, protocol }: Packet): ServiceRule | undefined {
    const own = this.#find(ruleKey(address, port, protocol));
    if (own !== undefined || address !== this.#address) return own;
    return this.#find(ruleKey('*', port, protocol));
  }

  /** The backends that this node may use; without any at all connections are refused. */
  #near({ backends, isLocal, outside }: ServiceRule, packet: Packet): readonly Backend[] | 'reject' | 'drop' {
    if (outside !== null && !this.#admits(outside, packet)) return 'drop';
    if (backends.length === 0) return 'reject';
    // Who is inside of the cluster reaches all of them by an address for outside, too.
    const isNear = isLocal && !(outside !== null && this.#isInside(packet.clientAddress));
    const near = isNear
      ? backends.filter(({ nodeName }) => nodeName === this.nodeName)
      : this.#table.prefer(backends, this.nodeName);
    return near.length === 0 ? 'drop' : near;
  }

  /** Whether an address for outside is for this client, and for this node to answer. */
  #admits({ isBalanced, ranges }: Outside, { clientAddress, address }: Packet): boolean {
    if (!isBalanced) return true;
    const isForeign = this.#network.hostAt(clientAddress) === undefined;
    if (isForeign && this.#network.announcerOf(address)?.name !== this.nodeName) return false;
    const client = parseIpv4(clientAddress);
    return ranges.length === 0 || (client !== undefined && ranges.some((range) => isInRange(client, range)));
  }

  /** A pod, or the node itself. */
  #isInside(clientAddress: string): boolean {
    const host = this.#network.hostAt(clientAddress);
    return host !== undefined && (clientAddress === this.#address || host.name !== host.machine);
  }

  #find(key: string): ServiceRule | undefined {
    return this.#left === null ? this.#table.find(key) : this.#left.get(key);
  }

  #choose(rule: ServiceRule, backends: readonly Backend[], client: string): Backend {
    const { nowMs } = this.#simulation;
    const key = `${rule.service}|${client}`;
    if (rule.stickyMs > 0) {
      const known = this.#sticky.get(key);
      const backend =
        known &&
        backends.find(
          ({ address, port }) => address === known.backend.address && port === known.backend.port,
        );
      if (backend !== undefined && nowMs - known!.seenMs < rule.stickyMs) {
        known!.seenMs = nowMs;
        return backend;
      }
    }
    const chosen = this.#simulation.random('kube-proxy').pick(backends);
    if (rule.stickyMs > 0) {
      this.#sticky.delete(key);
      this.#sticky.set(key, { backend: chosen, seenMs: nowMs });
      if (this.#sticky.size > stickyMax) this.#sticky.delete(this.#sticky.keys().next().value!);
    }
    return chosen;
  }
}
