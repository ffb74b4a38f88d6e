// Upstream: pkg/controller/nodelifecycle/node_lifecycle_controller.go ComputeZoneState, scheduler/rate_limited_queue.go
import type { Node } from '#generated/types/core.v1.ts';

/** Upstream: --node-eviction-rate, --secondary-node-eviction-rate, in nodes per second. */
const evictionRate = 0.1;
const secondaryEvictionRate = 0.01;
/** Upstream: --large-cluster-size-threshold: smaller zones that are disrupted in part evict nothing. */
const largeZoneSize = 50;
/** Upstream: --unhealthy-zone-threshold. */
const unhealthyZoneShare = 0.55;
/** Upstream: so many nodes must be down at least for a zone to count as disrupted in part. */
const unhealthyNodesMin = 3;

export type ZoneState = 'Normal' | 'PartialDisruption' | 'FullDisruption';

/** The zone of a node, by its region and zone labels; `''` for none. */
export function zoneOf({ metadata }: Node): string {
  const region = metadata.labels?.['topology.kubernetes.io/region'] ?? '';
  const zone = metadata.labels?.['topology.kubernetes.io/zone'] ?? '';
  return region === '' && zone === '' ? '' : `${region}/${zone}`;
}

/** What a zone's numbers of ready and other nodes say of it. */
export function computeZoneState(ready: number, notReady: number): ZoneState {
  if (ready === 0 && notReady > 0) return 'FullDisruption';
  const share = notReady / (notReady + ready);
  return notReady >= unhealthyNodesMin && share >= unhealthyZoneShare ? 'PartialDisruption' : 'Normal';
}

/** The nodes of one zone whose pods are to be evicted, let through one by one. */
export class Zone {
  state: ZoneState = 'Normal';
  readonly #waiting = new Set<string>();
  #rate = evictionRate;
  #nextMs = 0;

  add(node: string): void {
    this.#waiting.add(node);
  }

  remove(node: string): void {
    this.#waiting.delete(node);
  }

  /** How fast nodes are let through now: a zone whose nodes all fail is likely not to be reached at all. */
  setState(state: ZoneState, size: number): void {
    this.state = state;
    const partialRate = size > largeZoneSize ? secondaryEvictionRate : 0;
    this.#rate = state === 'PartialDisruption' ? partialRate : evictionRate;
  }

  /** Lets nothing through: every zone fails, so the fault is likely the controller's own. */
  stop(): void {
    this.state = 'FullDisruption';
    this.#rate = 0;
  }

  /** True when nothing waits, and all of its nodes are well. */
  get isCalm(): boolean {
    return this.#waiting.size === 0 && this.state === 'Normal';
  }

  /** The next node that may be evicted, null when it is not time yet. */
  take(nowMs: number): string | null {
    const next = this.#waiting.values().next().value;
    if (next === undefined || this.#rate === 0 || nowMs < this.#nextMs) return null;
    this.#waiting.delete(next);
    this.#nextMs = nowMs + 1000 / this.#rate;
    return next;
  }
}
