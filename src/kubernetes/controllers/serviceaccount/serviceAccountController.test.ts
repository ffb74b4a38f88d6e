import { expect, test } from 'vitest';
import { namespaces } from '#kubernetes/api/core/namespace.ts';
import { serviceAccounts } from '#kubernetes/api/core/serviceAccount.ts';
import { TestCluster } from '../testCluster.ts';
import { serviceAccountController } from './serviceAccountController.ts';

test('every namespace has a default account, again after it was deleted', () => {
  const cluster = new TestCluster([serviceAccountController]);
  cluster.client.create(namespaces, { metadata: { name: 'shop' }, spec: {} });
  cluster.run();
  expect(cluster.has(serviceAccounts, 'default', 'shop')).toBe(true);
  cluster.client.delete(serviceAccounts, 'shop', 'default');
  cluster.run();
  expect(cluster.has(serviceAccounts, 'default', 'shop')).toBe(true);
});

test('a namespace that goes away gets none', () => {
  const cluster = new TestCluster([serviceAccountController]);
  cluster.client.create(namespaces, { metadata: { name: 'shop' }, spec: {} });
  cluster.client.delete(namespaces, '', 'shop');
  cluster.run();
  expect(cluster.has(serviceAccounts, 'default', 'shop')).toBe(false);
});
