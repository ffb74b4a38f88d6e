import type { Node, PodSpec } from '../src/generated/types/core.v1.ts';
import { Cluster } from '../src/kubernetes/cluster/cluster.ts';
import { laterParts } from '../src/kubernetes/cluster/laterParts.ts';
import { Client } from '../src/kubernetes/client/client.ts';
import { pods } from '../src/kubernetes/api/core/pod.ts';
import { deployments } from '../src/kubernetes/api/apps/deployment.ts';
import { isNodeReady, nodes } from '../src/kubernetes/api/core/node.ts';
import { isPodReady } from '../src/kubernetes/api/podStatus.ts';
import { Informers } from '../src/kubernetes/client/informer.ts';
import { images } from '../src/images/registry.ts';
import { Simulation } from '../src/sim/simulation.ts';
import { eventsPerLook, sliceMs } from '../src/session/pacer.ts';
import { cpuSeconds, type Figure, round } from './figure.ts';
import { runWebernetes, webernetesPodsMax } from './webernetes.ts';

export const user = { name: 'kubernetes-admin', groups: ['system:masters'] };

export interface Run {
  readonly cpuS: number;
  readonly longestBlockMs: number;
}

/** A cluster of so many ready nodes, on which all that belongs to them runs. `cpuS` is that of the nodes alone. */
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
  runUntil(simulation, () => {
    const { items } = client.list(nodes);
    return items.length > nodeCount && items.every(isInService);
  });
  const cpuS = cpuSeconds() - startedS;
  cluster.install(laterParts);
  runUntil(simulation, () => {
    const { items } = client.list(pods, { namespace: 'kube-system' });
    return items.length > nodeCount && items.every(isPodReady);
  });
  return { cluster, cpuS };
}

function isInService(node: Node): boolean {
  return isNodeReady(node) && !(node.spec.taints ?? []).some(({ key }) => key.includes('not-ready'));
}

function runUntil(simulation: Simulation, isDone: () => boolean): void {
  const endMs = simulation.nowMs + 600_000;
  while (!isDone() && simulation.nowMs < endMs) simulation.run({ untilMs: simulation.nowMs + 500 });
}

/** From a Deployment to so many ready pods of it. `more` goes into the pods' spec. */
export function runPods(cluster: Cluster, podCount: number, name = 'web', more: Partial<PodSpec> = {}): Run {
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
  const startedS = cpuSeconds();
  client.create(deployments, {
    metadata: { name, namespace: 'default' },
    spec: {
      replicas: podCount,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'nginx', image: 'nginx' }], ...more } },
    },
  });
  const stopwatch = new Stopwatch();
  const endMs = simulation.nowMs + 3_600_000;
  while (ready.size < podCount && simulation.nowMs < endMs) {
    stopwatch.measure(() => runSlice(cluster));
  }
  const cpuS = cpuSeconds() - startedS;
  if (ready.size < podCount)
    throw new Error(`only ${ready.size} of ${podCount} pods became ready in an hour`);
  informers.stop();
  return { cpuS, longestBlockMs: stopwatch.longestMs };
}

/** What the worker does before it looks at its messages again. */
function runSlice({ simulation, apiServer }: Cluster): void {
  const startedMs = performance.now();
  do simulation.run({ untilMs: Infinity, events: eventsPerLook });
  while (performance.now() - startedMs < sliceMs);
  apiServer.flushObservers();
}

/**
 * Finds out how long a slice holds its thread, at most: by the clock, or by the processor's time where that is less,
 * because the machine may do something else meanwhile. To ask for the processor's time takes time itself, so it is
 * asked now and then only.
 */
class Stopwatch {
  longestMs = 0;
  #askedMs = performance.now();
  #cpuMs = cpuSeconds() * 1000;

  measure(slice: () => void): void {
    const startedMs = performance.now();
    slice();
    const endMs = performance.now();
    const lastsMs = endMs - startedMs;
    if (lastsMs <= this.longestMs && endMs - this.#askedMs < askAgainMs) return;
    const cpuMs = cpuSeconds() * 1000;
    this.longestMs = Math.max(this.longestMs, Math.min(lastsMs, cpuMs - this.#cpuMs));
    this.#askedMs = endMs;
    this.#cpuMs = cpuMs;
  }
}

const askAgainMs = 20;

const sizes: readonly (readonly [number, number])[] = [
  [3, 100],
  [50, 500],
  [1000, 5000],
  [5000, 50000],
];

export async function clusterFigures(only?: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  const perPodS = new Map<number, number>();
  for (const [nodeCount, podCount] of sizes) {
    if (only !== undefined && only !== 'cluster' && only !== `cluster-${nodeCount}`) continue;
    const { cluster, cpuS: bootS } = bootCluster(nodeCount);
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    const run = runPods(cluster, podCount);
    cluster.etcd.compact(cluster.etcd.revision);
    cluster.simulation.run({ untilMs: cluster.simulation.nowMs });
    globalThis.gc?.();
    const perPod = (process.memoryUsage().heapUsed - before) / podCount;
    perPodS.set(nodeCount, run.cpuS / podCount);
    const peer = podCount > webernetesPodsMax ? null : await runWebernetes(nodeCount, podCount);
    const beside = (value: number | undefined) =>
      value === undefined ? {} : { peer: 'webernetes', peerValue: round(value) };
    const size = `${nodeCount} nodes, ${podCount} pods`;
    figures.push(
      { name: `boot ${nodeCount} nodes: CPU`, value: round(bootS), unit: 's', ...beside(peer?.bootS) },
      { name: `${size}: CPU to ready`, value: round(run.cpuS), unit: 's', ...beside(peer?.cpuS) },
      {
        name: `${size}: longest block`,
        value: round(run.longestBlockMs),
        unit: 'ms',
        ...beside(peer?.longestBlockMs),
      },
      { name: `${size}: heap per pod`, value: Math.round(perPod), unit: 'bytes' },
    );
  }
  const [small, large] = [perPodS.get(50), perPodS.get(5000)];
  if (small !== undefined && large !== undefined)
    figures.push({ name: 'CPU per pod, 5000 nodes to 50', value: round(large / small), unit: 'times' });
  return figures;
}
