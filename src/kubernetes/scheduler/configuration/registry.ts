// Upstream: pkg/scheduler/framework/plugins/registry.go
import type { Plugin } from '../framework.ts';
import type { laterPlugins } from '../laterPlugins.ts';
import type { PluginContext } from '../pluginContext.ts';
import { defaultBinder } from '../plugins/defaultBinder.ts';
import { imageLocality } from '../plugins/imageLocality.ts';
import { nodeAffinityWith } from '../plugins/nodeAffinity.ts';
import { nodeName } from '../plugins/nodeName.ts';
import { nodePorts } from '../plugins/nodePorts.ts';
import { nodeResourcesBalancedAllocation } from '../plugins/nodeResourcesBalancedAllocation.ts';
import { nodeResourcesFit } from '../plugins/nodeResourcesFit.ts';
import { nodeUnschedulable } from '../plugins/nodeUnschedulable.ts';
import { prioritySort } from '../plugins/prioritySort.ts';
import { schedulingGates } from '../plugins/schedulingGates.ts';
import { taintToleration } from '../plugins/taintToleration.ts';
import type { ScoringStrategy } from '../resourceScores.ts';
import { scoringStrategy } from '../scoringStrategies.ts';
import type { PluginArgs } from './configuration.ts';
import type { MakePlugins } from './profiles.ts';

/** What makes all plugins that there are, as a profile tells them. */
export function makeRegistry(
  { client, cache }: PluginContext,
  makeLater: ReturnType<typeof laterPlugins>,
  /** Extended resources that extenders look after alone. */
  ofExtenders: readonly string[],
): MakePlugins {
  return (args, recorder) => {
    const { ignoredResources = [], ignoredResourceGroups = [] } = args.NodeResourcesFit;
    const ignored = { resources: [...ignoredResources, ...ofExtenders], groups: ignoredResourceGroups };
    const plugins: readonly Plugin[] = [
      schedulingGates,
      prioritySort,
      nodeUnschedulable,
      nodeName,
      taintToleration,
      nodeAffinityWith(args.NodeAffinity.addedAffinity),
      nodePorts,
      nodeResourcesFit(strategyOf(args.NodeResourcesFit), ignored),
      nodeResourcesBalancedAllocation(args.NodeResourcesBalancedAllocation.resources),
      imageLocality(cache),
      defaultBinder(client),
      ...makeLater(args, recorder).values(),
    ];
    return new Map(plugins.map((plugin) => [plugin.name, plugin]));
  };
}

function strategyOf({ scoringStrategy: told }: PluginArgs['NodeResourcesFit']): ScoringStrategy {
  return scoringStrategy(told.type, told.resources, told.requestedToCapacityRatio?.shape);
}
