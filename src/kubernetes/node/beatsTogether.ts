import type { Lease } from '#generated/types/coordination.v1.ts';
import type { Node } from '#generated/types/core.v1.ts';
import type { Beating, BeginTogether, Together } from './heartbeats.ts';

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

/** What a fleet writes the beats of each group with. */
export function beatsTogether(repeater: Repeater): BeginTogether {
  return (members) => new BeatsTogether(repeater, members);
}

interface Reports {
  readonly members: readonly Beating[];
  readonly writes: Repeating<Node>;
}

class BeatsTogether implements Together {
  readonly #repeater: Repeater;
  readonly #members: readonly Beating[];
  #renewals: Repeating<Lease> | null = null;
  /** Members that report at the same beat. */
  readonly #reports: Reports[] = [];

  constructor(repeater: Repeater, members: readonly Beating[]) {
    this.#repeater = repeater;
    this.#members = members;
  }

  renew(): boolean {
    if (this.#renewals?.again() === true) return true;
    this.join();
    return false;
  }

  renewed(): void {
    const leases = this.#members.map(({ lease }) => lease).filter((lease) => lease !== null);
    if (leases.length === this.#members.length) this.#renewals = this.#repeater.renewals(leases);
  }

  /** Each holder has its lease for itself again. */
  join(): void {
    const renewals = this.#renewals;
    if (renewals === null) return;
    this.#renewals = null;
    renewals.end();
    for (const [place, lease] of renewals.objects().entries()) {
      const node = this.#members[place]!;
      if (node.lease !== null) node.lease = lease;
    }
  }

  leave(node: Beating): void {
    this.join();
    for (const reports of this.#reports.filter(({ members }) => members.includes(node))) this.#end(reports);
  }

  report(due: readonly Beating[]): void {
    const known = this.#reports.find(({ members }) => sameMembers(members, due));
    if (known !== undefined && due.every((node) => node.isSteady) && known.writes.again()) {
      for (const node of due) node.reported();
      return;
    }
    for (const reports of this.#reports.filter(({ members }) => members.some((node) => due.includes(node))))
      this.#end(reports);
    for (const node of due) node.reportStatus();
    if (!due.every((node) => !node.isReportDue && node.isSteady)) return;
    const writes = this.#repeater.reports(due.map(({ node }) => node!));
    if (writes !== null) this.#reports.push({ members: due, writes });
  }

  #end(reports: Reports): void {
    this.#reports.splice(this.#reports.indexOf(reports), 1);
    reports.writes.end();
    for (const [place, node] of reports.writes.objects().entries()) reports.members[place]!.node = node;
  }
}

function sameMembers(a: readonly Beating[], b: readonly Beating[]): boolean {
  return a.length === b.length && a.every((node, place) => node === b[place]);
}
