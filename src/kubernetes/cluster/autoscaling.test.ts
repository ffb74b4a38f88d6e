import { images } from '#images/registry.ts';
import { expect, test } from 'vitest';
import type { Deployment } from '#generated/types/apps.v1.ts';
import type { HorizontalPodAutoscaler } from '#generated/types/autoscaling.v2.ts';
import { deployments } from '#kubernetes/api/apps/deployment.ts';
import { services } from '#kubernetes/api/core/service.ts';
import { horizontalPodAutoscalers } from '#kubernetes/api/autoscaling/horizontalPodAutoscaler.ts';
import { Client } from '#kubernetes/client/client.ts';
import { runWithHops } from '#sim/deferred.ts';
import { Simulation } from '#sim/simulation.ts';
import { Cluster } from './cluster.ts';
import { laterParts } from './laterParts.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));

test('the autoscaling demo grows to five under load, and shrinks back after it', async () => {
  const simulation = new Simulation({ seed: 'hpa', startMs: Date.UTC(2026, 0, 1) });
  const nodes = [1, 2, 3].map((i) => ({
    name: `node-${i}`,
    cpu: '4',
    memory: '8Gi',
    podsMax: 110,
    zone: '',
  }));
  const cluster = new Cluster({ simulation, nodes });
  cluster.installImages(images);
  cluster.start();
  cluster.install(laterParts);
  const client = new Client(cluster.apiServer.handle, { name: 'admin', groups: ['system:masters'] });
  const pass = (seconds: number) =>
    runWithHops(simulation, hop, { untilMs: simulation.nowMs + seconds * 1000 });
  const deploy = (name: string, image: string, more: object) =>
    client.create<Deployment>(deployments, {
      metadata: { name, namespace: 'default' },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: { containers: [{ name: 'c', image, ...more }] },
        },
      },
    });
  await pass(60);
  deploy('demo', 'k8s_demo:v1', {
    resources: { requests: { cpu: '50m', memory: '320M' }, limits: { cpu: '100m', memory: '640M' } },
  });
  client.create(services, {
    metadata: { name: 'demo', namespace: 'default' },
    spec: {
      type: 'NodePort',
      selector: { app: 'demo' },
      ports: [{ port: 4000, nodePort: 30001, protocol: 'TCP' }],
    },
  });
  client.create<HorizontalPodAutoscaler>(horizontalPodAutoscalers, {
    metadata: { name: 'demo', namespace: 'default' },
    spec: {
      minReplicas: 1,
      maxReplicas: 5,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'demo' },
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 20 } },
        },
      ],
    },
  });
  const replicas = () => client.get(deployments, 'default', 'demo').status.readyReplicas ?? 0;
  await pass(120);
  expect(replicas()).toBe(1);
  const env = [
    { name: 'TARGET', value: 'http://demo:4000/' },
    { name: 'RATE', value: '10' },
  ];
  deploy('crowd', 'podarium/load-generator', { env });
  await pass(180);
  expect(replicas()).toBe(5);
  expect(cluster.flow()).toEqual({ milliRequests: 10_000, milliErrors: 0 });
  client.delete(deployments, 'default', 'crowd');
  await pass(240);
  expect(replicas()).toBe(5);
  await pass(300);
  expect(replicas()).toBe(1);
});
