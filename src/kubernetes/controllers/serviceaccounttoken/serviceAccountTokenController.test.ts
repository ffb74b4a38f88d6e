import { expect, test } from 'vitest';
import { decodeBase64 } from '#kubernetes/api/base64.ts';
import { secrets } from '#kubernetes/api/core/secret.ts';
import { serviceAccounts } from '#kubernetes/api/core/serviceAccount.ts';
import { TestCluster } from '../testCluster.ts';
import { serviceAccountTokenController } from './serviceAccountTokenController.ts';

const annotation = 'kubernetes.io/service-account.name';

function secretOf(cluster: TestCluster, name: string, account: string): void {
  cluster.client.create(secrets, {
    metadata: { name, namespace: 'default', annotations: { [annotation]: account } },
    type: 'kubernetes.io/service-account-token',
  });
  cluster.run();
}

const text = (base64 = '') => String.fromCharCode(...(decodeBase64(base64) ?? []));

test('a Secret that asks for a token gets one, and goes with its account', () => {
  const cluster = new TestCluster([serviceAccountTokenController]);
  secretOf(cluster, 'token', 'default');
  const { data = {}, metadata } = cluster.get(secrets, 'token');
  expect(text(data['token'])).toBe('token of default');
  expect(text(data['namespace'])).toBe('default');
  expect(text(data['ca.crt'])).toContain('BEGIN CERTIFICATE');
  const account = cluster.get(serviceAccounts, 'default');
  expect(metadata.annotations?.['kubernetes.io/service-account.uid']).toBe(account.metadata.uid);
  cluster.client.delete(serviceAccounts, 'default', 'default');
  cluster.run();
  expect(cluster.has(secrets, 'token')).toBe(false);
});

test('a Secret of no account is removed', () => {
  const cluster = new TestCluster([serviceAccountTokenController]);
  secretOf(cluster, 'token', 'nobody');
  expect(cluster.has(secrets, 'token')).toBe(false);
});
