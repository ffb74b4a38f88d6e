// Upstream: pkg/scheduler/apis/config/v1/default_plugins.go
import { namespaces } from '#kubernetes/api/core/namespace.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { Informers } from '#kubernetes/client/informer.ts';
import type { Cache } from '../cache.ts';
import { DefaultSelectors } from '../defaultSelector.ts';
import { PodGroups } from '../podGroups.ts';
import type { ProfilePlugin } from '../template.ts';
import { Topologies } from '../topology.ts';
import { defaultBinder } from './defaultBinder.ts';
import { imageLocality } from './imageLocality.ts';
import { interPodAffinity } from './interPodAffinity.ts';
import { nodeAffinity } from './nodeAffinity.ts';
import { nodeName } from './nodeName.ts';
import { nodePorts } from './nodePorts.ts';
import { nodeResourcesBalancedAllocation } from './nodeResourcesBalancedAllocation.ts';
import { nodeResourcesFit } from './nodeResourcesFit.ts';
import { nodeUnschedulable } from './nodeUnschedulable.ts';
import { podTopologySpread } from './podTopologySpread.ts';
import { prioritySort } from './prioritySort.ts';
import { schedulingGates } from './schedulingGates.ts';
import { taintToleration } from './taintToleration.ts';

/** What plugins may use. */
export interface PluginContext {
  readonly client: Client;
  readonly informers: Informers;
  readonly cache: Cache;
}

const noLabels = {};

/** The default profile: every plugin in its order, with the weight of its score. */
export function defaultPlugins({ client, informers, cache }: PluginContext): readonly ProfilePlugin[] {
  const groups = new PodGroups();
  cache.observe(groups);
  const topologies = new Topologies(cache);
  const selectors = new DefaultSelectors(informers);
  const namespaceInformer = informers.of(namespaces);
  const namespaceLabels = (name: string) => namespaceInformer.get(name)?.metadata.labels ?? noLabels;
  const spread = { cache, groups, topologies, selectorOf: selectors.of.bind(selectors) };
  return [
    { plugin: schedulingGates, weight: 0 },
    { plugin: prioritySort, weight: 0 },
    { plugin: nodeUnschedulable, weight: 0 },
    { plugin: nodeName, weight: 0 },
    { plugin: taintToleration, weight: 3 },
    { plugin: nodeAffinity, weight: 2 },
    { plugin: nodePorts, weight: 0 },
    { plugin: nodeResourcesFit(), weight: 1 },
    { plugin: podTopologySpread(spread), weight: 2 },
    { plugin: interPodAffinity({ groups, namespaceLabels }), weight: 2 },
    { plugin: nodeResourcesBalancedAllocation, weight: 1 },
    { plugin: imageLocality(cache), weight: 1 },
    { plugin: defaultBinder(client), weight: 0 },
  ];
}
