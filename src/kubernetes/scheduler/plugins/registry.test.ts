import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { KindSet } from '#kubernetes/api/kindSet.ts';
import { Client } from '#kubernetes/client/client.ts';
import { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import { Informers } from '#kubernetes/client/informer.ts';
import { Simulation } from '#sim/simulation.ts';
import { Cache } from '../cache.ts';
import { laterPlugins } from '../laterPlugins.ts';
import { Nominator } from '../nominator.ts';
import { defaultPlugins } from './registry.ts';

const client = new Client(
  () => {
    throw new Error('nobody calls');
  },
  { name: 'nobody', groups: [] },
);
const simulation = new Simulation({ seed: 'test', startMs: 0 });
const context = {
  simulation,
  client,
  kinds: new KindSet(),
  informers: new Informers(simulation, client),
  recorder: new EventRecorder(simulation, client, 'default-scheduler'),
  cache: new Cache(),
  nominator: new Nominator(),
  move: () => {},
};
const later = laterPlugins(context)();
const plugins = defaultPlugins(context, () => later);
const files = readdirSync(import.meta.dirname).filter((name) => !name.startsWith('registry.'));
const fileOf = (name: string) => `${name[0]!.toLowerCase()}${name.slice(1)}`;

test('the default profile has these plugins, in this order, with these weights', () => {
  expect(plugins.map(({ plugin, weight }) => `${plugin.name} ${weight}`)).toEqual([
    'SchedulingGates 0',
    'PrioritySort 0',
    'NodeUnschedulable 0',
    'NodeName 0',
    'TaintToleration 3',
    'NodeAffinity 2',
    'NodePorts 0',
    'NodeResourcesFit 1',
    'VolumeRestrictions 0',
    'NodeVolumeLimits 0',
    'VolumeBinding 0',
    'VolumeZone 0',
    'PodTopologySpread 2',
    'InterPodAffinity 2',
    'DefaultPreemption 0',
    'NodeResourcesBalancedAllocation 1',
    'ImageLocality 1',
    'DefaultBinder 0',
  ]);
});

test('filters that read only the node come before the others', () => {
  const reads = plugins.filter(({ plugin }) => plugin.preFilter).map(({ plugin }) => plugin.reads);
  expect(reads).toEqual(reads.toSorted().toReversed());
});

test('every plugin has a file, and every file a plugin', () => {
  const sources = files.filter((name) => !name.endsWith('.test.ts')).map((name) => name.slice(0, -3));
  expect(sources.toSorted()).toEqual(plugins.map(({ plugin }) => fileOf(plugin.name)).toSorted());
});

test.each(plugins.map(({ plugin }) => plugin.name))('%s has tests beside it', (name) => {
  expect(files).toContain(`${fileOf(name)}.test.ts`);
});
