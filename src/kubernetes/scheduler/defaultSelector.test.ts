import { expect, test } from 'vitest';
import { replicaSets } from '#kubernetes/api/apps/replicaSet.ts';
import { services } from '#kubernetes/api/core/service.ts';
import { Client } from '#kubernetes/client/client.ts';
import { Informers } from '#kubernetes/client/informer.ts';
import { DefaultSelectors } from './defaultSelector.ts';
import { makeNode, makePod } from './testObjects.ts';
import { TestScheduler } from './testScheduler.ts';

const labels = { app: 'web', tier: 'front' };

function addService(world: TestScheduler, name: string, selector: Record<string, string>): void {
  const ports = [{ port: 80, protocol: 'TCP' as const, targetPort: 80 }];
  world.client.create(services, { metadata: { name, namespace: 'default' }, spec: { selector, ports } });
}

function addReplicaSet(world: TestScheduler, name: string): void {
  const matchLabels = { app: 'web' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
  world.client.create(replicaSets, {
    metadata: { name, namespace: 'default' },
    spec: { replicas: 0, selector: { matchLabels }, template },
  });
}

const ownedBy = (name: string) =>
  makePod({
    labels,
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid: 'u', controller: true }],
  });

function selectorsOf(world: TestScheduler): DefaultSelectors {
  const client = new Client(world.server.handle, { name: 'system:kube-scheduler', groups: [] });
  const informers = new Informers(world.simulation, client);
  const selectors = new DefaultSelectors(informers);
  informers.start();
  return selectors;
}

// Facts from upstream's TestSelectorForPod / DefaultSelector.
test('a pod belongs with what its Services and its ReplicaSet select', () => {
  const world = new TestScheduler();
  addService(world, 'web', { tier: 'front' });
  addService(world, 'db', { app: 'db' });
  addReplicaSet(world, 'web-1');
  const selectors = selectorsOf(world);
  expect(selectors.of(makePod({ labels })).toString()).toBe('tier=front');
  expect(selectors.of(ownedBy('web-1')).toString()).toBe('app=web,tier=front');
  expect(selectors.of(ownedBy('gone')).toString()).toBe('tier=front');
  expect(selectors.of(makePod({ labels, namespace: 'other' })).empty).toBe(true);
  expect(selectors.of(makePod()).empty).toBe(true);
});

test('a Service that comes later is known', () => {
  const world = new TestScheduler();
  const selectors = selectorsOf(world);
  expect(selectors.of(makePod({ labels })).empty).toBe(true);
  addService(world, 'web', { tier: 'front' });
  world.run(100);
  expect(selectors.of(makePod({ labels })).toString()).toBe('tier=front');
});

test('replicas of a Service spread over nodes, though one of these has more room', () => {
  const world = new TestScheduler();
  world.addNode(makeNode('huge', { allocatable: { cpu: '64', memory: '256Gi' } }));
  for (const name of ['a', 'b', 'c']) world.addNode(makeNode(name));
  addService(world, 'web', { app: 'web' });
  world.run();
  for (let i = 0; i < 4; i++) world.addPod(makePod({ name: `p${i}`, labels, requests: { cpu: '100m' } }));
  world.run();
  expect(Object.values(world.placements()).toSorted()).toEqual(['a', 'b', 'c', 'huge']);
});
