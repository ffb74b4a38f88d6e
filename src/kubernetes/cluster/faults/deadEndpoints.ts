import type { Pod } from '#generated/types/core.v1.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { endpointSlices } from '#kubernetes/api/discovery/endpointSlice.ts';
import { isPodReady, isPodTerminal } from '#kubernetes/api/podStatus.ts';
import { monitorGraceMs } from '#kubernetes/controllers/nodelifecycle/nodeHealth.ts';
import { monitorPeriodMs } from '#kubernetes/controllers/nodelifecycle/nodeLifecycleController.ts';
import type { Cluster } from '../cluster.ts';
import { controlPlane } from '../controlPlane.ts';
import { objects } from './objects.ts';

/** From a pod's change to its endpoint's: a kubelet's relist, a few syncs, and the turns that writes have to wait for. */
const followMs = 10_000;
/** From a node's last sign of life: its grace, the two looks that can fall between, and what follows from it. */
const lostMs = monitorGraceMs + 2 * monitorPeriodMs + followMs;

/** Why an endpoint should not be ready. Each reason has its time. */
type Death = 'is gone' | 'is not ready' | 'has ended' | 'is on a node that is lost';

const boundMs: Readonly<Record<Death, number>> = {
  'is gone': followMs,
  'is not ready': followMs,
  'has ended': followMs,
  'is on a node that is lost': lostMs,
};

/** Since when an endpoint leads to something dead, and for how long it may. */
interface Seen {
  readonly sinceMs: number;
  readonly mostMs: number;
}

/** Notes ready endpoints that lead to what is dead, and how long they do. */
export class DeadEndpoints {
  readonly #cluster: Cluster;
  /** By endpoint and reason: when it was first seen, and for how long it may last. */
  #seen = new Map<string, Seen>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** What leads to the dead for longer than Kubernetes would let it. While its parts do not run, time does not count. */
  look(wholeSinceMs: number): string[] {
    const { nowMs } = this.#cluster.simulation;
    const byUid = new Map(objects(this.#cluster, pods).map((pod) => [pod.metadata.uid, pod]));
    const seen = new Map<string, Seen>();
    const found: string[] = [];
    for (const { endpoints, metadata } of objects(this.#cluster, endpointSlices))
      for (const { conditions, nodeName = '', targetRef } of endpoints ?? []) {
        if (conditions?.ready !== true || targetRef?.uid === undefined) continue;
        const death = this.#deathOf(byUid.get(targetRef.uid), nodeName);
        if (death === null) continue;
        const key = `${metadata.uid} ${targetRef.uid} ${death}`;
        const before = this.#seen.get(key) ?? { sinceMs: nowMs, mostMs: 0 };
        // What a slow node has begun does not get faster when it is mended.
        const mostMs = Math.max(before.mostMs, this.#boundOf(death, nodeName));
        seen.set(key, { ...before, mostMs });
        const forMs = nowMs - Math.max(before.sinceMs, wholeSinceMs);
        if (forMs > mostMs)
          found.push(
            `${metadata.name} says ready of ${targetRef.name}, which ${death} for more than ${mostMs} ms`,
          );
      }
    this.#seen = seen;
    return found;
  }

  /** A slow node takes so many times longer to see what ended on it. */
  #boundOf(death: Death, nodeName: string): number {
    const slowness = this.#cluster.nodes.kubelets.get(nodeName)?.slowness ?? 1;
    return boundMs[death] * (death === 'has ended' ? slowness : 1);
  }

  #deathOf(pod: Pod | undefined, nodeName: string): Death | null {
    const kubelet = this.#cluster.nodes.kubelets.get(nodeName);
    const isLost =
      kubelet === undefined ||
      !kubelet.isUp ||
      !kubelet.isRunning ||
      this.#cluster.network.isCut(nodeName, controlPlane.name);
    if (pod === undefined) return 'is gone';
    if (isPodTerminal(pod) || !isPodReady(pod) || pod.metadata.deletionTimestamp !== undefined)
      return 'is not ready';
    if (isLost) return 'is on a node that is lost';
    const worker = kubelet.workers.get(pod.metadata.uid);
    const runs = worker?.slots.some(({ isInit, state }) => !isInit && state === 'running') === true;
    return runs ? null : 'has ended';
  }
}
