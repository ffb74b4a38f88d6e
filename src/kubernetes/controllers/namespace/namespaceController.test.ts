import { expect, test } from 'vitest';
import type { ConfigMap, Pod } from '#generated/types/core.v1.ts';
import { configMaps } from '#kubernetes/api/core/configMap.ts';
import { namespaces } from '#kubernetes/api/core/namespace.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { serviceAccounts } from '#kubernetes/api/core/serviceAccount.ts';
import { TestCluster } from '../testCluster.ts';
import { namespaceController } from './namespaceController.ts';

function clusterWithShop(): TestCluster {
  const cluster = new TestCluster([namespaceController]);
  cluster.client.create(namespaces, { metadata: { name: 'shop' }, spec: {} });
  cluster.client.create(serviceAccounts, { metadata: { name: 'default', namespace: 'shop' } });
  return cluster;
}

function createConfigMap(cluster: TestCluster, finalizers: readonly string[] = []): void {
  const metadata = { name: 'prices', namespace: 'shop', finalizers };
  cluster.client.create<ConfigMap>(configMaps, { metadata });
}

function conditionsOf(cluster: TestCluster): string[] {
  return cluster
    .get(namespaces, 'shop')
    .status.conditions!.map(({ type, status, reason, message }) => `${type} ${status} ${reason}: ${message}`);
}

test('a deleted namespace is emptied and goes', () => {
  const cluster = clusterWithShop();
  createConfigMap(cluster);
  cluster.client.delete(namespaces, '', 'shop');
  cluster.run(4000);
  expect(cluster.get(namespaces, 'shop').status.phase).toBe('Terminating');
  expect(cluster.has(configMaps, 'prices', 'shop')).toBe(true);
  cluster.run(2000);
  expect(cluster.has(namespaces, 'shop')).toBe(false);
  expect(cluster.has(configMaps, 'prices', 'shop')).toBe(false);
  expect(cluster.has(namespaces, 'default')).toBe(true);
});

test('what a finalizer keeps, keeps the namespace, and the conditions say which', () => {
  const cluster = clusterWithShop();
  createConfigMap(cluster, ['example.com/hold']);
  cluster.client.delete(namespaces, '', 'shop');
  cluster.run(8000);
  expect(conditionsOf(cluster)).toEqual([
    'NamespaceDeletionDiscoveryFailure False ResourcesDiscovered: All resources successfully discovered',
    'NamespaceDeletionGroupVersionParsingFailure False ParsedGroupVersions: All legacy kube types successfully parsed',
    'NamespaceDeletionContentFailure False ContentDeleted: All content successfully deleted, may be waiting on finalization',
    'NamespaceContentRemaining True SomeResourcesRemain: Some resources are remaining: configmaps. has 1 resource instances',
    'NamespaceFinalizersRemaining True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
  ]);
  const body = { metadata: { finalizers: null } };
  cluster.client.patch(configMaps, 'shop', 'prices', { type: 'merge', body });
  cluster.run(10_000);
  expect(cluster.has(namespaces, 'shop')).toBe(false);
});

test('pods go first, with their grace', () => {
  const cluster = clusterWithShop();
  createConfigMap(cluster);
  cluster.client.create<Pod>(pods, {
    metadata: { name: 'web', namespace: 'shop' },
    spec: { nodeName: 'a', containers: [{ name: 'web', image: 'nginx' }] },
  });
  cluster.client.delete(namespaces, '', 'shop');
  cluster.run(8000);
  expect(cluster.get(pods, 'web', 'shop').metadata.deletionTimestamp).toBeDefined();
  expect(cluster.has(configMaps, 'prices', 'shop')).toBe(true);
  expect(conditionsOf(cluster)[3]).toMatch(/Some resources are remaining: pods. has 1 resource instances$/);
  cluster.client.delete(pods, 'shop', 'web', { gracePeriodSeconds: 0 });
  cluster.run(16_000);
  expect(cluster.has(namespaces, 'shop')).toBe(false);
});
