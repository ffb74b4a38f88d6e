import { expect, test } from 'vitest';
import type { ClusterRole } from '#generated/types/rbac.v1.ts';
import type { ConfigMap } from '#generated/types/core.v1.ts';
import type { OwnerReference } from '#generated/types/meta.v1.ts';
import { configMaps } from '#kubernetes/api/core/configMap.ts';
import { namespaces } from '#kubernetes/api/core/namespace.ts';
import { clusterRoles } from '#kubernetes/api/rbac/clusterRole.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { TestCluster } from '../testCluster.ts';
import { garbageCollectorController } from './garbageCollectorController.ts';

const newCluster = () => new TestCluster([garbageCollectorController]);

function create(
  cluster: TestCluster,
  name: string,
  ownerReferences: readonly OwnerReference[] = [],
  namespace = 'default',
): ConfigMap {
  return cluster.client.create<ConfigMap>(configMaps, { metadata: { name, namespace, ownerReferences } });
}

function ownedBy(owner: KubeObject, blockOwnerDeletion = true): OwnerReference {
  const { name, uid } = owner.metadata;
  return { apiVersion: 'v1', kind: owner.kind, name, uid, blockOwnerDeletion };
}

const names = (cluster: TestCluster) => cluster.list(configMaps).map(({ metadata }) => metadata.name);

/** owner <- a, b; a <- leaf */
function family(): TestCluster {
  const cluster = newCluster();
  const owner = create(cluster, 'owner');
  const a = create(cluster, 'a', [ownedBy(owner)]);
  create(cluster, 'b', [ownedBy(owner)]);
  create(cluster, 'leaf', [ownedBy(a)]);
  cluster.run();
  return cluster;
}

const remove = (cluster: TestCluster, name: string, propagationPolicy?: string) =>
  cluster.client.delete(configMaps, 'default', name, { ...(propagationPolicy && { propagationPolicy }) });

test('what has an owner stays', () => {
  const cluster = family();
  expect(names(cluster)).toEqual(['a', 'b', 'leaf', 'owner']);
});

test.each([undefined, 'Background'])('in the background (%s) the owner goes first', (policy) => {
  const cluster = family();
  remove(cluster, 'owner', policy);
  expect(names(cluster)).toEqual(['a', 'b', 'leaf']);
  cluster.run();
  expect(names(cluster)).toEqual([]);
});

test('in the foreground the owner goes last', () => {
  const cluster = family();
  cluster.patch(configMaps, 'leaf', { metadata: { finalizers: ['test/hold'] } });
  remove(cluster, 'owner', 'Foreground');
  cluster.run();
  expect(names(cluster)).toEqual(['a', 'leaf', 'owner']);
  expect(cluster.get(configMaps, 'a').metadata.finalizers).toEqual(['foregroundDeletion']);
  cluster.patch(configMaps, 'leaf', { metadata: { finalizers: null } });
  cluster.run();
  expect(names(cluster)).toEqual([]);
});

test('a dependent that does not block is not waited for', () => {
  const cluster = newCluster();
  const owner = create(cluster, 'owner');
  const dependent = create(cluster, 'free', [ownedBy(owner, false)]);
  cluster.patch(configMaps, dependent.metadata.name, { metadata: { finalizers: ['test/hold'] } });
  cluster.run();
  remove(cluster, 'owner', 'Foreground');
  cluster.run();
  expect(names(cluster)).toEqual(['free']);
});

test('orphans stay, without their owner', () => {
  const cluster = family();
  remove(cluster, 'owner', 'Orphan');
  cluster.run();
  expect(names(cluster)).toEqual(['a', 'b', 'leaf']);
  expect(cluster.get(configMaps, 'a').metadata.ownerReferences ?? []).toEqual([]);
  expect(cluster.get(configMaps, 'leaf').metadata.ownerReferences).toHaveLength(1);
});

test('one owner of two is enough, and the lost one is forgotten', () => {
  const cluster = newCluster();
  const first = create(cluster, 'first');
  const second = create(cluster, 'second');
  create(cluster, 'child', [ownedBy(first), ownedBy(second)]);
  cluster.run();
  remove(cluster, 'first');
  cluster.run();
  expect(cluster.get(configMaps, 'child').metadata.ownerReferences).toMatchObject([{ name: 'second' }]);
  remove(cluster, 'second');
  cluster.run();
  expect(names(cluster)).toEqual([]);
});

test.each<[string, Partial<OwnerReference>]>([
  ['that never was', { name: 'nobody', uid: 'nobody' }],
  ['of another uid', { uid: 'another' }],
  ['of another name', { name: 'another' }],
])('an owner %s keeps nothing', (_what, change) => {
  const cluster = newCluster();
  const owner = create(cluster, 'owner');
  create(cluster, 'child', [{ ...ownedBy(owner), ...change }]);
  cluster.run();
  expect(names(cluster)).toEqual(['owner']);
});

test('an owner in another namespace keeps nothing, and that is told', () => {
  const cluster = newCluster();
  cluster.client.create(namespaces, { metadata: { name: 'other' }, spec: {} });
  const owner = create(cluster, 'owner', [], 'other');
  create(cluster, 'child', [ownedBy(owner)]);
  cluster.run();
  expect(names(cluster)).toEqual(['owner']);
  expect(cluster.events('child')).toEqual([
    `Warning OwnerRefInvalidNamespace ownerRef [v1/ConfigMap, namespace: default, name: owner, uid: ${owner.metadata.uid}] does not exist in namespace "default"`,
  ]);
});

test('a circle in the foreground dissolves', () => {
  const cluster = newCluster();
  const first = create(cluster, 'first');
  const second = create(cluster, 'second', [ownedBy(first)]);
  cluster.patch(configMaps, 'first', { metadata: { ownerReferences: [ownedBy(second)] } });
  cluster.run();
  remove(cluster, 'first', 'Foreground');
  cluster.run();
  expect(names(cluster)).toEqual([]);
});

test('a namespaced object may have a cluster-scoped owner', () => {
  const cluster = newCluster();
  const owner = cluster.client.create(namespaces, { metadata: { name: 'other' }, spec: {} });
  create(cluster, 'child', [ownedBy(owner)]);
  cluster.run();
  expect(names(cluster)).toEqual(['child']);
});

// Facts from upstream's TestConflictingData: what no collector can decide is left, and told.
test('a cluster-scoped object with a namespaced owner stays, also when that is gone', () => {
  const cluster = newCluster();
  const owner = create(cluster, 'owner');
  for (const [name, ownerReferences] of [
    ['of-one', [ownedBy(owner)]],
    ['of-none', [{ ...ownedBy(owner), name: 'nobody', uid: 'nobody' }]],
  ] as const)
    cluster.client.create<ClusterRole>(clusterRoles, {
      metadata: { name, ownerReferences: [...ownerReferences] },
    });
  cluster.run();
  remove(cluster, 'owner');
  cluster.run();
  expect(cluster.has(clusterRoles, 'of-one')).toBe(true);
  expect(cluster.has(clusterRoles, 'of-none')).toBe(true);
  expect(cluster.events('of-one')).toEqual([
    `Warning OwnerRefInvalidNamespace ownerRef [v1/ConfigMap, namespace: , name: owner, uid: ${owner.metadata.uid}] does not exist in namespace ""`,
  ]);
});

test('of an owner in another namespace and one in its own the second keeps it', () => {
  const cluster = newCluster();
  cluster.client.create(namespaces, { metadata: { name: 'other' }, spec: {} });
  const far = create(cluster, 'far', [], 'other');
  const near = create(cluster, 'near');
  create(cluster, 'child', [ownedBy(far), ownedBy(near)]);
  cluster.run();
  expect(names(cluster)).toEqual(['child', 'near', 'far']);
  expect(cluster.get(configMaps, 'child').metadata.ownerReferences).toMatchObject([{ name: 'near' }]);
  remove(cluster, 'near');
  cluster.run();
  expect(names(cluster)).toEqual(['far']);
});

test('an owner of a kind that nobody serves keeps what it has', () => {
  const cluster = newCluster();
  const owner = create(cluster, 'owner');
  create(cluster, 'child', [{ ...ownedBy(owner), apiVersion: 'example.com/v1', kind: 'Widget' }]);
  cluster.run();
  expect(names(cluster)).toEqual(['child', 'owner']);
});
