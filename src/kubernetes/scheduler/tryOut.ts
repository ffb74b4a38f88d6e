import type { Pod } from '#generated/types/core.v1.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import { RandomStream } from '#sim/random.ts';
import type { Cache } from './cache.ts';
import { Decisions, type Explanation } from './decisions.ts';
import { isRejection } from './framework.ts';
import type { Nominator } from './nominator.ts';
import { PodScheduler } from './schedulePod.ts';
import { describeUnfit, noNodes } from './schedulingError.ts';
import type { ProfilePlugin } from './template.ts';

/** What would come of a pod. */
export interface Trial extends Explanation {
  /** Where it would make room for itself, and whom it would drive out (`namespace/name`); null where it would not. */
  readonly preempts: { readonly node: string; readonly pods: readonly string[] } | null;
}

/** What a scheduler decides with. */
export interface SchedulerState {
  readonly cache: Cache;
  readonly nominator: Nominator;
  /** Of the pod's profile; null where no scheduler has its name. */
  readonly plugins: readonly ProfilePlugin[] | null;
  /** Whether servers elsewhere have a say too. */
  readonly hasExtenders: boolean;
  readonly nowMs: number;
}

/**
 * What the scheduler would do with `pod` as it is, all nodes being looked at. Nothing is changed, and nothing that is
 * drawn by chance is missed by anybody: of equal nodes it may name another than the scheduler will.
 */
export function tryOut(
  { cache, nominator, plugins, hasExtenders, nowMs }: SchedulerState,
  asked: Pod,
): Trial {
  const pod: Pod = { ...asked, status: { ...asked.status, nominatedNodeName: '' } };
  const key = keyOf(pod);
  const refused = (message: string): Trial => ({
    pod: key,
    atMs: nowMs,
    node: null,
    message,
    nodes: [],
    examined: 0,
    preempts: null,
  });
  if (plugins === null)
    return refused(
      `no scheduler is named ${JSON.stringify(pod.spec.schedulerName)}: nobody looks at the pod`,
    );
  for (const { plugin } of plugins) {
    const rejection = plugin.preEnqueue?.(pod);
    if (rejection) return refused(rejection.reasons.join(', '));
  }
  const scheduler = new PodScheduler({
    cache,
    nominator,
    plugins,
    random: new RandomStream(key, 'what-if'),
    percentageOfNodesToScore: 100,
    isCaching: false,
  });
  const attempt = scheduler.schedule(pod);
  const { node, diagnosis } = attempt;
  const decisions = new Decisions();
  const decide = (message: string): Trial => {
    // They are told of what happens only: a question must leave no trace with them.
    const caveats = plugins.flatMap(({ plugin }) => plugin.caveat?.(pod) ?? []);
    if (hasExtenders) caveats.push('extenders are not asked');
    const more = caveats.length > 0 ? ` (${caveats.join('; ')})` : '';
    decisions.record(key, nowMs, attempt, `${message}${more}`);
    return { ...decisions.explain(key)!, preempts: null };
  };
  if (node !== null) return decide(`Successfully assigned ${key} to ${node.name}`);
  if (diagnosis!.nodeCount === 0) return decide(noNodes);
  const trial = decide(describeUnfit(diagnosis!, ''));
  const cycle = scheduler.beginCycle(pod);
  if (isRejection(cycle)) return trial;
  for (const { plugin } of plugins) {
    const victims = plugin.whatIf?.(pod, diagnosis!, {
      alike: null,
      on: (info) => scheduler.tryOn(info, cycle),
    });
    if (victims) return { ...trial, preempts: { node: victims.node.name, pods: victims.pods.map(keyOf) } };
  }
  return trial;
}
