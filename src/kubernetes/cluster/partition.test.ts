import '#images/installedTools.ts';
import { images } from '#images/registry.ts';
import { expect, test } from 'vitest';
import { isNodeReady, nodes } from '#kubernetes/api/core/node.ts';
import { Client } from '#kubernetes/client/client.ts';
import { runWithHops } from '#sim/deferred.ts';
import { Simulation } from '#sim/simulation.ts';
import { Cluster } from './cluster.ts';
import { laterParts } from './laterParts.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));

// The kubelet compares what the API has of its node with what it knows at each beat. Upstream: pkg/kubelet/kubelet_node_status.go
test.each([55, 62, 66, 70, 90])('a node that was cut off for %i s is Ready soon after', async (seconds) => {
  const simulation = new Simulation({ seed: 'partition', startMs: Date.UTC(2026, 0, 1) });
  const size = { cpu: '4', memory: '8Gi', podsMax: 110, zone: '' };
  const cluster = new Cluster({ simulation, nodes: ['node-1', 'node-2'].map((name) => ({ ...size, name })) });
  cluster.installImages(images);
  cluster.start();
  cluster.install(laterParts);
  const client = new Client(cluster.apiServer.handle, { name: 'admin', groups: ['system:masters'] });
  const pass = (s: number) => runWithHops(simulation, hop, { untilMs: simulation.nowMs + s * 1000 });
  await pass(60);
  cluster.isolate('node-1', true);
  await pass(seconds);
  cluster.isolate('node-1', false);
  await pass(25);
  for (let second = 0; second < 60; second += 5) {
    const node = client.get(nodes, '', 'node-1');
    expect(isNodeReady(node), `${second} s later`).toBe(true);
    expect(node.spec.taints ?? []).toEqual([]);
    await pass(5);
  }
});
