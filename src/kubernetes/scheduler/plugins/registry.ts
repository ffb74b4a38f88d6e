// Upstream: pkg/scheduler/apis/config/v1/default_plugins.go
import type { PodDisruptionBudget } from '#generated/types/policy.v1.ts';
import { namespaces } from '#kubernetes/api/core/namespace.ts';
import type { KindSet } from '#kubernetes/api/kindSet.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { Informer, Informers } from '#kubernetes/client/informer.ts';
import type { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { Cache } from '../cache.ts';
import { DefaultSelectors } from '../defaultSelector.ts';
import type { Plugin } from '../framework.ts';
import type { Nominator } from '../nominator.ts';
import { PodGroups } from '../podGroups.ts';
import type { ProfilePlugin } from '../template.ts';
import { Topologies } from '../topology.ts';
import type { tryOut } from '../tryOut.ts';
import { defaultBinder } from './defaultBinder.ts';
import type { defaultPreemption } from './defaultPreemption.ts';
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
  readonly kinds: KindSet;
  readonly informers: Informers;
  readonly cache: Cache;
  readonly nominator: Nominator;
  readonly simulation: Simulation;
  readonly recorder: EventRecorder;
  readonly later: SchedulerParts;
}

/** What a scheduler does without until the second load; it may be set while the scheduler runs. */
export interface SchedulerParts {
  defaultPreemption?: typeof defaultPreemption;
  tryOut?: typeof tryOut;
}

const noLabels = {};

/** The default profile: every plugin in its order, with the weight of its score. */
export function defaultPlugins(context: PluginContext): readonly ProfilePlugin[] {
  const { client, informers, cache } = context;
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
    { plugin: interPodAffinity({ groups, topologies, namespaceLabels }), weight: 2 },
    { plugin: preemptionOf(context), weight: 0 },
    { plugin: nodeResourcesBalancedAllocation, weight: 1 },
    { plugin: imageLocality(cache), weight: 1 },
    { plugin: defaultBinder(client), weight: 0 },
  ];
}

/** Makes no room until there is somebody who can. */
function preemptionOf(context: PluginContext): Plugin {
  const budgets = budgetSource(context);
  let plugin: Plugin | undefined;
  const known = () => (plugin ??= context.later.defaultPreemption?.({ ...context, budgets }));
  return {
    name: 'DefaultPreemption',
    reads: 'cluster',
    furnish: () => void budgets(),
    postFilter: (pod, diagnosis, trials) => known()?.postFilter?.(pod, diagnosis, trials) ?? { message: '' },
    whatIf: (pod, diagnosis, trials) => known()?.whatIf?.(pod, diagnosis, trials) ?? null,
  };
}

/** The PodDisruptionBudgets there are, once the server serves that kind. */
function budgetSource({ kinds, informers }: PluginContext): () => readonly PodDisruptionBudget[] {
  return () => {
    const kind = kinds.findResource('policy', 'v1', 'poddisruptionbudgets');
    if (kind === undefined) return [];
    return [...(informers.of(kind) as unknown as Informer<PodDisruptionBudget>).list()];
  };
}
