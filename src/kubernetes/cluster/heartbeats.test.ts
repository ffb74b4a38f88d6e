import { expect, test } from 'vitest';
import type { Event, Node } from '#generated/types/core.v1.ts';
import { leases } from '#kubernetes/api/coordination/lease.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { Client } from '#kubernetes/client/client.ts';
import { Simulation } from '#sim/simulation.ts';
import { Cluster } from './cluster.ts';
import { laterParts } from './laterParts.ts';

const admin = { name: 'kubernetes-admin', groups: ['system:masters'] };
const startMs = Date.UTC(2026, 0, 5);

/** A cluster that is a minute old; `apart` when each kubelet writes each heartbeat itself. */
function clusterOf(apart: boolean): { cluster: Cluster; client: Client; until(second: number): void } {
  const simulation = new Simulation({ seed: 'heartbeats', startMs });
  const size = { cpu: '4', memory: '8Gi', podsMax: 110 };
  const cluster = new Cluster({
    simulation,
    nodes: [1, 2, 3].map((i) => ({ ...size, name: `node-${i}`, zone: `zone-${i}` })),
  });
  cluster.start();
  const until = (second: number) => simulation.run({ untilMs: startMs + second * 1000 });
  until(1);
  cluster.install(laterParts);
  if (apart) cluster.nodes.fleet.heartbeats.beginTogether = null;
  until(60);
  return { cluster, client: new Client(cluster.observe, admin), until };
}

/** Everything that is stored, and what each was written for. */
function stored({ etcd }: Cluster): unknown {
  return etcd
    .range({ from: '/registry/', end: '/registry0' })
    .kvs.map(({ key, value, modRevision, cause }) => [key, modRevision, value, cause?.actor, cause?.atMs]);
}

test('nodes whose heartbeats are written together are as if each wrote its own', () => {
  const [together, apart] = [clusterOf(false), clusterOf(true)];
  expect([...together.cluster.etcd.repetitions].length).toBeGreaterThan(0);
  for (const minute of [2, 7, 13, 30]) {
    for (const { until } of [together, apart]) until(minute * 60);
    expect(stored(together.cluster)).toEqual(stored(apart.cluster));
  }
});

test.each([
  ['a kubelet stops', ({ cluster }) => cluster.component('kubelet', 'node-2')?.stop()],
  ['a machine is off', ({ cluster }) => cluster.stopNode('node-3')],
  ['etcd stops', ({ cluster }) => cluster.stopComponent('etcd', null)],
  ['the API server stops', ({ cluster }) => cluster.stopComponent('kube-apiserver', null)],
  ['a node is deleted', ({ client }) => client.delete(nodes, '', 'node-1')],
  ['a lease is deleted', ({ client }) => client.delete(leases, 'kube-node-lease', 'node-1')],
  [
    'a node is labelled',
    ({ client }) =>
      client.patch(nodes, '', 'node-1', { type: 'merge', body: { metadata: { labels: { a: 'b' } } } }),
  ],
  [
    'the controller manager is away for a while',
    ({ cluster, until }) => {
      cluster.component('kube-controller-manager', null)!.stop();
      cluster.component('kubelet', 'node-2')!.stop();
      until(930);
      cluster.component('kube-controller-manager', null)!.start();
    },
  ],
] as readonly [string, (world: ReturnType<typeof clusterOf>) => void][])(
  'the same follows when %s, at any moment between two beats',
  (_, act) => {
    for (const second of [900, 903.5, 906]) {
      const worlds = [clusterOf(false), clusterOf(true)];
      const written = worlds.map((world) => {
        const seen: string[] = [];
        world.until(second);
        world.cluster.etcd.watch(world.cluster.etcd.revision, ({ key, value, modRevision }) => {
          if (!key.includes('/kube-node-lease/')) seen.push(`${modRevision} ${key} ${gist(value)}`);
        });
        act(world);
        world.until(second + 20);
        world.cluster.startComponent('etcd', null);
        world.until(second + 400);
        return seen;
      });
      expect(written[0]!.length).toBeGreaterThan(0);
      expect(written[0]).toEqual(written[1]);
      expect(stored(worlds[0]!.cluster)).toEqual(stored(worlds[1]!.cluster));
    }
  },
);

function gist(value: KubeObject | undefined): string {
  if (value?.kind === 'Event') return (value as Event).message ?? '';
  const { conditions = [] } = (value as Partial<Node> | undefined)?.status ?? {};
  return conditions
    .map(({ type, status, lastTransitionTime }) => `${type} ${status} ${lastTransitionTime}`)
    .join();
}

test('nobody looks into the containers of an idle cluster, so that its probes can rest', () => {
  const { cluster } = clusterOf(false);
  const workers = [...cluster.nodes.fleet.kubelets.values()].flatMap((kubelet) => [
    ...kubelet.workers.values(),
  ]);
  expect(workers.length).toBeGreaterThan(4);
  expect(workers.filter((worker) => worker.hasPrograms).map(({ pod }) => pod.metadata.name)).toEqual([]);
});
