// Upstream: etcd's server/etcdserver and go.etcd.io/raft, as far as their clients can tell
import type { Timer } from '#sim/eventQueue.ts';
import type { Simulation } from '#sim/simulation.ts';

/** Upstream: etcd --election-timeout; each member waits for one to two of them before it stands for election. */
const electionTimeoutMs = 1_000;

/** One member of an etcd cluster. */
export class Member {
  /** 16 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  readonly address: string;
  isRunning = false;
  /** The revision at which it lost sight of the others; null while it keeps up. */
  behindAt: number | null = null;

  constructor(id: string, name: string, address: string) {
    this.id = id;
    this.name = name;
    this.address = address;
  }

  get peerUrl(): string {
    return `https://${this.address}:2380`;
  }

  get clientUrl(): string {
    return `https://${this.address}:2379`;
  }
}

/**
 * Who of an etcd cluster's members runs, sees whom, and leads. There is one history, which all members share: what is
 * modelled of raft is who may add to it (docs/decisions/010-etcd-members.md). One member alone never waits for anybody.
 */
export class Members {
  readonly clusterId: string;
  readonly #simulation: Simulation;
  readonly #isCut: (a: string, b: string) => boolean;
  readonly #revision: () => number;
  readonly #all: Member[] = [];
  readonly #listeners: (() => void)[] = [];
  #leader: Member | null = null;
  #term = 1;
  #election: Timer | null = null;

  constructor(
    simulation: Simulation,
    options: {
      /** Whether packets between two members' machines are lost. */
      isCut(a: string, b: string): boolean;
      revision(): number;
    },
  ) {
    this.#simulation = simulation;
    this.#isCut = options.isCut;
    this.#revision = options.revision;
    this.clusterId = newId(simulation);
  }

  get all(): readonly Member[] {
    return this.#all;
  }

  get leader(): Member | null {
    return this.#leader;
  }

  get term(): number {
    return this.#term;
  }

  find(name: string): Member | undefined {
    return this.#all.find((member) => member.name === name);
  }

  /** Adds a member that runs; a cluster's first one leads it. */
  add(name: string, address: string): Member {
    const member = new Member(newId(this.#simulation), name, address);
    member.isRunning = true;
    this.#all.push(member);
    if (this.#all.length === 1) {
      this.#leader = member;
      this.#term++;
    }
    this.settle();
    return member;
  }

  remove(name: string): void {
    const place = this.#all.findIndex((member) => member.name === name);
    if (place >= 0) this.#all.splice(place, 1);
    this.settle();
  }

  start(name: string): void {
    const member = this.find(name);
    if (member !== undefined) member.isRunning = true;
    this.settle();
  }

  stop(name: string): void {
    const member = this.find(name);
    if (member !== undefined) member.isRunning = false;
    this.settle();
  }

  /** Calls `listener` when some member may serve that did not, or the other way round. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Whether a member runs and sees more than half of all, itself included. */
  hasQuorum(member: Member): boolean {
    return member.isRunning && this.#seenBy(member).length * 2 > this.#all.length;
  }

  /** How long a request waits until there is a leader; 0 when there is one. */
  get stallMs(): number {
    const { nowMs } = this.#simulation;
    return this.#election === null ? 0 : Math.max(0, this.#election.atMs - nowMs);
  }

  /** To be called when the network between members has changed. */
  settle(): void {
    if (this.#leader !== null && !this.hasQuorum(this.#leader)) this.#leader = null;
    const able = this.#all.filter((member) => this.hasQuorum(member));
    if (able.length === 0) {
      this.#simulation.cancel(this.#election);
      this.#election = null;
    } else if (this.#leader === null) this.#election ??= this.#standForElection(able);
    for (const member of this.#all) {
      if (able.includes(member)) member.behindAt = null;
      else member.behindAt ??= this.#revision();
    }
    for (const listener of this.#listeners) listener();
  }

  /** Makes a member the leader that the present one hands over to. Upstream: etcdctl move-leader */
  moveLeader(to: Member): void {
    this.#leader = to;
    this.#term++;
  }

  /** The one whose patience ends first leads, when it still sees enough of the others by then. */
  #standForElection(able: readonly Member[]): Timer {
    const random = this.#simulation.random('etcd-elections');
    const waits = able.map((member) => ({ member, waitMs: electionTimeoutMs * (1 + random.fraction()) }));
    const first = waits.reduce((a, b) => (b.waitMs < a.waitMs ? b : a));
    return this.#simulation.after(Math.round(able.length === 1 ? 0 : first.waitMs), () => {
      this.#election = null;
      if (this.hasQuorum(first.member)) {
        this.#leader = first.member;
        this.#term++;
      }
      this.settle();
    });
  }

  #seenBy(member: Member): readonly Member[] {
    return this.#all.filter(
      (other) => other === member || (other.isRunning && !this.#isCut(member.name, other.name)),
    );
  }
}

function newId(simulation: Simulation): string {
  const random = simulation.random('etcd-ids');
  return [0, 1].map(() => random.uint32().toString(16).padStart(8, '0')).join('');
}
