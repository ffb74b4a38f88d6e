import type { PodSpec } from '../src/generated/types/core.v1.ts';
import { pods } from '../src/kubernetes/api/core/pod.ts';
import { isPodReady } from '../src/kubernetes/api/podStatus.ts';
import { priorityClasses } from '../src/kubernetes/api/scheduling/priorityClass.ts';
import { Client } from '../src/kubernetes/client/client.ts';
import type { Cluster } from '../src/kubernetes/cluster/cluster.ts';
import { bootCluster, runPods, user } from './cluster.ts';
import { type Figure, round } from './figure.ts';

const nodeCount = 1_000;
const podCount = 500;

const container = { name: 'nginx', image: 'nginx' };
/** Of these, one fits on a node. */
const large = [{ ...container, resources: { requests: { cpu: '20' } } }];

const spread = (name: string): Partial<PodSpec> => ({
  topologySpreadConstraints: ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: { matchLabels: { app: name } },
  })),
});

const affinity = (name: string): Partial<PodSpec> => ({
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: name } } },
      ],
    },
    podAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 10,
          podAffinityTerm: {
            topologyKey: 'topology.kubernetes.io/zone',
            labelSelector: { matchLabels: { app: name } },
          },
        },
      ],
    },
  },
});

/** What a pod costs that is harder to place, as a multiple of a plain one, all from creation to Ready. */
export function schedulingFigures(): Figure[] {
  const { cluster } = bootCluster(nodeCount);
  runPods(cluster, podCount, 'warm-up');
  const plainS = runPods(cluster, podCount, 'plain').cpuS;
  const costs: Record<string, () => number> = {
    spread: () => runPods(cluster, podCount, 'spread', spread('spread')).cpuS,
    affinity: () => runPods(cluster, podCount, 'affinity', affinity('affinity')).cpuS,
    preemption: () => preempt(cluster),
  };
  const ofPlain = Object.entries(costs).map(([name, measure]): Figure => ({
    name: `scheduling, ${nodeCount} nodes: ${name}, of a plain pod`,
    value: round(measure() / plainS),
    unit: 'times',
  }));
  const plainMs = round((plainS / podCount) * 1000);
  return [
    { name: `scheduling, ${nodeCount} nodes: a plain pod`, value: plainMs, unit: 'ms of CPU' },
    ...ofPlain,
  ];
}

/** Every node is taken by a pod of low priority; each pod of high priority has to drive one out. */
function preempt(cluster: Cluster): number {
  const { simulation } = cluster;
  const client = new Client(cluster.apiServer.handle, user);
  for (const [name, value] of [
    ['low', 1],
    ['high', 1_000],
  ] as const)
    client.create(priorityClasses, { metadata: { name }, value });
  for (let i = 0; i < nodeCount; i++) {
    client.create(pods, {
      metadata: { name: `low-${i}`, namespace: 'default', labels: { app: 'low' } },
      spec: { containers: large, priorityClassName: 'low', terminationGracePeriodSeconds: 0 },
    });
  }
  simulation.run({ untilMs: simulation.nowMs + 120_000 });
  const placed = client.list(pods, { labelSelector: 'app=low' }).items.filter(isPodReady).length;
  if (placed !== nodeCount) throw new Error(`${placed} of ${nodeCount} nodes are taken`);
  return runPods(cluster, podCount, 'high', { containers: large, priorityClassName: 'high' }).cpuS;
}
