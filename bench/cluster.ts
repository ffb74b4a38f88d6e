import { Cluster } from '../src/kubernetes/cluster/cluster.ts';
import { laterParts } from '../src/kubernetes/cluster/laterParts.ts';
import { Client } from '../src/kubernetes/client/client.ts';
import { nodes } from '../src/kubernetes/api/core/node.ts';
import { pods } from '../src/kubernetes/api/core/pod.ts';
import { deployments } from '../src/kubernetes/api/apps/deployment.ts';
import { isNodeReady } from '../src/kubernetes/api/core/node.ts';
import { isPodReady } from '../src/kubernetes/api/podStatus.ts';
import { Informers } from '../src/kubernetes/client/informer.ts';
import { images } from '../src/images/registry.ts';
import { Simulation } from '../src/sim/simulation.ts';
import { eventsPerLook } from '../src/session/pacer.ts';
import type { Figure } from './figure.ts';

/** CPU seconds of this process so far. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const user = { name: 'kubernetes-admin', groups: ['system:masters'] };

export interface Run {
  readonly cluster: Cluster;
  readonly cpuS: number;
  readonly longestBlockMs: number;
}

/** A cluster of so many ready nodes. */
export function bootCluster(nodeCount: number): { cluster: Cluster; cpuS: number } {
  const startedS = cpuSeconds();
  const simulation = new Simulation({ seed: 'bench', startMs: Date.UTC(2026, 0, 5) });
  const cluster = new Cluster({
    simulation,
    nodes: Array.from({ length: nodeCount }, (_, i) => ({
      name: `node-${i + 1}`,
      cpu: '32',
      memory: '128Gi',
      podsMax: 110,
      zone: `zone-${i % 3}`,
    })),
  });
  cluster.installImages(images);
  cluster.start();
  const client = new Client(cluster.observe, user);
  const endMs = simulation.nowMs + 600_000;
  while (simulation.nowMs < endMs) {
    simulation.run({ untilMs: simulation.nowMs + 500 });
    const { items } = client.list(nodes);
    if (
      items.length > nodeCount &&
      items.every(
        (node) =>
          isNodeReady(node) && !(node.spec.taints ?? []).some((taint) => taint.key.includes('not-ready')),
      )
    )
      break;
  }
  const cpuS = cpuSeconds() - startedS;
  cluster.install(laterParts);
  return { cluster, cpuS };
}

/** From ready nodes to so many ready pods of one Deployment. */
export function runPods(cluster: Cluster, podCount: number, name = 'web'): Run {
  const { simulation } = cluster;
  const client = new Client(cluster.apiServer.handle, user);
  const labels = { app: name };
  const ready = new Set<string>();
  const informers = new Informers(simulation, new Client(cluster.observe, user));
  informers.of(pods, { labelSelector: `app=${name}` }).onChange((now, before) => {
    if (now !== undefined && isPodReady(now)) ready.add(now.metadata.uid);
    else ready.delete((now ?? before!).metadata.uid);
  });
  informers.start();
  cluster.apiServer.handle({
    method: 'POST',
    path: '/api/v1/namespaces/default/serviceaccounts',
    body: { metadata: { name: 'default' } },
    user,
  });
  const startedS = cpuSeconds();
  client.create(deployments, {
    metadata: { name, namespace: 'default' },
    spec: {
      replicas: podCount,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'nginx', image: 'nginx' }] } },
    },
  });
  let longestBlockMs = 0;
  const endMs = simulation.nowMs + 3_600_000;
  while (ready.size < podCount && simulation.nowMs < endMs) {
    const sliceStarted = performance.now();
    simulation.run({ untilMs: Infinity, events: eventsPerLook });
    longestBlockMs = Math.max(longestBlockMs, performance.now() - sliceStarted);
    cluster.apiServer.flushObservers();
  }
  if (ready.size < podCount)
    throw new Error(`only ${ready.size} of ${podCount} pods became ready in an hour`);
  informers.stop();
  return { cluster, cpuS: cpuSeconds() - startedS, longestBlockMs };
}

const sizes: readonly (readonly [number, number])[] = [
  [3, 100],
  [50, 500],
  [1000, 5000],
  [5000, 50000],
];

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

export function clusterFigures(only?: string): Figure[] {
  const figures: Figure[] = [];
  for (const [nodeCount, podCount] of sizes) {
    const size = `${nodeCount} nodes, ${podCount} pods`;
    if (only !== undefined && only !== 'cluster' && !only.includes(`${nodeCount}`)) continue;
    const { cluster, cpuS: bootS } = bootCluster(nodeCount);
    figures.push({ name: `boot ${nodeCount} nodes: CPU`, value: round(bootS), unit: 's' });
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    const run = runPods(cluster, podCount);
    cluster.etcd.compact(cluster.etcd.revision);
    globalThis.gc?.();
    const perPod = (process.memoryUsage().heapUsed - before) / podCount;
    figures.push(
      { name: `${size}: CPU to ready`, value: round(run.cpuS), unit: 's' },
      { name: `${size}: longest block`, value: round(run.longestBlockMs), unit: 'ms' },
      { name: `${size}: heap per pod`, value: Math.round(perPod), unit: 'bytes' },
    );
  }
  return figures;
}
