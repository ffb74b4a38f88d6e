import { expect, test } from 'vitest';
import { configMaps } from '#kubernetes/api/core/configMap.ts';
import { TestCluster } from '../testCluster.ts';
import { rootCaCertPublisherController } from './rootCaCertPublisherController.ts';

test('every namespace has the certificate, again after it was deleted or changed', () => {
  const cluster = new TestCluster([rootCaCertPublisherController]);
  const certificate = () => cluster.get(configMaps, 'kube-root-ca.crt').data!['ca.crt'];
  cluster.run();
  const original = certificate();
  expect(original).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
  cluster.client.delete(configMaps, 'default', 'kube-root-ca.crt');
  cluster.run();
  expect(certificate()).toBe(original);
  cluster.patch(configMaps, 'kube-root-ca.crt', { data: { 'ca.crt': 'mine' } });
  cluster.run();
  expect(certificate()).toBe(original);
});
