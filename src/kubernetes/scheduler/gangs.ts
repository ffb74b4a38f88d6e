// Upstream: pkg/scheduler/backend/podgroupmanager/podgroupmanager.go, framework/plugins/gangscheduling/gangscheduling.go
import type { Pod } from '#generated/types/core.v1.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { type PodGroup, podGroups } from '#kubernetes/api/scheduling/podGroup.ts';
import { isPodTerminal } from '#kubernetes/api/podStatus.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import { type Plugin, rejection } from './framework.ts';
import type { PluginContext } from './pluginContext.ts';

export const gangScheduling = 'GangScheduling';

/** `namespace/name` of the group that a pod belongs to; undefined for none. */
export function groupKeyOf({ metadata, spec }: Pod): string | undefined {
  const name = spec.schedulingGroup?.podGroupName;
  return name === undefined ? undefined : `${metadata.namespace}/${name}`;
}

/** The pods of each group, and how many of them have to be placed at once. */
export class Gangs {
  readonly #context: PluginContext;
  /** By group and pod. */
  readonly #members = new Map<string, Map<string, Pod>>();
  #groups: Informer<PodGroup> | null = null;

  constructor(context: PluginContext) {
    this.#context = context;
    context.informers.of(pods).onChange((now, before) => this.#podChanged(now, before));
  }

  /** The group of a pod; undefined where there is none. */
  groupOf(pod: Pod): PodGroup | undefined {
    const key = groupKeyOf(pod);
    return key === undefined ? undefined : this.#informer()?.get(key);
  }

  /** How many pods of a group have to be placed at once; undefined where each may go for itself. */
  minCountOf(pod: Pod): number | undefined {
    return this.groupOf(pod)?.spec.schedulingPolicy.gang?.minCount;
  }

  /** All pods of a pod's group that have not ended, in the order in which they came. */
  membersOf(pod: Pod): readonly Pod[] {
    return [...(this.#members.get(groupKeyOf(pod) ?? '')?.values() ?? [])];
  }

  #podChanged(now: Pod | undefined, before: Pod | undefined): void {
    const pod = (now ?? before)!;
    const group = groupKeyOf(pod);
    if (group === undefined) return;
    const key = keyOf(pod);
    const members = this.#members.get(group) ?? new Map<string, Pod>();
    this.#members.set(group, members);
    if (now !== undefined && !isPodTerminal(now)) {
      const isNew = !members.has(key);
      members.set(key, now);
      if (isNew) this.#context.move('PodAdd', undefined, now);
      return;
    }
    members.delete(key);
    if (members.size === 0) this.#members.delete(group);
  }

  /** Followed from the moment the kind is served. */
  #informer(): Informer<PodGroup> | null {
    if (this.#groups !== null) return this.#groups;
    const { kinds, informers, move } = this.#context;
    if (kinds.findResource(podGroups.group, podGroups.version, podGroups.plural) === undefined) return null;
    this.#groups = informers.of(podGroups);
    this.#groups.onChange((now, before) => {
      if (now !== undefined && before === undefined) move('PodGroupAdd', undefined, now);
    });
    return this.#groups;
  }
}

/** Keeps the pods of a gang out of the queue until there are enough of them. What happens then see gangCycle.ts. */
export function gangPlugin(gangs: Gangs): Plugin {
  return {
    name: gangScheduling,
    reads: 'cluster',
    preEnqueue(pod) {
      const { schedulingGroup } = pod.spec;
      if (schedulingGroup === undefined) return null;
      if (gangs.groupOf(pod) === undefined) {
        const name = JSON.stringify(schedulingGroup.podGroupName);
        return rejection(
          gangScheduling,
          `waiting for pods's pod group ${name} to appear in scheduling queue`,
        );
      }
      const minCount = gangs.minCountOf(pod) ?? 0;
      if (gangs.membersOf(pod).length >= minCount) return null;
      return rejection(gangScheduling, 'waiting for minCount pods from a gang to appear in scheduling queue');
    },
    hints: {
      PodAdd: (pod, _before, now) => groupKeyOf(pod) === groupKeyOf(now as Pod),
      PodGroupAdd: (pod, _before, now) => groupKeyOf(pod) === keyOf(now!),
    },
    caveat(pod) {
      const minCount = gangs.minCountOf(pod);
      return minCount === undefined
        ? null
        : `at least ${minCount} pods of its gang have to find a place at once`;
    },
  };
}
