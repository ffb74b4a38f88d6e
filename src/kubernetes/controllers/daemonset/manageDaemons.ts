// Upstream: pkg/controller/daemon/{daemon_controller,update}.go manage, rollingUpdate
import type { Pod } from '#generated/types/core.v1.ts';
import { isPodAvailable } from '#kubernetes/api/podStatus.ts';
import type { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { scaledValue } from '../intOrPercent.ts';
import {
  attemptAll,
  createPod,
  deletePod,
  isNamespaceTerminating,
  podsPerSyncMax,
  slowStartBatch,
} from '../podControl.ts';
import { daemonPodOf, revisionHashLabel } from './daemonPod.ts';
import type { DaemonNode, DaemonSync } from './daemonSetSync.ts';
import { excessSurge, maxSurge, surgeDaemons } from './surge.ts';

/** Upstream: failedPodsBackoff. */
const failedBaseMs = 1000;
const failedMaxMs = 15 * 60_000;

/** What is to be done, and when to look again. */
interface Plan {
  readonly nodes: string[];
  readonly doomed: Pod[];
  waitMs: number | null;
}

/** Starts daemons where they are missing and deletes those that are wrong. Returns ms until the next look. */
export function manageDaemons(sync: DaemonSync): { failure: StatusError | null; waitMs: number | null } {
  const plan: Plan = { nodes: [], doomed: [], waitMs: null };
  for (const node of sync.nodes) planForNode(sync, node, plan);
  plan.doomed.push(...sync.strays.filter(isUnbound));
  return { failure: carryOut(sync, plan), waitMs: plan.waitMs };
}

function isUnbound({ spec }: Pod): boolean {
  return !spec.nodeName;
}

function planForNode(sync: DaemonSync, { name, shouldRun, mayStay, pods }: DaemonNode, plan: Plan): void {
  if (!mayStay) {
    plan.doomed.push(...pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined));
    return;
  }
  const present = pods.filter((pod) => !isBeingDeleted(pod) && !replaceEnded(sync, name, pod, plan));
  if (shouldRun && pods.length === 0) plan.nodes.push(name);
  const { length } = sync.nodes;
  plan.doomed.push(...(maxSurge(sync.set, length) > 0 ? excessSurge(sync, present) : present.slice(1)));
}

function isBeingDeleted({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** A daemon that has ended is deleted, so that a new one comes: at once, then later each time. */
function replaceEnded({ room, set }: DaemonSync, node: string, pod: Pod, plan: Plan): boolean {
  const { phase } = pod.status;
  if (phase !== 'Failed' && phase !== 'Succeeded') return false;
  const { namespace = '', name } = pod.metadata;
  const { nowMs } = room.simulation;
  if (phase === 'Succeeded') {
    const message = `Found succeeded daemon pod ${namespace}/${name} on node ${node}, will try to delete it`;
    room.recorder.event(set, 'Normal', 'SucceededDaemonPod', message);
    plan.doomed.push(pod);
    return true;
  }
  const key = `${set.metadata.uid}/${node}`;
  const known = room.failedUntil.get(key);
  if (known !== undefined && nowMs < known.untilMs) {
    plan.waitMs = Math.min(plan.waitMs ?? Infinity, known.untilMs - nowMs);
    return true;
  }
  const isLongAgo = known === undefined || nowMs > known.untilMs + 2 * failedMaxMs;
  const delayMs = isLongAgo ? failedBaseMs : Math.min(2 * known.delayMs, failedMaxMs);
  room.failedUntil.set(key, { delayMs, untilMs: nowMs + delayMs });
  const message = `Found failed daemon pod ${namespace}/${name} on node ${node}, will try to kill it`;
  room.recorder.event(set, 'Warning', 'FailedDaemonPod', message);
  plan.doomed.push(pod);
  return true;
}

function carryOut(sync: DaemonSync, { nodes, doomed }: Pick<Plan, 'nodes' | 'doomed'>): StatusError | null {
  const { room, key, set, hash } = sync;
  const wanted = nodes.slice(0, podsPerSyncMax);
  let next = 0;
  const { failure } = slowStartBatch(wanted.length, () => {
    const created = createPod(room, daemonPodOf(set, wanted[next++]!, hash), set);
    room.expectations.expectCreated(key, created.metadata.uid);
  });
  const deletion = attemptAll(doomed.slice(0, podsPerSyncMax), (pod) => {
    if (deletePod(room, pod, set)) room.expectations.expectDeleted(key, pod.metadata.uid);
  });
  return (isNamespaceTerminating(failure) ? null : failure) ?? deletion;
}

/** Replaces daemons of older templates, those first that do not work anyway, within `maxUnavailable`. */
export function updateDaemons(sync: DaemonSync): StatusError | null {
  const { room, set, hash, nodes } = sync;
  const minReadySeconds = set.spec.minReadySeconds ?? 0;
  const { nowMs } = room.simulation;
  let desired = 0;
  let unavailable = 0;
  const broken: Pod[] = [];
  const working: Pod[] = [];
  for (const { shouldRun, pods } of nodes) {
    if (!shouldRun) continue;
    desired++;
    const pod = pods.find((own) => !isBeingDeleted(own));
    const isAvailable = pod !== undefined && isPodAvailable(pod, minReadySeconds, nowMs);
    if (!isAvailable) unavailable++;
    if (pod === undefined || pod.metadata.labels?.[revisionHashLabel] === hash) continue;
    (isAvailable ? working : broken).push(pod);
  }
  const surge = maxSurge(set, desired);
  if (surge > 0) return carryOut(sync, surgeDaemons(sync, surge));
  const { maxUnavailable } = set.spec.updateStrategy?.rollingUpdate ?? {};
  const allowed = Math.max(1, scaledValue(maxUnavailable, desired, 'up'));
  const more = working.slice(0, Math.max(0, allowed - unavailable));
  return carryOut(sync, { nodes: [], doomed: [...broken, ...more] });
}
