import type { Deployment } from '#generated/types/apps.v1.ts';
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
import { keyOf, type KubeObject } from '#kubernetes/api/object.ts';
import { amountsOf } from '#kubernetes/api/podRequests.ts';
import { isPodReady, isPodTerminal } from '#kubernetes/api/podStatus.ts';
import { milliValue, unitValue } from '#kubernetes/apimachinery/quantity.ts';
import type { Cluster } from '../cluster.ts';
import { objects, requestsOf } from './objects.ts';

/** What must hold when nothing has been broken for a while. */
export function checkConverged(cluster: Cluster): string[] {
  return [...unready(cluster), ...orphans(cluster), ...wrongEndpoints(cluster), ...wrongQuotas(cluster)];
}

/** How many pods of a Deployment the quotas of its namespace let be, where it is alone with them. */
function roomFor(cluster: Cluster, { metadata, spec }: Deployment): number {
  const one = amountsOf(spec.template.spec?.containers[0]?.resources?.requests);
  let room = Infinity;
  for (const quota of objects(cluster, resourceQuotas)) {
    if (quota.metadata.namespace !== metadata.namespace) continue;
    const hard = amountsOf({ pods: Infinity, ...quota.spec.hard });
    room = Math.min(
      room,
      hard['pods'] ?? Infinity,
      Math.floor(milliValue(quota.spec.hard?.['requests.cpu'] ?? Infinity) / (one['cpu'] ?? 0)),
      Math.floor((hard['requests.memory'] ?? Infinity) / (one['memory'] ?? 0)),
    );
  }
  return room;
}

/** A quota says what there is, to the last pod. */
function wrongQuotas(cluster: Cluster): string[] {
  const found: string[] = [];
  for (const { metadata, status } of objects(cluster, resourceQuotas)) {
    const own = objects(cluster, pods).filter(
      (pod) => pod.metadata.namespace === metadata.namespace && !isPodTerminal(pod),
    );
    const { cpu, memory } = requestsOf(own);
    const used = (status?.used ?? {}) as Record<string, string>;
    const says = `${used['pods']} pods, ${milliValue(used['requests.cpu'])}m, ${unitValue(used['requests.memory'])} bytes`;
    const truth = `${own.length} pods, ${cpu}m, ${memory} bytes`;
    if (says !== truth) found.push(`quota of ${metadata.namespace} says ${says}; there are ${truth}`);
  }
  return found;
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
    const replicas = Math.min(set.spec.replicas ?? 1, roomFor(cluster, set));
    expect(set, 'ready replicas', set.status.readyReplicas ?? 0, replicas);
    const current = objects(cluster, replicaSets).filter((other) =>
      other.metadata.ownerReferences?.some(({ uid }) => uid === set.metadata.uid),
    );
    const count = current.reduce((sum, { metadata }) => sum + owned(metadata.uid), 0);
    expect(set, 'pods', count, replicas);
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
