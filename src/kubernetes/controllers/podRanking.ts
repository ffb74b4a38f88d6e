// Upstream: pkg/controller/controller_utils.go ActivePodsWithRanks
import type { Pod } from '#generated/types/core.v1.ts';
import { isPodReady, isSidecar, podCondition } from '#kubernetes/api/podStatus.ts';

const deletionCostAnnotation = 'controller.kubernetes.io/pod-deletion-cost';
const phaseOrder: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/** A pod with all that decides about it, read once: a comparison of thousands must not parse times. */
interface RankedPod {
  readonly pod: Pod;
  readonly isBound: number;
  readonly phase: number;
  readonly isReady: number;
  readonly cost: number;
  /** How many of its relatives are on the same node. */
  readonly rank: number;
  readonly readyMs: number | null;
  readonly restarts: number;
  readonly sidecarRestarts: number;
  readonly createdMs: number;
}

/**
 * The `count` pods that are missed least: unassigned, pending, not ready, cheap, crowded, young (by magnitude
 * of age, so that it is not always the same), often restarted. `rankOf` counts a pod's relatives on its node.
 */
export function leastMissed(
  pods: readonly Pod[],
  count: number,
  nowMs: number,
  rankOf: (pod: Pod) => number = () => 0,
): readonly Pod[] {
  if (count >= pods.length) return pods;
  return pods
    .map((pod) => readRank(pod, rankOf(pod)))
    .sort((a, b) => compareRanks(a, b, nowMs))
    .slice(0, count)
    .map(({ pod }) => pod);
}

function readRank(pod: Pod, rank: number): RankedPod {
  const since = podCondition(pod, 'Ready')?.lastTransitionTime;
  const isReady = isPodReady(pod);
  return {
    pod,
    isBound: pod.spec.nodeName ? 1 : 0,
    phase: phaseRank(pod),
    isReady: isReady ? 1 : 0,
    cost: deletionCost(pod),
    rank,
    readyMs: isReady && since !== undefined ? Date.parse(since) : null,
    restarts: maxRestarts(pod.status.containerStatuses),
    sidecarRestarts: maxRestarts(sidecarStatuses(pod)),
    createdMs: Date.parse(pod.metadata.creationTimestamp),
  };
}

function compareRanks(a: RankedPod, b: RankedPod, nowMs: number): number {
  return (
    a.isBound - b.isBound ||
    a.phase - b.phase ||
    a.isReady - b.isReady ||
    a.cost - b.cost ||
    b.rank - a.rank ||
    compareYouth(a, b, [a.readyMs, b.readyMs], nowMs) ||
    // Upstream: podutil.CompareRestarts, those of containers before those of sidecars.
    b.restarts - a.restarts ||
    b.sidecarRestarts - a.sidecarRestarts ||
    compareYouth(a, b, [a.createdMs, b.createdMs], nowMs)
  );
}

function phaseRank(pod: Pod): number {
  return phaseOrder[pod.status.phase ?? ''] ?? 0;
}

function deletionCost(pod: Pod): number {
  const text = pod.metadata.annotations?.[deletionCostAnnotation] ?? '';
  return /^-?(0|[1-9]\d*)$/.test(text) ? Number(text) : 0;
}

function sidecarStatuses(pod: Pod): Pod['status']['initContainerStatuses'] {
  if (pod.spec.initContainers === undefined) return undefined;
  const sidecars = new Set(pod.spec.initContainers.filter(isSidecar).map(({ name }) => name));
  return pod.status.initContainerStatuses?.filter(({ name }) => sidecars.has(name));
}

function maxRestarts(statuses: readonly { readonly restartCount: number }[] = []): number {
  return statuses.reduce((most, { restartCount }) => Math.max(most, restartCount), 0);
}

/** The younger first, where ages are of different magnitude; else in the order of uids. */
function compareYouth(
  a: RankedPod,
  b: RankedPod,
  [sinceA, sinceB]: readonly [number | null, number | null],
  nowMs: number,
): number {
  if (sinceA === sinceB) return 0;
  if (sinceA === null) return -1;
  if (sinceB === null) return 1;
  const difference = ageMagnitude(nowMs - sinceA) - ageMagnitude(nowMs - sinceB);
  if (difference !== 0) return difference;
  return a.pod.metadata.uid < b.pod.metadata.uid ? -1 : 1;
}

/** The whole part of the base-2 logarithm of an age in nanoseconds, -1 for none. */
function ageMagnitude(ageMs: number): number {
  let magnitude = -1;
  for (let rest = Math.floor(ageMs * 1e6); rest >= 1; rest /= 2) magnitude++;
  return magnitude;
}
