import type { PodDisruptionBudget } from '#generated/types/policy.v1.ts';
import { namespaces } from '#kubernetes/api/core/namespace.ts';
import type { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import type { PluginArgs } from './configuration/configuration.ts';
import { DefaultSelectors } from './defaultSelector.ts';
import type { Plugin } from './framework.ts';
import { PodGroups } from './podGroups.ts';
import { defaultPreemption } from './plugins/defaultPreemption.ts';
import { interPodAffinity } from './plugins/interPodAffinity.ts';
import { podTopologySpread } from './plugins/podTopologySpread.ts';
import type { PluginContext } from './pluginContext.ts';
import { Topologies } from './topology.ts';
import { volumePlugins } from './volumePlugins.ts';

const noLabels = {};

/**
 * What makes the plugins that look at other pods and nodes, by name, for one profile. What they follow is followed once.
 * No pod has a place before they are there.
 */
export function laterPlugins(
  context: PluginContext,
): (args?: PluginArgs, recorder?: EventRecorder) => ReadonlyMap<string, Plugin> {
  const { informers, cache } = context;
  const groups = new PodGroups();
  cache.observe(groups);
  const topologies = new Topologies(cache);
  const selectors = new DefaultSelectors(informers);
  const namespaceInformer = informers.of(namespaces);
  const namespaceLabels = (name: string) => namespaceInformer.get(name)?.metadata.labels ?? noLabels;
  const spread = { cache, groups, topologies, selectorOf: selectors.of.bind(selectors) };
  const budgets = budgetSource(context);
  const ofVolumes = volumePlugins(context);
  return (args, recorder = context.recorder) => {
    const { defaultingType, defaultConstraints = [] } = args?.PodTopologySpread ?? {};
    const { minCandidateNodesPercentage, minCandidateNodesAbsolute } = args?.DefaultPreemption ?? {};
    const plugins = [
      ...ofVolumes,
      podTopologySpread({ ...spread, ...(defaultingType === 'List' && { defaults: defaultConstraints }) }),
      interPodAffinity({ groups, topologies, namespaceLabels, ...args?.InterPodAffinity }),
      defaultPreemption({
        ...context,
        recorder,
        budgets,
        ...(args && {
          candidatesPercent: minCandidateNodesPercentage!,
          candidatesMin: minCandidateNodesAbsolute!,
        }),
      }),
    ];
    return new Map(plugins.map((plugin) => [plugin.name, plugin]));
  };
}

/** The PodDisruptionBudgets there are, if the server serves that kind. They are followed from now on. */
function budgetSource({ kinds, informers }: PluginContext): () => readonly PodDisruptionBudget[] {
  const kind = kinds.findResource('policy', 'v1', 'poddisruptionbudgets');
  if (kind === undefined) return () => [];
  const informer = informers.of(kind) as unknown as Informer<PodDisruptionBudget>;
  return () => [...informer.list()];
}
