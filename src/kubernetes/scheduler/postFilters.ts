import type { Pod } from '#generated/types/core.v1.ts';
import { assert } from '#sim/assert.ts';
import { type Diagnosis, isRejection, type Plugin, type PostFilterResult, type Trials } from './framework.ts';
import { podPriority } from './podPriority.ts';
import type { PodScheduler } from './schedulePod.ts';

/** Asks plugins whether room can be made. Pods that fail for the same diagnosis at the same priority get one answer. */
export class PostFilters {
  readonly #results = new WeakMap<Diagnosis, Map<string, PostFilterResult>>();

  run(
    pod: Pod,
    diagnosis: Diagnosis,
    { podScheduler, all }: { readonly podScheduler: PodScheduler; readonly all: readonly Plugin[] },
  ): PostFilterResult {
    const isFirst = !pod.status.nominatedNodeName;
    const alike = `${podPriority(pod)}/${pod.spec.preemptionPolicy}`;
    const known = isFirst ? this.#results.get(diagnosis)?.get(alike) : undefined;
    if (known !== undefined) return known;
    const cycle = podScheduler.beginCycle(pod);
    const trials: Trials = {
      alike: isRejection(cycle) || cycle.filters.length > 0 ? null : cycle.template,
      on: (node) => {
        assert(!isRejection(cycle), 'no node is tried for a pod that a pre-filter refused');
        return podScheduler.tryOn(node, cycle);
      },
    };
    let result: PostFilterResult | null = null;
    for (const plugin of all) result ??= plugin.postFilter?.(pod, diagnosis, trials) ?? null;
    result ??= { message: '' };
    if (isFirst && !result.nominatedNodeName) {
      const results = this.#results.get(diagnosis) ?? new Map<string, PostFilterResult>();
      this.#results.set(diagnosis, results.set(alike, result));
    }
    return result;
  }
}
