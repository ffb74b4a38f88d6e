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
import { inTurns } from '#sim/turns.ts';

/** Upstream: gcCheckPeriod. */
const periodMs = 20_000;
/** Upstream: quarantineTime: a node may only be new to this cache. */
const quarantineMs = 40_000;
/** Upstream: --terminated-pod-gc-threshold. */
const terminatedPodsMax = 12_500;
/** Pods that one event looks at, and that one event removes. */
const podsPerTurn = 2_000;
const removesPerTurn = 64;
const outOfServiceKey = 'node.kubernetes.io/out-of-service';

interface Room extends ControllerContext {
  readonly podCache: Informer<Pod>;
  readonly nodeCache: Informer<Node>;
  /** Nodes that pods name and nobody knows, each with the time when that was first seen. */
  readonly missing: Map<string, number>;
  /** False after a look that found nothing: until something changes, the next would not either. */
  isDue: boolean;
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
      isDue: true,
    };
    const due = () => {
      room.isDue = true;
    };
    room.podCache.onChange(due);
    room.nodeCache.onChange(due);
    return simulation.every(periodMs, 'pod-garbage-collector-controller', () => collect(room));
  },
};

/** What one look at all pods has found. */
interface Findings {
  readonly ended: Pod[];
  readonly outOfService: Pod[];
  readonly unbound: Pod[];
  readonly byNode: Map<string, Pod[]>;
}

function collect(room: Room): void {
  if (!room.isDue) return;
  room.isDue = false;
  const findings: Findings = { ended: [], outOfService: [], unbound: [], byNode: new Map() };
  inTurns(
    room.simulation,
    [...room.podCache.list()],
    podsPerTurn,
    (pod) => look(room, pod, findings),
    () => {
      const { ended, outOfService, unbound, byNode } = findings;
      if (ended.length + outOfService.length + unbound.length + byNode.size > 0) room.isDue = true;
      removeFound(room, findings);
    },
  );
}

function look(
  { nodeCache, missing }: Room,
  pod: Pod,
  { ended, outOfService, unbound, byNode }: Findings,
): void {
  if (isPodTerminal(pod)) ended.push(pod);
  const { nodeName } = pod.spec;
  const isDeleted = pod.metadata.deletionTimestamp !== undefined;
  if (!nodeName) {
    if (isDeleted) unbound.push(pod);
    return;
  }
  const node = nodeCache.get(nodeName);
  if (node === undefined || missing.has(nodeName)) {
    const shelf = byNode.get(nodeName);
    if (shelf === undefined) byNode.set(nodeName, [pod]);
    else shelf.push(pod);
  }
  if (!isDeleted || node === undefined) return;
  // Pods that terminate on a node which an admin has declared out of service.
  const isOut = node.spec.taints?.some(({ key }) => key === outOfServiceKey) ?? false;
  if (isOut && !isNodeReady(node)) outOfService.push(pod);
}

function removeFound(room: Room, findings: Findings): void {
  const orphaned = orphansOf(room, findings.byNode);
  const disrupted: PodCondition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'DeletionByPodGC',
    message: 'PodGC: node no longer exists',
    lastTransitionTime: formatTime(room.simulation.nowMs),
  };
  const doomed = [
    ...surplusOf(findings.ended),
    ...findings.outOfService,
    ...orphaned,
    // Deleted and never bound: no kubelet will finish them.
    ...findings.unbound,
  ];
  const isOrphaned = new Set(orphaned);
  inTurns(room.simulation, doomed, removesPerTurn, (pod) => {
    attemptAll([pod], () => remove(room, pod, isOrphaned.has(pod) ? disrupted : undefined));
  });
}

/** Beyond the threshold the pods that ended first go first; evicted ones before all others. */
function surplusOf(ended: readonly Pod[]): readonly Pod[] {
  const surplus = ended.length - terminatedPodsMax;
  if (surplus <= 0) return [];
  const isEvicted = ({ status }: Pod) => status.reason === 'Evicted';
  const ordered = ended.toSorted(
    (a, b) => Number(isEvicted(b)) - Number(isEvicted(a)) || compareCreation(a, b),
  );
  return ordered.slice(0, surplus);
}

function compareCreation({ metadata: a }: Pod, { metadata: b }: Pod): number {
  if (a.creationTimestamp !== b.creationTimestamp) return a.creationTimestamp < b.creationTimestamp ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}

/** Pods of nodes that have been gone for as long as the quarantine; `byNode` has those of nodes nobody knows. */
function orphansOf(room: Room, byNode: ReadonlyMap<string, readonly Pod[]>): readonly Pod[] {
  const { nodeCache, missing, simulation, client } = room;
  for (const name of missing.keys()) {
    if (!byNode.has(name) || nodeCache.get(name) !== undefined) missing.delete(name);
  }
  for (const name of byNode.keys()) {
    if (nodeCache.get(name) === undefined && !missing.has(name)) missing.set(name, simulation.nowMs);
  }
  const orphaned: Pod[] = [];
  for (const [name, sinceMs] of missing) {
    if (simulation.nowMs - sinceMs < quarantineMs) continue;
    try {
      client.get(nodes, '', name);
    } catch (error) {
      if (isStatus(error, 'NotFound')) orphaned.push(...byNode.get(name)!);
    }
  }
  return orphaned;
}

/** Marks a pod that never ended as Failed, then removes it at once. */
function remove({ client }: Room, pod: Pod, disrupted?: PodCondition): void {
  const { namespace = '', name, uid } = pod.metadata;
  try {
    // Its role lets it patch the status, and read pods by list and watch alone.
    if (!isPodTerminal(pod)) {
      const { conditions } = pod.status;
      const status: Pod['status'] = {
        phase: 'Failed',
        ...(disrupted && { conditions: withCondition(conditions, disrupted) }),
      };
      client.patch(pods, namespace, name, { type: 'merge', body: { status }, subresource: 'status' });
    }
    client.delete(pods, namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
  } catch (error) {
    if (!isStatus(error, 'NotFound')) throw error;
  }
}
