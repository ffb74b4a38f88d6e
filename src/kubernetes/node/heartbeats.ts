// Upstream: component-helpers/apimachinery/lease/controller.go, pkg/kubelet/kubelet.go (renew interval fraction)
import type { Lease } from '#generated/types/coordination.v1.ts';
import type { Node } from '#generated/types/core.v1.ts';
import type { Simulation } from '#sim/simulation.ts';

/** Upstream: nodeLeaseDurationSeconds, renewed every quarter of it. */
export const leaseDurationSeconds = 40;
const heartbeatPeriodMs = 10_000;
/** So many nodes beat in one event, so that no event is long however many nodes there are. */
const nodesPerEvent = 32;

/** Something that beats: a kubelet that runs. */
export interface Beating {
  /** Its lease as it renewed it last; null where its next renewal is more than that. */
  lease: Lease | null;
  /** Its node as it reported it last. */
  node: Node | null;
  /** True when its node's status is to be written now. */
  readonly isReportDue: boolean;
  /** True when that would say nothing new. */
  readonly isSteady: boolean;
  /** Renews the lease, with all that this may take. False when it could not. */
  renewLease(): boolean;
  /** Writes its node's status. */
  reportStatus(): void;
  /** Takes note that its node was written as it is. */
  reported(): void;
}

/** Writes the beats of one group's nodes in one, while nothing tells them apart. It comes with the second load. */
export interface Together {
  /** Renews the leases of all; false, and nothing is done, where each node has to. */
  renew(): boolean;
  /** Each node has tried to renew its own. */
  renewed(): void;
  /** Writes the status of these nodes. */
  report(due: readonly Beating[]): void;
  /** The group will have another node. */
  join(): void;
  /** A node will leave the group. */
  leave(node: Beating): void;
}

/** `members` is the group's own list. */
export type BeginTogether = (members: readonly Beating[]) => Together;

/** The heartbeats of all nodes of a cluster: one sweep, and one timer while there are few nodes (D2). */
export class Heartbeats {
  readonly #simulation: Simulation;
  readonly #groups: Group[] = [];
  #stop: (() => void) | null = null;

  /** Null until the second load: every node writes its own beats. */
  beginTogether: BeginTogether | null = null;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  add(node: Beating): void {
    let group = this.#groups.find((some) => some.hasRoom);
    if (group === undefined) {
      group = new Group();
      this.#groups.push(group);
    }
    group.add(node);
    this.#stop ??= this.#simulation.every(heartbeatPeriodMs, 'kubelet', () => this.#sweep());
  }

  remove(node: Beating): void {
    for (const group of this.#groups) group.remove(node);
    if (this.#groups.some((group) => !group.isEmpty)) return;
    this.#stop?.();
    this.#stop = null;
  }

  /** Beats for all nodes within the period, a few at a time. */
  #sweep(): void {
    const groups = this.#groups.filter((group) => !group.isEmpty);
    const stepMs = Math.floor(heartbeatPeriodMs / groups.length);
    for (const [event, group] of groups.entries()) {
      if (event === 0) group.beat(this.beginTogether);
      else this.#simulation.after(event * stepMs, () => group.beat(this.beginTogether));
    }
  }
}

/** Nodes that beat in one event. */
class Group {
  readonly #members: Beating[] = [];
  #together: Together | null = null;

  get hasRoom(): boolean {
    return this.#members.length < nodesPerEvent;
  }

  get isEmpty(): boolean {
    return this.#members.length === 0;
  }

  add(node: Beating): void {
    this.#together?.join();
    if (!this.#members.includes(node)) this.#members.push(node);
  }

  remove(node: Beating): void {
    const place = this.#members.indexOf(node);
    if (place < 0) return;
    this.#together?.leave(node);
    this.#members.splice(place, 1);
  }

  beat(begin: BeginTogether | null): void {
    const together = (this.#together ??= begin === null ? null : begin(this.#members));
    if (together?.renew() !== true) {
      for (const node of this.#members) node.renewLease();
      together?.renewed();
    }
    let due: Beating[] | null = null;
    for (const node of this.#members) if (node.lease !== null && node.isReportDue) (due ??= []).push(node);
    if (due === null) return;
    if (together === null) for (const node of due) node.reportStatus();
    else together.report(due);
  }
}
