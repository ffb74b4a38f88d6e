// Upstream: pkg/registry/core/pod/storage/eviction.go
import type { Pod, PodCondition } from '#generated/types/core.v1.ts';
import type { DeleteOptions } from '#generated/types/meta.v1.ts';
import type { PodDisruptionBudget } from '#generated/types/policy.v1.ts';
import { withDisruptionAllowed } from '#kubernetes/api/policy/disruptionAllowed.ts';
import { podDisruptionBudgets } from '#kubernetes/api/policy/podDisruptionBudget.ts';
import { isPodReady, isPodTerminal, withCondition } from '#kubernetes/api/podStatus.ts';
import { selectorOf } from '#kubernetes/apimachinery/labels.ts';
import { StatusError, badRequest } from '#kubernetes/apimachinery/statusError.ts';
import type { Call, ServerContext } from '../context.ts';
import { cacheOf } from '../kindCache.ts';
import { isDryRun } from '../verbs/create.ts';
import { remove } from '../verbs/remove.ts';
import { readDeleteOptions } from '../wire/deleteOptions.ts';
import { writeAsServer } from '../writeAsServer.ts';
import type { Subresource } from './subresource.ts';

/** Upstream: MaxDisruptedPodSize. */
const disruptedPodsMax = 2000;
/** What a client waits while the budget's controller has not seen its latest change. */
const retryAfterSeconds = 10;

interface Eviction {
  readonly metadata?: { readonly name?: string };
  readonly deleteOptions?: Partial<DeleteOptions>;
}

/** POST pods/NAME/eviction: a delete that asks the pod's disruption budget first. */
export const eviction: Subresource = {
  serves: ({ info }) => info.resource === 'pods' && info.subresource === 'eviction',
  serve(call, context) {
    const { info, request, stored } = call;
    const body = (request.body ?? {}) as Eviction;
    if (body.metadata?.name && body.metadata.name !== info.name)
      throw badRequest('name in URL does not match name in Eviction object');
    const options = readDeleteOptions({ ...request, body: body.deleteOptions ?? {} });
    const dryRun = isDryRun(request.query?.['dryRun']) || options.dryRun?.includes('All') === true;
    const pod = context.storage.read(stored, info.namespace, info.name) as Pod;
    if (!isBeyondBudgets(pod)) askBudget(pod, dryRun, context);
    if (!dryRun) markDisrupted(pod, call, context);
    const query = { ...request.query, ...(dryRun && { dryRun: 'All' }) };
    remove({ ...call, request: { ...request, body: options, query } }, context);
    return {
      status: 201,
      body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
    };
  },
};

/** A pod that has ended, has not begun, or is going already disrupts nothing by going. */
function isBeyondBudgets(pod: Pod): boolean {
  return isPodTerminal(pod) || pod.status.phase === 'Pending' || pod.metadata.deletionTimestamp !== undefined;
}

/** Takes one disruption off the budget that covers the pod. Throws TooManyRequests where it has none left. */
function askBudget(pod: Pod, dryRun: boolean, context: ServerContext): void {
  const { namespace = '', name, labels } = pod.metadata;
  const budgets = cacheOf(context.storage, podDisruptionBudgets)
    .in(namespace)
    .filter(({ spec }) => selectorOf(spec.selector).matches(labels));
  const [budget] = budgets;
  if (budget === undefined) return;
  if (budgets.length > 1) {
    const why =
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    throw new StatusError('Unknown', why);
  }
  if (!isPodReady(pod) && mayGoUnhealthy(budget)) return;
  checkBudget(budget);
  if (dryRun) return;
  const { metadata, status } = budget;
  const disruptionsAllowed = status.disruptionsAllowed! - 1;
  const disruptedPods = { ...status.disruptedPods, [name]: context.timestamp() };
  const next = { ...status, disruptionsAllowed, disruptedPods };
  const { generation = 1 } = metadata;
  const told = disruptionsAllowed === 0 ? withDisruptionAllowed(next, generation, context.timestamp()) : next;
  writeAsServer(podDisruptionBudgets, { ...budget, status: told } as PodDisruptionBudget, budget, context);
}

/** Pods that are not ready may go where the budget says so, or where enough others are healthy. */
function mayGoUnhealthy({ spec, status }: PodDisruptionBudget): boolean {
  if (spec.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = status;
  return currentHealthy >= desiredHealthy && desiredHealthy > 0;
}

function checkBudget({ metadata, status }: PodDisruptionBudget): void {
  const { name, generation = 1 } = metadata;
  const { observedGeneration = 0, disruptionsAllowed = 0, disruptedPods = {} } = status;
  if (observedGeneration < generation) {
    const why = `The disruption budget ${name} is still being processed by the server.`;
    throw refused(why, retryAfterSeconds);
  }
  if (Object.keys(disruptedPods).length > disruptedPodsMax) {
    const why = 'DisruptedPods map too big - too many evictions not confirmed by PDB controller';
    throw new StatusError('Forbidden', `poddisruptionbudget.policy "${name}" is forbidden: ${why}`, {
      name,
      group: 'policy',
      kind: 'poddisruptionbudget',
    });
  }
  if (disruptionsAllowed > 0) return;
  const failure = status.conditions?.find(({ type }) => type === 'DisruptionAllowed');
  if (failure?.reason === 'SyncFailed') {
    throw refused(
      `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${failure.message}`,
    );
  }
  const { desiredHealthy = 0, currentHealthy = 0 } = status;
  throw refused(
    `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
  );
}

function refused(message: string, seconds?: number): StatusError {
  const why = "Cannot evict pod as it would violate the pod's disruption budget.";
  return new StatusError('TooManyRequests', why, {
    causes: [{ reason: 'DisruptionBudget', message }],
    ...(seconds !== undefined && { retryAfterSeconds: seconds }),
  });
}

/** The pod says itself why it ends, for whoever counts failures: a Job's podFailurePolicy reads it. */
function markDisrupted(pod: Pod, { stored }: Call, context: ServerContext): void {
  const conditions = withCondition<PodCondition>(pod.status.conditions, {
    type: 'DisruptionTarget',
    status: 'True',
    lastTransitionTime: context.timestamp(),
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
  });
  if (conditions === pod.status.conditions) return;
  context.storage.put(stored, { ...pod, status: { ...pod.status, conditions } } as Pod, pod);
}
