import type { Pod } from '#generated/types/core.v1.ts';
import { daemonSets } from '#kubernetes/api/apps/daemonSet.ts';
import { deployments } from '#kubernetes/api/apps/deployment.ts';
import { replicaSets } from '#kubernetes/api/apps/replicaSet.ts';
import { statefulSets } from '#kubernetes/api/apps/statefulSet.ts';
import { jobs } from '#kubernetes/api/batch/job.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { resourceQuotas } from '#kubernetes/api/core/resourceQuota.ts';
import { services } from '#kubernetes/api/core/service.ts';
import { endpointSlices } from '#kubernetes/api/discovery/endpointSlice.ts';
import type { Kind } from '#kubernetes/api/kind.ts';
import { keyOf, type KubeObject } from '#kubernetes/api/object.ts';
import { podRequests } from '#kubernetes/api/podRequests.ts';
import { isPodReady, isPodTerminal } from '#kubernetes/api/podStatus.ts';
import { milliValue } from '#kubernetes/apimachinery/quantity.ts';
import { parseTime } from '#kubernetes/apimachinery/time.ts';
import type { Cluster } from '../cluster.ts';

/**
 * How long an endpoint may stay ready whose machine is off, while all of the control plane runs: the node's grace, two
 * looks, and what writes take.
 */
const deadEndpointMs = 75_000;

/** Watches over a cluster: what must hold at every moment, whatever breaks. */
export class Watch {
  readonly violations: string[] = [];
  readonly #cluster: Cluster;
  readonly #nodeOfPod = new Map<string, string>();
  #revision: number;
  /** Since when each machine is off, and the control plane whole. */
  readonly #offSince = new Map<string, number>();
  #wholeSince = Infinity;

  constructor(cluster: Cluster) {
    const { etcd } = cluster;
    this.#cluster = cluster;
    this.#revision = etcd.revision;
    etcd.watch(etcd.revision, ({ key, value, modRevision }) => {
      if (modRevision < this.#revision)
        this.#tell(`revision ${modRevision} of ${key} after ${this.#revision}`);
      this.#revision = modRevision;
      if (value?.kind === 'Pod') this.#podWritten(value as Pod);
    });
  }

  /** To be called now and then. */
  look(isWhole: boolean): void {
    const { nowMs } = this.#cluster.simulation;
    if (!isWhole) this.#wholeSince = Infinity;
    else if (this.#wholeSince === Infinity) this.#wholeSince = nowMs;
    for (const [name, { isUp }] of this.#cluster.nodes.kubelets) {
      if (isUp) this.#offSince.delete(name);
      else if (!this.#offSince.has(name)) this.#offSince.set(name, nowMs);
    }
    this.#checkCapacity();
    this.#checkQuotas();
    this.#checkEndpoints();
  }

  #podWritten({ metadata, spec }: Pod): void {
    if (!spec.nodeName) return;
    const before = this.#nodeOfPod.get(metadata.uid);
    if (before !== undefined && before !== spec.nodeName)
      this.#tell(`pod ${metadata.name} was bound to ${before} and to ${spec.nodeName}`);
    this.#nodeOfPod.set(metadata.uid, spec.nodeName);
  }

  #checkCapacity(): void {
    const used = new Map<string, { cpu: number; pods: number }>();
    for (const pod of objects(this.#cluster, pods)) {
      if (!pod.spec.nodeName || isPodTerminal(pod)) continue;
      const sum = used.get(pod.spec.nodeName) ?? { cpu: 0, pods: 0 };
      used.set(pod.spec.nodeName, { cpu: sum.cpu + cpuOf(pod), pods: sum.pods + 1 });
    }
    for (const { metadata, status } of objects(this.#cluster, nodes)) {
      const { cpu = 0, pods: count = 0 } = used.get(metadata.name) ?? {};
      const allocatable = (status.allocatable ?? {}) as Record<string, string>;
      if (cpu > milliValue(allocatable['cpu']) || count > Number(allocatable['pods']))
        this.#tell(`node ${metadata.name} holds ${count} pods that ask for ${cpu}m of ${allocatable['cpu']}`);
    }
  }

  #checkQuotas(): void {
    for (const { metadata, spec } of objects(this.#cluster, resourceQuotas)) {
      const counted = objects(this.#cluster, pods).filter(
        (pod) =>
          pod.metadata.namespace === metadata.namespace &&
          !isPodTerminal(pod) &&
          !isOverdue(pod, this.#cluster.simulation.nowMs),
      );
      const cpu = counted.reduce((sum, pod) => sum + cpuOf(pod), 0);
      const hard = (spec.hard ?? {}) as Record<string, string>;
      if (counted.length > Number(hard['pods'] ?? Infinity))
        this.#tell(`quota of ${metadata.namespace}: ${counted.length} pods, allowed are ${hard['pods']}`);
      if (cpu > milliValue(hard['requests.cpu'] ?? '1000'))
        this.#tell(`quota of ${metadata.namespace}: ${cpu}m of CPU, allowed are ${hard['requests.cpu']}`);
    }
  }

  #checkEndpoints(): void {
    const { nowMs } = this.#cluster.simulation;
    if (nowMs - this.#wholeSince < deadEndpointMs) return;
    for (const { endpoints = [], metadata } of objects(this.#cluster, endpointSlices))
      for (const { conditions, nodeName = '', targetRef } of endpoints ?? []) {
        const offMs = nowMs - (this.#offSince.get(nodeName) ?? nowMs);
        if (conditions?.ready === true && offMs > deadEndpointMs)
          this.#tell(
            `${metadata.name} leads to ${targetRef?.name} on ${nodeName}, which is off for ${offMs} ms`,
          );
      }
  }

  #tell(violation: string): void {
    if (this.violations.length < 20 && !this.violations.includes(violation)) this.violations.push(violation);
  }
}

/** What must hold when nothing has been broken for a while. */
export function checkConverged(cluster: Cluster): string[] {
  return [...unready(cluster), ...orphans(cluster), ...wrongEndpoints(cluster)];
}

function unready(cluster: Cluster): string[] {
  const found: string[] = [];
  const expect = (object: KubeObject, what: string, is: number, shouldBe: number) => {
    if (is !== shouldBe) found.push(`${object.kind} ${keyOf(object)} has ${is} ${what}, not ${shouldBe}`);
  };
  const all = objects(cluster, pods);
  const owned = (uid: string) =>
    all.filter(
      (pod) => !isPodTerminal(pod) && pod.metadata.ownerReferences?.some((owner) => owner.uid === uid),
    ).length;
  for (const set of objects(cluster, deployments)) {
    const { replicas = 1 } = set.spec;
    const isLimited = set.metadata.namespace === 'limited';
    if (!isLimited) expect(set, 'ready replicas', set.status.readyReplicas ?? 0, replicas);
    const current = objects(cluster, replicaSets).filter((other) =>
      other.metadata.ownerReferences?.some(({ uid }) => uid === set.metadata.uid),
    );
    const count = current.reduce((sum, { metadata }) => sum + owned(metadata.uid), 0);
    if (!isLimited) expect(set, 'pods', count, replicas);
    else if (count === 0) found.push(`Deployment ${keyOf(set)} has no pod, though its quota has room`);
  }
  for (const set of objects(cluster, statefulSets)) {
    expect(set, 'ready replicas', set.status.readyReplicas ?? 0, set.spec.replicas ?? 1);
    expect(set, 'pods', owned(set.metadata.uid), set.spec.replicas ?? 1);
  }
  for (const set of objects(cluster, daemonSets)) {
    expect(set, 'ready pods', set.status.numberReady ?? 0, set.status.desiredNumberScheduled ?? 0);
    expect(set, 'pods', owned(set.metadata.uid), set.status.desiredNumberScheduled ?? 0);
  }
  for (const job of objects(cluster, jobs)) {
    const isOver = job.status?.conditions?.some(
      ({ type, status }) => type === 'Complete' && status === 'True',
    );
    if (!isOver) found.push(`Job ${keyOf(job)} is not complete: ${job.status?.succeeded ?? 0} succeeded`);
  }
  for (const { metadata, status } of objects(cluster, nodes))
    if (!status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True'))
      found.push(`Node ${metadata.name} is not Ready`);
  return found;
}

function orphans(cluster: Cluster): string[] {
  const found: string[] = [];
  const everything = cluster.etcd
    .range({ from: '/registry/', end: '/registry0' })
    .kvs.map(({ value }) => value as KubeObject);
  const uids = new Set(everything.map(({ metadata }) => metadata.uid));
  for (const object of everything)
    for (const owner of object.metadata.ownerReferences ?? [])
      if (!uids.has(owner.uid))
        found.push(`${object.kind} ${keyOf(object)} outlived ${owner.kind} ${owner.name}`);
  const podUids = new Set<string>();
  const nodeNames = new Set(objects(cluster, nodes).map(({ metadata }) => metadata.name));
  for (const pod of objects(cluster, pods)) {
    podUids.add(pod.metadata.uid);
    if (pod.metadata.deletionTimestamp !== undefined) found.push(`pod ${keyOf(pod)} is still being deleted`);
    if (pod.spec.nodeName && !nodeNames.has(pod.spec.nodeName))
      found.push(`pod ${keyOf(pod)} is on ${pod.spec.nodeName}, which is gone`);
    const mirror = pod.metadata.annotations?.['kubernetes.io/config.mirror'];
    if (mirror !== undefined) podUids.add(mirror);
  }
  for (const [name, { workers }] of cluster.nodes.kubelets)
    for (const [uid, { pod }] of workers)
      if (!podUids.has(uid)) found.push(`${name} still runs ${keyOf(pod)}, which is gone`);
  return found;
}

function wrongEndpoints(cluster: Cluster): string[] {
  const found: string[] = [];
  const byUid = new Map(objects(cluster, pods).map((pod) => [pod.metadata.uid, pod]));
  const led = new Map<string, Set<string>>();
  for (const { metadata, endpoints } of objects(cluster, endpointSlices))
    for (const { addresses, conditions, targetRef } of endpoints ?? []) {
      if (targetRef?.uid === undefined) continue;
      const pod = byUid.get(targetRef.uid);
      if (pod === undefined || addresses[0] !== pod.status.podIP)
        found.push(`${metadata.name} leads to ${targetRef.name} at ${addresses[0]}, which is not there`);
      else if ((conditions?.ready === true) !== isPodReady(pod))
        found.push(`${metadata.name} says ready ${conditions?.ready} of ${targetRef.name}`);
      const service = `${metadata.namespace}/${metadata.labels?.['kubernetes.io/service-name']}`;
      led.set(service, (led.get(service) ?? new Set()).add(targetRef.uid));
    }
  for (const service of objects<KubeObject & { spec: { selector?: Record<string, string> } }>(
    cluster,
    services,
  )) {
    const { selector } = service.spec;
    if (selector === undefined) continue;
    for (const pod of byUid.values()) {
      const isSelected = Object.entries(selector).every(
        ([key, value]) => pod.metadata.labels?.[key] === value,
      );
      const isThere = pod.metadata.namespace === service.metadata.namespace && isSelected && isPodReady(pod);
      if (isThere && led.get(keyOf(service))?.has(pod.metadata.uid) !== true)
        found.push(`Service ${keyOf(service)} does not lead to ${keyOf(pod)}`);
    }
  }
  return found;
}

function objects<T extends KubeObject>({ apiServer }: Cluster, kind: Kind<T>): readonly T[] {
  return apiServer.storage.list(kind, '').items as unknown as readonly T[];
}

/** A pod that is still there after its grace counts no more. Upstream: quota/v1/evaluator/core QuotaV1Pod */
function isOverdue({ metadata }: Pod, nowMs: number): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = metadata;
  if (deletionTimestamp === undefined) return false;
  return nowMs > parseTime(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

function cpuOf({ spec }: Pod): number {
  return podRequests(spec).requests['cpu'] ?? 0;
}
