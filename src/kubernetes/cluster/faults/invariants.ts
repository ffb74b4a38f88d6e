import type { Lease } from '#generated/types/coordination.v1.ts';
import type { Node, Pod, ResourceQuota } from '#generated/types/core.v1.ts';
import { keyOf, type KubeObject } from '#kubernetes/api/object.ts';
import { amountsOf } from '#kubernetes/api/podRequests.ts';
import { isPodTerminal } from '#kubernetes/api/podStatus.ts';
import { milliValue, unitValue } from '#kubernetes/apimachinery/quantity.ts';
import type { EtcdEvent } from '#kubernetes/etcd/version.ts';
import type { Cluster } from '../cluster.ts';
import { DeadEndpoints } from './deadEndpoints.ts';
import { isOverdue, requestsOf } from './objects.ts';

const componentNames = ['etcd', 'kube-apiserver', 'kube-scheduler', 'kube-controller-manager'];
const violationsMax = 20;
/** How often `look` is called, at least. */
export const lookMs = 1_000;
/** Whoever waits for the lease first reads it within 4.4 s, and tries again so soon after it was not renewed for 15 s. */
const electionMs = 24_000 + lookMs;

/** Counts that grow with time. */
interface Counted {
  readonly metadata: { readonly generation?: number };
  readonly status?: { readonly observedGeneration?: number };
}

/**
 * Watches over a cluster: what must hold at every moment, whatever breaks. It sees each write as the store commits it,
 * and keeps its own account of pods, nodes and quotas.
 */
export class Watch {
  readonly violations: string[] = [];
  readonly #cluster: Cluster;
  readonly #endpoints: DeadEndpoints;
  readonly #pods = new Map<string, Pod>();
  readonly #nodes = new Map<string, Node>();
  readonly #quotas = new Map<string, ResourceQuota>();
  readonly #nodeOfPod = new Map<string, string>();
  #revision = 0;
  /** Since when every part of the control plane runs, and the same process does the controllers' work. */
  #wholeSinceMs = Infinity;
  #runsSinceMs = Infinity;
  #leader = '';

  constructor(cluster: Cluster) {
    const { etcd } = cluster;
    this.#cluster = cluster;
    this.#endpoints = new DeadEndpoints(cluster);
    etcd.watch(0, (event) => this.saw(event));
  }

  /** To be called now and then, so often that no component is down in between. */
  look(): void {
    const { nowMs } = this.#cluster.simulation;
    const runs = componentNames.every((name) => this.#cluster.component(name, null)?.isRunning === true);
    this.#runsSinceMs = runs ? Math.min(this.#runsSinceMs, nowMs) : Infinity;
    const isWhole = runs && this.#cluster.controlPlanes.some((plane) => plane.controllerManager.isLeading);
    this.#wholeSinceMs = isWhole ? Math.min(this.#wholeSinceMs, nowMs) : Infinity;
    if (!isWhole && nowMs - this.#runsSinceMs > electionMs) this.#tell('no controller manager leads');
    for (const violation of this.#endpoints.look(this.#wholeSinceMs)) this.#tell(violation);
  }

  /** Every write. */
  saw({ key, value, previous, modRevision }: EtcdEvent<KubeObject>): void {
    if (modRevision <= this.#revision && previous !== undefined && modRevision <= previous.modRevision)
      this.#tell(`revision ${modRevision} of ${key} after ${previous.modRevision}`);
    if (modRevision < this.#revision) this.#tell(`revision ${modRevision} of ${key} after ${this.#revision}`);
    this.#revision = Math.max(this.#revision, modRevision);
    const before = previous?.value;
    if (value !== undefined && before?.metadata.uid === value.metadata.uid) this.#compare(before, value);
    const { kind } = value ?? before ?? {};
    if (kind === 'Pod') this.#sawPod(key, value as Pod | undefined);
    else if (kind === 'Node') note(this.#nodes, (value ?? before)!.metadata.name, value as Node | undefined);
    else if (kind === 'ResourceQuota') note(this.#quotas, key, value as ResourceQuota | undefined);
    else if (kind === 'Lease' && value?.metadata.name === 'kube-controller-manager') this.#sawLease(value);
  }

  /** What was counted on stays so. */
  #compare(before: KubeObject, value: KubeObject): void {
    const count = (what: string, was = 0, is = 0) => {
      if (is < was) this.#tell(`${what} of ${value.kind} ${keyOf(value)} is ${is} after ${was}`);
    };
    const [old, now] = [before as Counted, value as Counted];
    count('generation', old.metadata.generation, now.metadata.generation);
    count('observedGeneration', old.status?.observedGeneration, now.status?.observedGeneration);
  }

  #sawLease(lease: KubeObject): void {
    const { holderIdentity = '' } = (lease as Lease).spec;
    if (holderIdentity === this.#leader) return;
    this.#leader = holderIdentity;
    // The controllers begin with no memory of when a node gave its last sign of life.
    if (this.#wholeSinceMs !== Infinity) this.#wholeSinceMs = this.#cluster.simulation.nowMs;
  }

  #sawPod(key: string, pod: Pod | undefined): void {
    const before = this.#pods.get(key);
    note(this.#pods, key, pod);
    if (pod === undefined) return;
    const { metadata, spec } = pod;
    const isNew = before?.metadata.uid !== metadata.uid;
    if (isNew) this.#checkQuotas(metadata.namespace ?? '');
    if (!spec.nodeName) return;
    const bound = this.#nodeOfPod.get(metadata.uid);
    this.#nodeOfPod.set(metadata.uid, spec.nodeName);
    if (bound === undefined) this.#checkCapacity(spec.nodeName);
    else if (bound !== spec.nodeName)
      this.#tell(`pod ${metadata.name} was bound to ${bound} and to ${spec.nodeName}`);
  }

  #checkCapacity(nodeName: string): void {
    const allocatable = this.#nodes.get(nodeName)?.status.allocatable;
    // A kubelet that has not told what it has yet mirrors its static pods already.
    if (allocatable === undefined) return;
    const own = [...this.#pods.values()].filter(
      (pod) => pod.spec.nodeName === nodeName && !isPodTerminal(pod),
    );
    const { cpu, memory } = requestsOf(own);
    const most = amountsOf(allocatable);
    if (own.length > (most['pods'] ?? 0) || cpu > (most['cpu'] ?? 0) || memory > (most['memory'] ?? 0))
      this.#tell(
        `node ${nodeName} holds ${own.length} pods that ask for ${cpu}m and ${memory} bytes, of ${most['pods']}, ${most['cpu']}m and ${most['memory']}`,
      );
  }

  #checkQuotas(namespace: string): void {
    for (const { metadata, spec } of this.#quotas.values()) {
      if (metadata.namespace !== namespace) continue;
      const { nowMs } = this.#cluster.simulation;
      const own = [...this.#pods.values()].filter(
        (pod) => pod.metadata.namespace === namespace && !isPodTerminal(pod) && !isOverdue(pod, nowMs),
      );
      const { cpu, memory } = requestsOf(own);
      const hard = (spec.hard ?? {}) as Record<string, string>;
      const exceeds = (what: string, is: number, most: number) => {
        if (is > most) this.#tell(`quota of ${namespace}: ${is} ${what}, allowed are ${most}`);
      };
      exceeds('pods', own.length, unitValue(hard['pods'] ?? Infinity));
      exceeds('millicores', cpu, milliValue(hard['requests.cpu'] ?? Infinity));
      exceeds('bytes', memory, unitValue(hard['requests.memory'] ?? Infinity));
    }
  }

  #tell(violation: string): void {
    if (this.violations.length < violationsMax && !this.violations.includes(violation))
      this.violations.push(violation);
  }
}

function note<T>(map: Map<string, T>, key: string, value: T | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}
