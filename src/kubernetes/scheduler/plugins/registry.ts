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

/**
 * The default profile: every plugin in its order, with the weight of its score. `loaded` gives those of the second load,
 * by name, once it is there.
 */
export function defaultPlugins(
  { client, cache }: PluginContext,
  loaded: () => ReadonlyMap<string, Plugin> | undefined,
): readonly ProfilePlugin[] {
  return [
    { plugin: schedulingGates, weight: 0 },
    { plugin: prioritySort, weight: 0 },
    { plugin: nodeUnschedulable, weight: 0 },
    { plugin: nodeName, weight: 0 },
    { plugin: taintToleration, weight: 3 },
    { plugin: nodeAffinity, weight: 2 },
    { plugin: nodePorts, weight: 0 },
    { plugin: nodeResourcesFit(), weight: 1 },
    { plugin: awaited('VolumeRestrictions', loaded), weight: 0 },
    { plugin: awaited('NodeVolumeLimits', loaded), weight: 0 },
    { plugin: awaited('VolumeBinding', loaded), weight: 0 },
    { plugin: awaited('VolumeZone', loaded), weight: 0 },
    { plugin: awaited('PodTopologySpread', loaded), weight: 2 },
    { plugin: awaited('InterPodAffinity', loaded), weight: 2 },
    { plugin: awaited('DefaultPreemption', loaded), weight: 0 },
    { plugin: nodeResourcesBalancedAllocation, weight: 1 },
    { plugin: imageLocality(cache), weight: 1 },
    { plugin: defaultBinder(client), weight: 0 },
  ];
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
