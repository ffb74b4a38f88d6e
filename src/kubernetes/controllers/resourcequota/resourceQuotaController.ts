// Upstream: pkg/controller/resourcequota/resource_quota_controller.go
import type { ResourceQuota } from '#generated/types/core.v1.ts';
import { resourceQuotas } from '#kubernetes/api/core/resourceQuota.ts';
import type { AnyKind } from '#kubernetes/api/kind.ts';
import { type KubeObject, keyOf, splitKey } from '#kubernetes/api/object.ts';
import { evaluatorOf } from '#kubernetes/api/quota/quotas.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import { type Again, WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller, ControllerContext } from '../controller.ts';
import { Pace } from '../pace.ts';
import { calculateUsage, kindsCountedBy } from './quotaUsage.ts';

/** Upstream: --concurrent-resource-quota-syncs, --resource-quota-sync-period */
const workers = 5;
const resyncMs = 5 * 60_000;

/** Counts anew what a quota limits when the quota changes, and when something that it counts goes away. */
export const resourceQuotaController: Controller = {
  name: 'resourcequota-controller',
  start(context) {
    const monitor = new QuotaMonitor(context);
    return () => monitor.stop();
  },
};

class QuotaMonitor {
  readonly #context: ControllerContext;
  readonly #quotas: Informer<ResourceQuota>;
  readonly #queue: WorkQueue;
  readonly #pace: Pace;
  /** The kinds that some quota counts, and that are watched therefore. */
  readonly #watched = new Set<AnyKind>();

  constructor(context: ControllerContext) {
    this.#context = context;
    const { simulation, client, informers } = context;
    this.#quotas = informers.of(resourceQuotas);
    const reconcile = (key: string) => this.#sync(key);
    this.#queue = new WorkQueue({ simulation, client, workers, reconcile });
    this.#pace = new Pace(simulation, this.#queue);
    this.#quotas.addIndex('namespace', ({ metadata }) => [metadata.namespace ?? '']);
    this.#quotas.onChange((now, before) => {
      if (now === undefined) this.#pace.forget(keyOf(before!));
      else if (before === undefined || !deepEqual(now.spec.hard, before.spec.hard))
        this.#queue.add(keyOf(now));
    });
  }

  stop(): void {
    this.#queue.stop();
  }

  #watch(kind: AnyKind): void {
    if (this.#watched.has(kind)) return;
    this.#watched.add(kind);
    this.#context.informers.of(kind).onChange((now, before) => {
      if (before === undefined || (now !== undefined && !this.#frees(kind, now, before))) return;
      for (const quota of this.#quotas.by('namespace', before.metadata.namespace ?? '')) {
        if (Object.keys(quota.spec.hard ?? {}).some((resource) => evaluatorOf(kind)!.measures(resource)))
          this.#pace.ask(keyOf(quota));
      }
    });
  }

  /** Whether an update lets go of something: a pod that has ended, a claim or a service that became less. */
  #frees(kind: AnyKind, now: KubeObject, before: KubeObject): boolean {
    const { nowMs } = this.#context.simulation;
    const evaluator = evaluatorOf(kind)!;
    if (now === before) return false;
    const [used, had] = [evaluator.usage(now, nowMs), evaluator.usage(before, nowMs)];
    return used !== had && !deepEqual(used, had);
  }

  #sync(key: string): Again | void {
    const { client, kinds, simulation } = this.#context;
    if (this.#quotas.get(key) === undefined) return undefined;
    const { namespace, name } = splitKey(key);
    const quota = readQuota(this.#context, namespace, name);
    if (quota === null) return undefined;
    for (const kind of kindsCountedBy(quota, kinds)) this.#watch(kind);
    let size = 0;
    // The server is asked, not a cache: one that lags would give back what admission has just charged.
    const used = calculateUsage(
      quota,
      kinds,
      (kind) => {
        const { items } = client.list(kind, { namespace });
        size += items.length;
        return items;
      },
      simulation.nowMs,
    );
    this.#pace.setSize(key, size);
    const hard = quota.spec.hard ?? {};
    if (!deepEqual(quota.status, { hard, used })) {
      client.updateStatus(resourceQuotas, { ...quota, status: { hard, used } });
    }
    return { afterMs: resyncMs };
  }
}

/** By a list of one: the controller's role may list everything and get nothing. */
function readQuota({ client }: ControllerContext, namespace: string, name: string): ResourceQuota | null {
  const { items } = client.list(resourceQuotas, { namespace, fieldSelector: `metadata.name=${name}` });
  return items[0] ?? null;
}
