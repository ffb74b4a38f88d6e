import type { Pod } from '#generated/types/core.v1.ts';
import type { EndpointSlice } from '#generated/types/discovery.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { prefixEnd } from '#kubernetes/etcd/etcd.ts';
import { assert } from '#sim/assert.ts';
import type { Session } from './session.ts';

/** From a pod that is gone or going to a slice without it: one pass of the endpoints' controller. */
const controllerMs = 2_000;
/** From a machine's end to its pods' Ready=False: the monitor's grace period, its period, and its writes. */
const nodeLostMs = 50_000 + 5_000 + 5_000;

/** After a stop of the control plane: the longest pause of a client that tries again, and one pass. */
const recoveryMs = 60_000;
const needed = ['etcd', 'kube-apiserver', 'kube-controller-manager'];

/**
 * Holds the promise that no ready endpoint points at a dead pod for longer than Kubernetes would let it. It
 * only looks, and fails with the endpoint that lived too long.
 */
export class EndpointInvariant {
  readonly #session: Session;
  /** When each ready endpoint was first seen to be dead, by its pod. */
  readonly #dead = new Map<string, number>();
  /** Until when nobody can be expected to keep the promise. */
  #excusedUntilMs = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  look(): void {
    const { nowMs } = this.#session.simulation;
    const isDown = this.#session.cluster.components.some(
      ({ name, isRunning }) => !isRunning && needed.includes(name),
    );
    if (isDown) this.#excusedUntilMs = nowMs + recoveryMs;
    if (nowMs < this.#excusedUntilMs) return this.#dead.clear();
    const dead = new Map(this.#deadEndpoints());
    for (const name of this.#dead.keys()) if (!dead.has(name)) this.#dead.delete(name);
    for (const [name, allowedMs] of dead) {
      const sinceMs = this.#dead.get(name) ?? nowMs;
      this.#dead.set(name, sinceMs);
      assert(
        nowMs - sinceMs <= allowedMs,
        `the ready endpoint ${name} has been dead for ${nowMs - sinceMs} ms`,
      );
    }
  }

  *#deadEndpoints(): Iterable<[string, number]> {
    const stopped = new Set<string>();
    for (const { input } of this.#session.inputs) {
      if (input.type !== 'fault') continue;
      const { type } = input.fault;
      if (type === 'stopNode' || type === 'partitionNode') stopped.add(input.fault.node);
      if (type === 'startNode' || type === 'healNode') stopped.delete(input.fault.node);
    }
    const pods = new Map((this.#all('pods') as Pod[]).map((pod) => [pod.metadata.uid, pod]));
    for (const slice of this.#all('endpointslices') as EndpointSlice[]) {
      for (const { conditions, targetRef } of slice.endpoints ?? []) {
        if (targetRef?.kind !== 'Pod' || conditions?.ready !== true) continue;
        const pod = pods.get(targetRef.uid ?? '');
        const name = `${slice.metadata.name} → ${targetRef.name}`;
        if (pod === undefined || pod.metadata.deletionTimestamp) yield [name, controllerMs];
        else if (stopped.has(pod.spec?.nodeName ?? '')) yield [name, nodeLostMs];
        else if (!isReady(pod)) yield [name, controllerMs];
      }
    }
  }

  #all(plural: string): readonly KubeObject[] {
    const prefix = `/registry/${plural}/`;
    const { kvs } = this.#session.cluster.etcd.range({ from: prefix, end: prefixEnd(prefix) });
    return kvs.map(({ value }) => value!);
  }
}

function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}
