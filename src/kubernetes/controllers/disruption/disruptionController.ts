// Upstream: pkg/controller/disruption/disruption.go
import type { Pod } from '#generated/types/core.v1.ts';
import type { PodDisruptionBudget } from '#generated/types/policy.v1.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import { withDisruptionAllowed } from '#kubernetes/api/policy/disruptionAllowed.ts';
import { podDisruptionBudgets } from '#kubernetes/api/policy/podDisruptionBudget.ts';
import { isPodReady } from '#kubernetes/api/podStatus.ts';
import { selectorOf } from '#kubernetes/apimachinery/labels.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import { type Again, WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller, ControllerContext } from '../controller.ts';
import { Pace } from '../pace.ts';
import { type Expected, expectedPods, UnknownScale } from './expectedPods.ts';

const workers = 1;
/** So long an eviction may take to become a deletion. Upstream: DeletionTimeout */
const deletionTimeoutMs = 2 * 60_000;

interface Room extends ControllerContext {
  readonly budgets: Informer<PodDisruptionBudget>;
  readonly podCache: Informer<Pod>;
}

/** Tells of every disruption budget how many of its pods may go. */
export const disruptionController: Controller = {
  name: 'disruption-controller',
  eventSource: 'controllermanager',
  start(context) {
    const { simulation, client, informers } = context;
    const room: Room = {
      ...context,
      budgets: informers.of(podDisruptionBudgets),
      podCache: informers.of(pods),
    };
    const reconcile = (key: string) => syncBudget(room, key);
    const queue = new WorkQueue({ simulation, client, workers, reconcile });
    const pace = new Pace(simulation, queue);
    room.budgets.addIndex('namespace', ({ metadata }) => [metadata.namespace ?? '']);
    room.podCache.addIndex('namespace', ({ metadata }) => [metadata.namespace ?? '']);
    room.budgets.onChange((now, before) => {
      if (now === undefined) pace.forget(keyOf(before!));
      else queue.add(keyOf(now));
    });
    room.podCache.onChange((now, before) => {
      for (const pod of [now, before]) if (pod !== undefined) wakeBudgets(room, pace, pod);
    });
    return () => queue.stop();
  },
};

function wakeBudgets({ budgets }: Room, pace: Pace, { metadata }: Pod): void {
  for (const budget of budgets.by('namespace', metadata.namespace ?? '')) {
    if (selectorOf(budget.spec.selector).matches(metadata.labels)) pace.ask(keyOf(budget));
  }
}

function syncBudget(room: Room, key: string): Again | void {
  const { budgets, podCache, recorder, simulation } = room;
  const budget = budgets.get(key);
  if (budget === undefined) return undefined;
  const selector = selectorOf(budget.spec.selector);
  const covered = [...podCache.by('namespace', budget.metadata.namespace ?? '')].filter(({ metadata }) =>
    selector.matches(metadata.labels),
  );
  if (covered.length === 0) recorder.event(budget, 'Normal', 'NoPods', 'No matching pods found');
  let numbers: Expected;
  try {
    numbers = expectedPods(room, budget, covered);
  } catch (error) {
    if (!(error instanceof UnknownScale)) throw error;
    const message = `Failed to calculate the number of expected pods: ${error.message}`;
    recorder.event(budget, 'Warning', 'CalculateExpectedPodCountFailed', message);
    failSafe(room, budget, error.message);
    return undefined;
  }
  if (numbers.unmanaged.length > 0) {
    const message = `Pods selected by this PodDisruptionBudget (selector: ${selector.toString()}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`;
    recorder.event(budget, 'Warning', 'UnmanagedPods', message);
  }
  const { disrupted, recheckMs } = stillDisrupted(room, budget, covered);
  const healthy = covered.filter(
    (pod) =>
      pod.metadata.deletionTimestamp === undefined &&
      disrupted[pod.metadata.name] === undefined &&
      isPodReady(pod),
  ).length;
  writeStatus(room, budget, numbers, healthy, disrupted, simulation.nowMs);
  return recheckMs === null ? undefined : { afterMs: recheckMs };
}

/** The pods that were promised to an eviction and are not yet being deleted. */
function stillDisrupted(
  { recorder, simulation }: Room,
  { metadata, status }: PodDisruptionBudget,
  covered: readonly Pod[],
): { readonly disrupted: Record<string, string>; readonly recheckMs: number | null } {
  const disrupted: Record<string, string> = {};
  let recheckMs: number | null = null;
  for (const pod of covered) {
    const at = status.disruptedPods?.[pod.metadata.name];
    if (at === undefined || pod.metadata.deletionTimestamp !== undefined) continue;
    const leftMs = Date.parse(at) + deletionTimeoutMs - simulation.nowMs;
    if (leftMs < 0) {
      const message = `Pod was expected by PDB ${metadata.namespace}/${metadata.name} to be deleted but it wasn't`;
      recorder.event(pod, 'Warning', 'NotDeleted', message);
      continue;
    }
    disrupted[pod.metadata.name] = at;
    recheckMs = Math.min(recheckMs ?? Infinity, leftMs + 1);
  }
  return { disrupted, recheckMs };
}

function writeStatus(
  { client }: Room,
  budget: PodDisruptionBudget,
  { expected, healthy: desiredHealthy }: Expected,
  currentHealthy: number,
  disrupted: Readonly<Record<string, string>>,
  nowMs: number,
): void {
  const { generation = 1 } = budget.metadata;
  const { conditions } = budget.status;
  const left = expected <= 0 ? 0 : currentHealthy - desiredHealthy;
  const next: PodDisruptionBudget['status'] = {
    ...(conditions && { conditions }),
    currentHealthy,
    desiredHealthy,
    expectedPods: expected,
    disruptionsAllowed: Math.max(0, left),
    ...(Object.keys(disrupted).length > 0 && { disruptedPods: disrupted }),
    observedGeneration: generation,
  };
  const status = withDisruptionAllowed(next, generation, formatTime(nowMs));
  if (!deepEqual(status, budget.status)) client.updateStatus(podDisruptionBudgets, { ...budget, status });
}

/** A budget whose pods cannot be counted lets none of them go. */
function failSafe({ client, simulation }: Room, budget: PodDisruptionBudget, message: string): void {
  const { generation = 1 } = budget.metadata;
  const stopped = { ...budget.status, disruptionsAllowed: 0, observedGeneration: generation };
  const now = formatTime(simulation.nowMs);
  const status = withDisruptionAllowed(stopped, generation, now, { reason: 'SyncFailed', message });
  if (!deepEqual(status, budget.status)) client.updateStatus(podDisruptionBudgets, { ...budget, status });
}
