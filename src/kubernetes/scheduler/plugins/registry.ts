// Upstream: pkg/scheduler/apis/config/v1/default_plugins.go
import type { Plugin } from '../framework.ts';
import type { PluginContext } from '../pluginContext.ts';
import type { ProfilePlugin } from '../template.ts';
import { defaultBinder } from './defaultBinder.ts';
import { imageLocality } from './imageLocality.ts';
import { nodeAffinity } from './nodeAffinity.ts';
import { nodeName } from './nodeName.ts';
import { nodePorts } from './nodePorts.ts';
import { nodeResourcesBalancedAllocation } from './nodeResourcesBalancedAllocation.ts';
import { nodeResourcesFit } from './nodeResourcesFit.ts';
import { nodeUnschedulable } from './nodeUnschedulable.ts';
import { prioritySort } from './prioritySort.ts';
import { schedulingGates } from './schedulingGates.ts';
import { taintToleration } from './taintToleration.ts';

/** The plugins of the default profile in their order, with the weights of their scores. Upstream: MultiPoint */
export const defaultEntries: readonly { readonly name: string; readonly weight: number }[] = [
  { name: 'SchedulingGates', weight: 0 },
  { name: 'PrioritySort', weight: 0 },
  { name: 'NodeUnschedulable', weight: 0 },
  { name: 'NodeName', weight: 0 },
  { name: 'TaintToleration', weight: 3 },
  { name: 'NodeAffinity', weight: 2 },
  { name: 'NodePorts', weight: 0 },
  { name: 'NodeResourcesFit', weight: 1 },
  { name: 'VolumeRestrictions', weight: 0 },
  { name: 'NodeVolumeLimits', weight: 0 },
  { name: 'VolumeBinding', weight: 0 },
  { name: 'VolumeZone', weight: 0 },
  { name: 'PodTopologySpread', weight: 2 },
  { name: 'InterPodAffinity', weight: 2 },
  { name: 'DefaultPreemption', weight: 0 },
  { name: 'NodeResourcesBalancedAllocation', weight: 1 },
  { name: 'ImageLocality', weight: 1 },
  { name: 'DefaultBinder', weight: 0 },
];

/**
 * The default profile: every plugin in its order, with the weight of its score. `loaded` gives those of the second load,
 * by name, once it is there.
 */
export function defaultPlugins(
  { client, cache }: PluginContext,
  loaded: () => ReadonlyMap<string, Plugin> | undefined,
): readonly ProfilePlugin[] {
  const here = [
    schedulingGates,
    prioritySort,
    nodeUnschedulable,
    nodeName,
    taintToleration,
    nodeAffinity,
    nodePorts,
    nodeResourcesFit(),
    nodeResourcesBalancedAllocation(),
    imageLocality(cache),
    defaultBinder(client),
  ];
  return defaultEntries.map(({ name, weight }) => ({
    plugin: here.find((plugin) => plugin.name === name) ?? awaited(name, loaded),
    weight,
  }));
}

/** A plugin whose code comes with the second load; until then it has nothing to say. */
function awaited(name: string, loaded: () => ReadonlyMap<string, Plugin> | undefined): Plugin {
  const plugin = () => loaded()?.get(name);
  return {
    name,
    reads: 'cluster',
    get hints() {
      return plugin()?.hints ?? {};
    },
    preFilter: (pod) => plugin()?.preFilter?.(pod) ?? null,
    reserve: (pod, node) => plugin()?.reserve?.(pod, node) ?? null,
    preScore: (pod, nodes) => plugin()?.preScore?.(pod, nodes) ?? null,
    postFilter: (pod, diagnosis, trials) => plugin()?.postFilter?.(pod, diagnosis, trials) ?? null,
    whatIf: (pod, diagnosis, trials) => plugin()?.whatIf?.(pod, diagnosis, trials) ?? null,
  };
}
