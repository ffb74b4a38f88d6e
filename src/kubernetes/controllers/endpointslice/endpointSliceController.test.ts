import { expect, test } from 'vitest';
import type { Node, Pod, Service } from '#generated/types/core.v1.ts';
import type { EndpointSlice } from '#generated/types/discovery.v1.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { services } from '#kubernetes/api/core/service.ts';
import { endpointSlices } from '#kubernetes/api/discovery/endpointSlice.ts';
import { TestCluster } from '../testCluster.ts';
import { endpointSliceController } from './endpointSliceController.ts';

const labels = { app: 'web' };

function createService(cluster: TestCluster, spec: Partial<Service['spec']> = {}): Service {
  return cluster.client.create<Service>(services, {
    metadata: { name: 'web', namespace: 'default', labels: { team: 'shop' } },
    spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }], ...spec },
  });
}

function createPod(cluster: TestCluster, name: string, ip: string, ready = true, containerPort = 8080): Pod {
  const ports = [{ name: 'http', containerPort }];
  const pod = cluster.client.create<Pod>(pods, {
    metadata: { name, namespace: 'default', labels },
    spec: { nodeName: 'node-1', containers: [{ name: 'web', image: 'nginx', ports }] },
  });
  cluster.setPhase(pod, 'Running', ready);
  return cluster.patch(pods, name, { status: { podIP: ip, podIPs: [{ ip }] } }, 'status');
}

function clusterWith(spec: Partial<Service['spec']> = {}): TestCluster {
  const cluster = new TestCluster([endpointSliceController]);
  createService(cluster, spec);
  return cluster;
}

const slicesOf = (cluster: TestCluster): readonly EndpointSlice[] => cluster.list(endpointSlices);

/** `10.0.0.1 ready serving` for each endpoint. */
function endpointsOf(cluster: TestCluster): string[] {
  return slicesOf(cluster).flatMap(({ endpoints = [] }) =>
    (endpoints ?? []).map(({ addresses, conditions = {} }) =>
      [
        ...addresses,
        ...(['ready', 'serving', 'terminating'] as const).filter((name) => conditions[name]),
      ].join(' '),
    ),
  );
}

test('a Service that selects nothing has one empty slice', () => {
  const cluster = clusterWith();
  cluster.run();
  expect(slicesOf(cluster)).toHaveLength(1);
  const [slice] = slicesOf(cluster);
  expect(slice!.endpoints ?? []).toEqual([]);
  expect(slice!.metadata.name).toMatch(/^web-[a-z0-9]{5}$/);
  expect(slice!.metadata.labels).toEqual({
    team: 'shop',
    'kubernetes.io/service-name': 'web',
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
  });
  expect(slice!.metadata.ownerReferences).toMatchObject([{ kind: 'Service', name: 'web', controller: true }]);
});

test('endpoints follow their pods', () => {
  const cluster = clusterWith();
  cluster.client.create<Node>(nodes, {
    metadata: { name: 'node-1', labels: { 'topology.kubernetes.io/zone': 'zone-a' } },
    spec: {},
  });
  const first = createPod(cluster, 'first', '10.0.0.1');
  createPod(cluster, 'second', '10.0.0.2', false);
  cluster.run();
  expect(slicesOf(cluster)).toHaveLength(1);
  expect(slicesOf(cluster)[0]!.ports).toEqual([{ name: '', port: 8080, protocol: 'TCP' }]);
  expect(slicesOf(cluster)[0]!.endpoints![0]).toEqual({
    addresses: ['10.0.0.1'],
    conditions: { ready: true, serving: true, terminating: false },
    nodeName: 'node-1',
    zone: 'zone-a',
    targetRef: { kind: 'Pod', namespace: 'default', name: 'first', uid: first.metadata.uid },
  });
  expect(endpointsOf(cluster)).toEqual(['10.0.0.1 ready serving', '10.0.0.2']);
  cluster.setPhase(cluster.get(pods, 'second'), 'Running');
  cluster.client.delete(pods, 'default', 'first');
  cluster.run();
  expect(endpointsOf(cluster)).toEqual(['10.0.0.1 serving terminating', '10.0.0.2 ready serving']);
  cluster.client.delete(pods, 'default', 'first', { gracePeriodSeconds: 0 });
  cluster.patch(pods, 'second', { metadata: { labels: { app: 'other' } } });
  cluster.run();
  expect(endpointsOf(cluster)).toEqual([]);
});

test('a named port may be another number in another pod', () => {
  const cluster = clusterWith({ ports: [{ name: 'web', port: 80, targetPort: 'http' }] });
  createPod(cluster, 'old', '10.0.0.1', true, 8080);
  createPod(cluster, 'new', '10.0.0.2', true, 9090);
  cluster.run();
  const shown = slicesOf(cluster).map(({ ports, endpoints }) => [
    ports![0]!.port,
    endpoints![0]!.addresses[0],
  ]);
  expect(shown.toSorted(([a], [b]) => Number(a) - Number(b))).toEqual([
    [8080, '10.0.0.1'],
    [9090, '10.0.0.2'],
  ]);
});

test.each<[string, Partial<Service['spec']>, string[]]>([
  ['publishes what is not ready when told to', { publishNotReadyAddresses: true }, ['10.0.0.1 ready']],
  ['leaves pods that have ended out', { selector: { app: 'ended' } }, []],
])('a Service %s', (_what, spec, expected) => {
  const cluster = clusterWith(spec);
  createPod(cluster, 'pod', '10.0.0.1', false);
  const ended = createPod(cluster, 'ended', '10.0.0.2');
  cluster.patch(pods, 'ended', { metadata: { labels: { app: 'ended' } } });
  cluster.setPhase(ended, 'Succeeded');
  cluster.run();
  expect(endpointsOf(cluster)).toEqual(expected);
});

test.each<[string, Partial<Service['spec']>]>([
  ['without a selector', { selector: undefined }],
  ['of type ExternalName', { type: 'ExternalName', externalName: 'example.com' }],
])('a Service %s is left to others', (_what, { selector, ...spec }) => {
  const cluster = new TestCluster([endpointSliceController]);
  cluster.client.create<Service>(services, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { ports: [{ port: 80 }], ...spec, ...(selector && { selector }) },
  });
  cluster.run();
  expect(slicesOf(cluster)).toEqual([]);
});

test('labels of the Service are copied, and a headless one is marked', () => {
  const cluster = clusterWith({ clusterIP: 'None' });
  createPod(cluster, 'pod', '10.0.0.1');
  cluster.run();
  cluster.patch(services, 'web', { metadata: { labels: { team: 'bank' } } });
  cluster.run();
  expect(slicesOf(cluster)[0]!.metadata.labels).toMatchObject({
    team: 'bank',
    'service.kubernetes.io/headless': '',
  });
});
