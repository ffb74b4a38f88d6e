// Upstream: pkg/controller/podgc/gc_controller.go
import type { Node, Pod, PodCondition } from '#generated/types/core.v1.ts';
import { isNodeReady, nodes } from '#kubernetes/api/core/node.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { isPodTerminal, withCondition } from '#kubernetes/api/podStatus.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import type { Controller, ControllerContext } from '../controller.ts';
import { attemptAll } from '../podControl.ts';

/** Upstream: gcCheckPeriod. */
const periodMs = 20_000;
/** Upstream: quarantineTime: a node may only be new to this cache. */
const quarantineMs = 40_000;
/** Upstream: --terminated-pod-gc-threshold. */
const terminatedPodsMax = 12_500;
const outOfServiceKey = 'node.kubernetes.io/out-of-service';

interface Room extends ControllerContext {
  readonly podCache: Informer<Pod>;
  readonly nodeCache: Informer<Node>;
  /** Nodes that pods name and nobody knows, each with the time when that was first seen. */
  readonly missing: Map<string, number>;
}

/** Removes pods that no kubelet will remove: of nodes that are gone, never bound ones, too many ended ones. */
export const podGarbageCollectorController: Controller = {
  name: 'pod-garbage-collector-controller',
  account: 'pod-garbage-collector',
  start(context) {
    const { simulation, informers } = context;
    const room: Room = {
      ...context,
      podCache: informers.of(pods),
      nodeCache: informers.of(nodes),
      missing: new Map(),
    };
    return simulation.every(periodMs, 'pod-garbage-collector-controller', () => collect(room));
  },
};

function collect(room: Room): void {
  const all = [...room.podCache.list()];
  collectEnded(room, all);
  collectOutOfService(room, all);
  collectOrphaned(room, all);
  collectUnbound(room, all);
}

/** Beyond the threshold the pods that ended first go first; evicted ones before all others. */
function collectEnded(room: Room, all: readonly Pod[]): void {
  const ended = all.filter(isPodTerminal);
  const surplus = ended.length - terminatedPodsMax;
  if (surplus <= 0) return;
  const isEvicted = ({ status }: Pod) => status.reason === 'Evicted';
  const ordered = ended.toSorted(
    (a, b) => Number(isEvicted(b)) - Number(isEvicted(a)) || compareCreation(a, b),
  );
  attemptAll(ordered.slice(0, surplus), (pod) => remove(room, pod));
}

function compareCreation({ metadata: a }: Pod, { metadata: b }: Pod): number {
  if (a.creationTimestamp !== b.creationTimestamp) return a.creationTimestamp < b.creationTimestamp ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}

/** Pods that terminate on a node which an admin has declared out of service. */
function collectOutOfService(room: Room, all: readonly Pod[]): void {
  const doomed = all.filter((pod) => {
    if (pod.metadata.deletionTimestamp === undefined) return false;
    const node = room.nodeCache.get(pod.spec.nodeName ?? '');
    const isOut = node?.spec.taints?.some(({ key }) => key === outOfServiceKey) ?? false;
    return isOut && !isNodeReady(node!);
  });
  attemptAll(doomed, (pod) => remove(room, pod));
}

/** Pods of nodes that have been gone for as long as the quarantine. */
function collectOrphaned(room: Room, all: readonly Pod[]): void {
  const { nodeCache, missing, simulation, client } = room;
  const named = new Set(all.map(({ spec }) => spec.nodeName).filter((name) => name !== undefined));
  for (const name of missing.keys()) {
    if (!named.has(name) || nodeCache.get(name) !== undefined) missing.delete(name);
  }
  for (const name of named) {
    if (nodeCache.get(name) === undefined && !missing.has(name)) missing.set(name, simulation.nowMs);
  }
  const gone = new Set<string>();
  for (const [name, sinceMs] of missing) {
    if (simulation.nowMs - sinceMs < quarantineMs) continue;
    try {
      client.get(nodes, '', name);
    } catch (error) {
      if (isStatus(error, 'NotFound')) gone.add(name);
    }
  }
  const doomed = all.filter(({ spec }) => gone.has(spec.nodeName ?? ''));
  attemptAll(doomed, (pod) =>
    remove(room, pod, {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByPodGC',
      message: 'PodGC: node no longer exists',
      lastTransitionTime: formatTime(simulation.nowMs),
    }),
  );
}

/** Pods that are deleted and were never bound: no kubelet will finish them. */
function collectUnbound(room: Room, all: readonly Pod[]): void {
  const doomed = all.filter(
    ({ metadata, spec }) => metadata.deletionTimestamp !== undefined && !spec.nodeName,
  );
  attemptAll(doomed, (pod) => remove(room, pod));
}

/** Marks a pod that never ended as Failed, then removes it at once. */
function remove({ client }: Room, pod: Pod, disrupted?: PodCondition): void {
  const { namespace = '', name, uid } = pod.metadata;
  try {
    const fresh = client.get(pods, namespace, name);
    if (!isPodTerminal(fresh)) {
      const { conditions } = fresh.status;
      const status: Pod['status'] = {
        ...fresh.status,
        phase: 'Failed',
        ...(disrupted && { conditions: withCondition(conditions, disrupted) }),
      };
      client.updateStatus(pods, { ...fresh, status });
    }
    client.delete(pods, namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
  } catch (error) {
    if (!isStatus(error, 'NotFound')) throw error;
  }
}
