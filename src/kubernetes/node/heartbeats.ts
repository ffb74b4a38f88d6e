// Upstream: component-helpers/apimachinery/lease/controller.go, pkg/kubelet/kubelet.go (renew interval fraction)
import type { Simulation } from '#sim/simulation.ts';

/** Upstream: nodeLeaseDurationSeconds, renewed every quarter of it. */
export const leaseDurationSeconds = 40;
const heartbeatPeriodMs = 10_000;
/** So many nodes beat in one event, so that no event is long however many nodes there are. */
const nodesPerEvent = 32;

/** Something that beats: a kubelet that runs. */
export interface Beating {
  heartbeat(): void;
}

/** The heartbeats of all nodes of a cluster: one sweep, and one timer while there are few nodes (D2). */
export class Heartbeats {
  readonly #simulation: Simulation;
  readonly #beating = new Set<Beating>();
  #stop: (() => void) | null = null;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  add(node: Beating): void {
    this.#beating.add(node);
    this.#stop ??= this.#simulation.every(heartbeatPeriodMs, 'kubelet', () => this.#sweep());
  }

  remove(node: Beating): void {
    this.#beating.delete(node);
    if (this.#beating.size > 0) return;
    this.#stop?.();
    this.#stop = null;
  }

  /** Beats for all nodes within the period, a few at a time. */
  #sweep(): void {
    const nodes = [...this.#beating];
    const stepMs = Math.floor((heartbeatPeriodMs * nodesPerEvent) / Math.max(nodes.length, nodesPerEvent));
    for (let at = 0, event = 0; at < nodes.length; at += nodesPerEvent, event++) {
      const some = nodes.slice(at, at + nodesPerEvent);
      if (event === 0) this.#beat(some);
      else this.#simulation.after(event * stepMs, () => this.#beat(some));
    }
  }

  #beat(nodes: readonly Beating[]): void {
    for (const node of nodes) if (this.#beating.has(node)) node.heartbeat();
  }
}
