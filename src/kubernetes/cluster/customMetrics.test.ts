import '#images/installedTools.ts';
import { images } from '#images/registry.ts';
import { expect, test } from 'vitest';
import { deployments } from '#kubernetes/api/apps/deployment.ts';
import { horizontalPodAutoscalers } from '#kubernetes/api/autoscaling/horizontalPodAutoscaler.ts';
import { Client } from '#kubernetes/client/client.ts';
import { runWithHops } from '#sim/deferred.ts';
import { Simulation } from '#sim/simulation.ts';
import { Cluster } from './cluster.ts';
import { laterParts } from './laterParts.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));

test('an image feeds the metrics that an autoscaler follows, while an adapter serves them', async () => {
  const simulation = new Simulation({ seed: 'metrics', startMs: Date.UTC(2026, 0, 1) });
  const nodes = [1, 2].map((i) => ({ name: `node-${i}`, cpu: '4', memory: '8Gi', podsMax: 110, zone: '' }));
  const cluster = new Cluster({ simulation, nodes });
  cluster.installImages(images);
  cluster.start();
  cluster.install(laterParts);
  const client = new Client(cluster.apiServer.handle, { name: 'admin', groups: ['system:masters'] });
  const pass = (seconds: number) =>
    runWithHops(simulation, hop, { untilMs: simulation.nowMs + seconds * 1000 });
  const deploy = (name: string, image: string, command?: readonly string[]) =>
    client.create(deployments, {
      metadata: { name, namespace: 'default' },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: { containers: [{ name: 'c', image, ...(command && { command: [...command] }) }] },
        },
      },
    });
  const follow = (name: string, metric: object) =>
    client.create(horizontalPodAutoscalers, {
      metadata: { name, namespace: 'default' },
      spec: {
        maxReplicas: 8,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
        metrics: [metric as never],
      },
    });
  const replicas = (name: string) => client.get(deployments, 'default', name).spec.replicas;
  const why = (name: string) =>
    client
      .get(horizontalPodAutoscalers, 'default', name)
      .status.conditions?.find(({ type }) => type === 'ScalingActive')?.message;
  await pass(60);
  const feed = 'mkdir -p /var/lib/metrics/external; echo 60 > /var/lib/metrics/jobs; ';
  deploy('feeder', 'busybox', [
    'sh',
    '-c',
    `${feed} echo 90 > /var/lib/metrics/external/queue; sleep 100000`,
  ]);
  deploy('worker', 'nginx');
  const external = { metric: { name: 'queue', selector: { matchLabels: { app: 'feeder' } } } };
  follow('worker', {
    type: 'External',
    external: { ...external, target: { type: 'AverageValue', averageValue: '30' } },
  });
  follow('feeder', {
    type: 'Pods',
    pods: { metric: { name: 'jobs' }, target: { type: 'AverageValue', averageValue: '30' } },
  });
  await pass(60);
  expect(why('feeder')).toContain('no known available metric versions found');
  expect([replicas('worker'), replicas('feeder')]).toEqual([1, 1]);
  deploy('adapter', 'registry.k8s.io/prometheus-adapter/prometheus-adapter:v0.12.0');
  await pass(60);
  expect(replicas('worker')).toBeGreaterThanOrEqual(3);
  // Each new pod of it has 60 jobs too, so that it grows to its most.
  await pass(120);
  expect(replicas('feeder')).toBe(8);
});
