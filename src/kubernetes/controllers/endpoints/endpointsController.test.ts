import { expect, test } from 'vitest';
import type { Pod, Service } from '#generated/types/core.v1.ts';
import { endpoints } from '#kubernetes/api/core/endpoints.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { services } from '#kubernetes/api/core/service.ts';
import { TestCluster } from '../testCluster.ts';
import { endpointsController } from './endpointsController.ts';

const labels = { app: 'web' };

function clusterWith(spec: Partial<Service['spec']> = {}): TestCluster {
  const cluster = new TestCluster([endpointsController]);
  cluster.client.create<Service>(services, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 8080 }], ...spec },
  });
  return cluster;
}

function createPod(cluster: TestCluster, name: string, ip: string, ready = true): void {
  const pod = cluster.client.create<Pod>(pods, {
    metadata: { name, namespace: 'default', labels },
    spec: { nodeName: 'node-1', containers: [{ name: 'web', image: 'nginx' }] },
  });
  cluster.setPhase(pod, 'Running', ready);
  cluster.patch(pods, name, { status: { podIP: ip, podIPs: [{ ip }] } }, 'status');
}

const subsetsOf = (cluster: TestCluster) =>
  (cluster.get(endpoints, 'web').subsets ?? []).map(
    ({ addresses = [], notReadyAddresses = [], ports = [] }) => [
      addresses.map(({ ip }) => ip),
      notReadyAddresses.map(({ ip }) => ip),
      ports.map(({ name, port }) => `${name}:${port}`),
    ],
  );

test('ready and not ready addresses stand apart', () => {
  const cluster = clusterWith();
  cluster.run();
  expect(subsetsOf(cluster)).toEqual([]);
  createPod(cluster, 'b', '10.0.0.2');
  createPod(cluster, 'a', '10.0.0.1');
  createPod(cluster, 'c', '10.0.0.3', false);
  cluster.run();
  expect(subsetsOf(cluster)).toEqual([[['10.0.0.1', '10.0.0.2'], ['10.0.0.3'], ['http:8080']]]);
  expect(cluster.get(endpoints, 'web').metadata.labels).toEqual({
    'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
  });
  expect(cluster.get(endpoints, 'web').subsets![0]!.addresses![0]).toMatchObject({
    nodeName: 'node-1',
    targetRef: { kind: 'Pod', name: 'a' },
  });
});

test('a pod that is being deleted is out, and the object goes with its Service', () => {
  const cluster = clusterWith();
  createPod(cluster, 'a', '10.0.0.1');
  cluster.run();
  cluster.client.delete(pods, 'default', 'a');
  cluster.run();
  expect(subsetsOf(cluster)).toEqual([]);
  cluster.client.delete(services, 'default', 'web');
  cluster.run();
  expect(cluster.has(endpoints, 'web')).toBe(false);
});

test('a headless Service may have no ports', () => {
  const cluster = clusterWith({ clusterIP: 'None', ports: [] });
  createPod(cluster, 'a', '10.0.0.1');
  cluster.run();
  expect(subsetsOf(cluster)).toEqual([[['10.0.0.1'], [], []]]);
});

test('a thousand addresses are shown, ready ones first', () => {
  const cluster = clusterWith();
  for (let i = 0; i < 1002; i++) createPod(cluster, `pod-${i}`, `10.0.${i >> 8}.${i & 255}`, i >= 4);
  cluster.run(10_000);
  const [[ready, notReady]] = subsetsOf(cluster) as [[string[], string[]]];
  expect([ready.length, notReady.length]).toEqual([998, 2]);
  expect(cluster.get(endpoints, 'web').metadata.annotations).toEqual({
    'endpoints.kubernetes.io/over-capacity': 'truncated',
  });
});
