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

/** Objects that are written together, each as its kubelet's own write would write it. */
export interface Repeating<T> {
  /** False, and nothing is done, when that is over: then each kubelet writes its own. */
  again(): boolean;
  /** The objects as they were left, in order. */
  objects(): readonly T[];
  end(): void;
}

/** Who writes again what many have just written, in one call; null while each must write for itself. */
export interface Repeater {
  renewals(leases: readonly Lease[]): Repeating<Lease> | null;
  reports(nodes: readonly Node[]): Repeating<Node> | null;
}

/** The heartbeats of all nodes of a cluster: one sweep, and one timer while there are few nodes (D2). */
export class Heartbeats {
  readonly #simulation: Simulation;
  readonly #repeater: Repeater | null;
  readonly #groups: Group[] = [];
  #stop: (() => void) | null = null;

  constructor(simulation: Simulation, repeater: Repeater | null) {
    this.#simulation = simulation;
    this.#repeater = repeater;
  }

  add(node: Beating): void {
    let group = this.#groups.find((some) => some.hasRoom);
    if (group === undefined) {
      group = new Group(this.#repeater);
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
      if (event === 0) group.beat();
      else this.#simulation.after(event * stepMs, () => group.beat());
    }
  }
}

/** Nodes that beat in one event. While nothing tells their beats apart, these are written together. */
class Group {
  readonly #repeater: Repeater | null;
  readonly #members: Beating[] = [];
  #renewals: Repeating<Lease> | null = null;
  /** Members that report at the same beat. */
  readonly #reports: Reports[] = [];

  constructor(repeater: Repeater | null) {
    this.#repeater = repeater;
  }

  get hasRoom(): boolean {
    return this.#members.length < nodesPerEvent;
  }

  get isEmpty(): boolean {
    return this.#members.length === 0;
  }

  add(node: Beating): void {
    this.#endRenewals();
    if (!this.#members.includes(node)) this.#members.push(node);
  }

  remove(node: Beating): void {
    const place = this.#members.indexOf(node);
    if (place < 0) return;
    this.#endRenewals();
    for (const reports of this.#reports.filter(({ members }) => members.includes(node))) this.#end(reports);
    this.#members.splice(place, 1);
  }

  beat(): void {
    if (this.#renewals?.again() !== true) this.#renewEach();
    let due: Beating[] | null = null;
    for (const node of this.#members) if (node.lease !== null && node.isReportDue) (due ??= []).push(node);
    if (due !== null) this.#report(due);
  }

  #renewEach(): void {
    this.#endRenewals();
    const renewed = this.#members.filter((node) => node.renewLease());
    if (renewed.length < this.#members.length || this.#repeater === null) return;
    this.#renewals = this.#repeater.renewals(renewed.map(({ lease }) => lease!));
  }

  /** Each holder has its lease for itself again. */
  #endRenewals(): void {
    const renewals = this.#renewals;
    if (renewals === null) return;
    this.#renewals = null;
    renewals.end();
    for (const [place, lease] of renewals.objects().entries()) {
      const node = this.#members[place]!;
      if (node.lease !== null) node.lease = lease;
    }
  }

  #report(due: readonly Beating[]): void {
    const known = this.#reports.find(({ members }) => members[0] === due[0]);
    if (known !== undefined && sameMembers(known.members, due) && due.every((node) => node.isSteady)) {
      if (known.writes.again()) {
        for (const node of due) node.reported();
        return;
      }
    }
    for (const reports of this.#reports.filter(({ members }) => members.some((node) => due.includes(node))))
      this.#end(reports);
    for (const node of due) node.reportStatus();
    if (this.#repeater === null || !due.every((node) => !node.isReportDue && node.isSteady)) return;
    const writes = this.#repeater.reports(due.map(({ node }) => node!));
    if (writes !== null) this.#reports.push({ members: due, writes });
  }

  #end(reports: Reports): void {
    this.#reports.splice(this.#reports.indexOf(reports), 1);
    reports.writes.end();
    for (const [place, node] of reports.writes.objects().entries()) reports.members[place]!.node = node;
  }
}

interface Reports {
  readonly members: readonly Beating[];
  readonly writes: Repeating<Node>;
}

function sameMembers(a: readonly Beating[], b: readonly Beating[]): boolean {
  return a.length === b.length && a.every((node, place) => node === b[place]);
}
