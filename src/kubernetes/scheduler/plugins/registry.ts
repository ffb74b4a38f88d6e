// Upstream: pkg/scheduler/apis/config/v1/default_plugins.go
import type { Client } from '#kubernetes/client/client.ts';
import type { ProfilePlugin } from '../template.ts';
import { defaultBinder } from './defaultBinder.ts';
import { nodeAffinity } from './nodeAffinity.ts';
import { nodeName } from './nodeName.ts';
import { nodePorts } from './nodePorts.ts';
import { nodeResourcesBalancedAllocation } from './nodeResourcesBalancedAllocation.ts';
import { nodeResourcesFit } from './nodeResourcesFit.ts';
import { nodeUnschedulable } from './nodeUnschedulable.ts';
import { prioritySort } from './prioritySort.ts';
import { schedulingGates } from './schedulingGates.ts';
import { taintToleration } from './taintToleration.ts';

/** What plugins may use. */
export interface PluginContext {
  readonly client: Client;
}

/** The default profile: every plugin in its order, with the weight of its score. */
export function defaultPlugins({ client }: PluginContext): readonly ProfilePlugin[] {
  return [
    { plugin: schedulingGates, weight: 0 },
    { plugin: prioritySort, weight: 0 },
    { plugin: nodeUnschedulable, weight: 0 },
    { plugin: nodeName, weight: 0 },
    { plugin: taintToleration, weight: 3 },
    { plugin: nodeAffinity, weight: 2 },
    { plugin: nodePorts, weight: 0 },
    { plugin: nodeResourcesFit(), weight: 1 },
    { plugin: nodeResourcesBalancedAllocation, weight: 1 },
    { plugin: defaultBinder(client), weight: 0 },
  ];
}
