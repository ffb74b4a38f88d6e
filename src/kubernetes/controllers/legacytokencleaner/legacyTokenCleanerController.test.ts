import { expect, test } from 'vitest';
import { configMaps } from '#kubernetes/api/core/configMap.ts';
import { namespaces } from '#kubernetes/api/core/namespace.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { secrets } from '#kubernetes/api/core/secret.ts';
import { serviceAccounts } from '#kubernetes/api/core/serviceAccount.ts';
import { TestCluster } from '../testCluster.ts';
import { legacyTokenCleanerController } from './legacyTokenCleanerController.ts';

const dayMs = 24 * 3_600_000;
const invalid = 'kubernetes.io/legacy-token-invalid-since';

function clusterWith(labels: Record<string, string> = {}, isListed = true): TestCluster {
  const cluster = new TestCluster([legacyTokenCleanerController]);
  const namespace = 'default';
  cluster.client.create(namespaces, { metadata: { name: 'kube-system' }, spec: {} });
  cluster.client.create(configMaps, {
    metadata: { name: 'kube-apiserver-legacy-service-account-token-tracking', namespace: 'kube-system' },
    data: { since: new Date(cluster.simulation.nowMs).toISOString().slice(0, 10) },
  });
  const account = cluster.client.create(serviceAccounts, {
    metadata: { name: 'robot', namespace },
    ...(isListed && { secrets: [{ name: 'robot-token' }] }),
  });
  cluster.client.create(secrets, {
    metadata: {
      name: 'robot-token',
      namespace,
      labels,
      annotations: {
        'kubernetes.io/service-account.name': 'robot',
        'kubernetes.io/service-account.uid': account.metadata.uid,
      },
    },
    type: 'kubernetes.io/service-account-token',
  });
  return cluster;
}

const secretOf = (cluster: TestCluster) => cluster.client.list(secrets, { namespace: 'default' }).items[0];

// Upstream: legacy_serviceaccount_token_cleaner_test.go
test('a token that nobody used for a year is marked, and goes a year later', () => {
  const cluster = clusterWith();
  cluster.run(365 * dayMs);
  expect(secretOf(cluster)?.metadata.labels ?? {}).toEqual({});
  cluster.run(3 * dayMs);
  expect(secretOf(cluster)?.metadata.labels?.[invalid]).toMatch(/^\d{4}-\d\d-\d\d$/);
  cluster.run(360 * dayMs);
  expect(secretOf(cluster)).toBeDefined();
  cluster.run(10 * dayMs);
  expect(secretOf(cluster)).toBeUndefined();
});

test.each<[string, Record<string, string>, boolean]>([
  ['was used of late', { 'kubernetes.io/legacy-token-last-used': '2099-01-01' }, true],
  ['was used when nobody knows', { 'kubernetes.io/legacy-token-last-used': 'lately' }, true],
  ['was asked for', {}, false],
])('a token that %s stays as it is', (_what, labels, isListed) => {
  const cluster = clusterWith(labels, isListed);
  cluster.run(400 * dayMs);
  expect(secretOf(cluster)?.metadata.labels ?? {}).not.toHaveProperty(invalid);
});

test('a token that a pod mounts stays as it is', () => {
  const cluster = clusterWith();
  const volumes = [{ name: 'v', secret: { secretName: 'robot-token' } }];
  const spec = { containers: [{ name: 'c', image: 'nginx' }], volumes };
  cluster.client.create(pods, { metadata: { name: 'p', namespace: 'default' }, spec });
  cluster.run(400 * dayMs);
  expect(secretOf(cluster)?.metadata.labels ?? {}).toEqual({});
});
