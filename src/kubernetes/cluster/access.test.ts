import { expect, test } from 'vitest';
import { laterParts } from '#kubernetes/cluster/laterParts.ts';
import { images } from '#images/registry.ts';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import { deployments } from '#kubernetes/api/apps/deployment.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { isPodReady } from '#kubernetes/api/podStatus.ts';
import { Client } from '#kubernetes/client/client.ts';
import { Simulation } from '#sim/simulation.ts';
import { Cluster } from './cluster.ts';

const admin = { name: 'kubernetes-admin', groups: ['kubeadm:cluster-admins', 'system:authenticated'] };

test('every component may do what it does, from the first request on', () => {
  const simulation = new Simulation({ seed: 'access', startMs: Date.UTC(2026, 0, 5) });
  const nodes = ['a', 'b'].map((name) => ({ name, cpu: '4', memory: '8Gi', podsMax: 110, zone: '' }));
  const cluster = new Cluster({ simulation, nodes });
  cluster.installImages(images);
  cluster.install(laterParts);
  const refused = new Set<string>();
  const { handle } = cluster.apiServer;
  cluster.apiServer.handle = (request: ApiRequest) => {
    const response = handle(request);
    if (response.status === 403 || response.status === 401)
      refused.add((response.body as { message: string }).message);
    return response;
  };
  cluster.start();
  simulation.run({ untilMs: simulation.nowMs + 20_000 });
  const client = new Client(cluster.apiServer.handle, admin);
  client.create(deployments, {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'nginx' }] },
      },
    },
  });
  simulation.run({ untilMs: simulation.nowMs + 60_000 });
  expect(client.list(pods, { namespace: 'default' }).items.filter(isPodReady)).toHaveLength(3);
  client.delete(deployments, 'default', 'web');
  simulation.run({ untilMs: simulation.nowMs + 400_000 });
  expect(client.list(pods, { namespace: 'default' }).items).toHaveLength(0);
  expect([...refused]).toEqual([]);
});
