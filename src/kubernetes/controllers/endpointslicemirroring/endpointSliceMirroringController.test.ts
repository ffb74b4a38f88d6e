import { expect, test } from 'vitest';
import type { Endpoints, Service } from '#generated/types/core.v1.ts';
import { endpoints } from '#kubernetes/api/core/endpoints.ts';
import { services } from '#kubernetes/api/core/service.ts';
import { endpointSlices } from '#kubernetes/api/discovery/endpointSlice.ts';
import { TestCluster } from '../testCluster.ts';
import { endpointSliceMirroringController } from './endpointSliceMirroringController.ts';

const subset = { addresses: [{ ip: '10.1.2.3' }], ports: [{ name: 'http', port: 80 }] };

function clusterWith(
  subsets: Endpoints['subsets'],
  labels = {},
  selector?: Service['spec']['selector'],
): TestCluster {
  const cluster = new TestCluster([endpointSliceMirroringController]);
  cluster.client.create<Service>(services, {
    metadata: { name: 'db', namespace: 'default' },
    spec: { ports: [{ name: 'http', port: 80 }], ...(selector && { selector }) },
  });
  cluster.client.create<Endpoints>(endpoints, {
    metadata: { name: 'db', namespace: 'default', labels, annotations: { note: 'x' } },
    ...(subsets && { subsets }),
  });
  cluster.run();
  return cluster;
}

/** `family, addresses with their readiness, ports` of each slice. */
const slicesOf = (cluster: TestCluster) =>
  cluster
    .list(endpointSlices)
    .map(({ addressType, endpoints: listed, ports }) => {
      const addresses = (listed ?? []).map((entry) => `${entry.addresses[0]} ${entry.conditions?.ready}`);
      return [addressType, ...addresses, ...(ports ?? []).map(({ name, port }) => `${name}:${port}`)].join(
        ' ',
      );
    })
    .sort();

test('what somebody wrote for a Service without a selector becomes slices', () => {
  const cluster = clusterWith(
    [
      { ...subset, notReadyAddresses: [{ ip: '10.1.2.4' }, { ip: 'fd00::1' }] },
      { addresses: [{ ip: '10.1.2.5' }], ports: [{ name: 'http', port: 8080 }] },
    ],
    { team: 'a' },
  );
  expect(slicesOf(cluster)).toEqual([
    'IPv4 10.1.2.3 true 10.1.2.4 false http:80',
    'IPv4 10.1.2.5 true http:8080',
    'IPv6 fd00::1 false http:80',
  ]);
  expect(cluster.list(endpointSlices)[0]!.metadata).toMatchObject({
    labels: {
      team: 'a',
      'kubernetes.io/service-name': 'db',
      'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
    },
    annotations: { note: 'x' },
    ownerReferences: [{ kind: 'Endpoints', name: 'db', controller: true }],
  });
});

test.each([
  ['of a Service that selects pods', {}, { app: 'db' }],
  ['that ask not to be', { 'endpointslice.kubernetes.io/skip-mirror': 'true' }, undefined],
])('Endpoints %s are not mirrored', (_name, labels, selector) => {
  expect(slicesOf(clusterWith([subset], labels, selector))).toEqual([]);
});

test('slices follow a change, and go when there is nothing to say', () => {
  const cluster = clusterWith([subset]);
  const [before] = cluster.list(endpointSlices);
  cluster.patch(endpoints, 'db', { subsets: [{ ...subset, addresses: [{ ip: '10.9.9.9' }] }] });
  cluster.run();
  expect(slicesOf(cluster)).toEqual(['IPv4 10.9.9.9 true http:80']);
  expect(cluster.list(endpointSlices)[0]!.metadata.uid).toBe(before!.metadata.uid);
  cluster.patch(services, 'db', { spec: { selector: { app: 'db' } } });
  cluster.run();
  expect(slicesOf(cluster)).toEqual([]);
});
