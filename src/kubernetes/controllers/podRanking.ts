// Upstream: pkg/controller/controller_utils.go ActivePodsWithRanks
import type { Pod } from '#generated/types/core.v1.ts';
import { isPodReady, isSidecar, podCondition } from '#kubernetes/api/podStatus.ts';

const deletionCostAnnotation = 'controller.kubernetes.io/pod-deletion-cost';
const phaseOrder: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/** A pod with the number of its relatives on the same node. */
export interface RankedPod {
  readonly pod: Pod;
  readonly rank: number;
}

/**
 * Orders pods so that those which are missed least come first: unassigned, pending, not ready, cheap, crowded,
 * young (by magnitude of age, so that it is not always the same), often restarted.
 */
export function compareForDeletion(a: RankedPod, b: RankedPod, nowMs: number): number {
  const difference =
    Number(Boolean(a.pod.spec.nodeName)) - Number(Boolean(b.pod.spec.nodeName)) ||
    phaseRank(a.pod) - phaseRank(b.pod) ||
    Number(isPodReady(a.pod)) - Number(isPodReady(b.pod)) ||
    deletionCost(a.pod) - deletionCost(b.pod) ||
    b.rank - a.rank;
  if (difference !== 0) return difference;
  if (isPodReady(a.pod) && isPodReady(b.pod)) {
    const byReady = compareYouth(a.pod, b.pod, readySince(a.pod), readySince(b.pod), nowMs);
    if (byReady !== 0) return byReady;
  }
  const byRestarts = compareRestarts(a.pod, b.pod);
  if (byRestarts !== 0) return byRestarts;
  const { creationTimestamp: createdA } = a.pod.metadata;
  const { creationTimestamp: createdB } = b.pod.metadata;
  return compareYouth(a.pod, b.pod, createdA, createdB, nowMs);
}

function phaseRank(pod: Pod): number {
  return phaseOrder[pod.status.phase ?? ''] ?? 0;
}

function deletionCost(pod: Pod): number {
  const text = pod.metadata.annotations?.[deletionCostAnnotation] ?? '';
  return /^-?(0|[1-9]\d*)$/.test(text) ? Number(text) : 0;
}

function readySince(pod: Pod): string | undefined {
  return podCondition(pod, 'Ready')?.lastTransitionTime;
}

/** Upstream: podutil.CompareRestarts — more restarts first, those of containers before those of sidecars. */
function compareRestarts(a: Pod, b: Pod): number {
  return (
    maxRestarts(b.status.containerStatuses) - maxRestarts(a.status.containerStatuses) ||
    maxRestarts(sidecarStatuses(b)) - maxRestarts(sidecarStatuses(a))
  );
}

function sidecarStatuses(pod: Pod): Pod['status']['initContainerStatuses'] {
  const sidecars = new Set((pod.spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name));
  return pod.status.initContainerStatuses?.filter(({ name }) => sidecars.has(name));
}

function maxRestarts(statuses: readonly { readonly restartCount: number }[] = []): number {
  return statuses.reduce((most, { restartCount }) => Math.max(most, restartCount), 0);
}

/** The younger first, where ages are of different magnitude; else in the order of uids. */
function compareYouth(
  a: Pod,
  b: Pod,
  timeA: string | undefined,
  timeB: string | undefined,
  nowMs: number,
): number {
  if (timeA === timeB) return 0;
  if (timeA === undefined) return -1;
  if (timeB === undefined) return 1;
  const difference = ageMagnitude(nowMs - Date.parse(timeA)) - ageMagnitude(nowMs - Date.parse(timeB));
  if (difference !== 0) return difference;
  return a.metadata.uid < b.metadata.uid ? -1 : 1;
}

/** The whole part of the base-2 logarithm of an age in nanoseconds, -1 for none. */
function ageMagnitude(ageMs: number): number {
  let magnitude = -1;
  for (let rest = Math.floor(ageMs * 1e6); rest >= 1; rest /= 2) magnitude++;
  return magnitude;
}
