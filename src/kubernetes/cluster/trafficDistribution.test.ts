import { expect, test } from 'vitest';
import type { PodList, Service } from '#generated/types/core.v1.ts';
import { images } from '#images/registry.ts';
import { Simulation } from '#sim/simulation.ts';
import { Cluster } from './cluster.ts';
import { laterParts } from './laterParts.ts';

const user = { name: 'kubernetes-admin', groups: ['system:masters'] };

test('traffic stays in its zone while there is an endpoint, as a Service asks', () => {
  const simulation = new Simulation({ seed: 'zones', startMs: 0 });
  const nodes = ['a', 'b'].map((letter) => ({
    name: `node-${letter}`,
    cpu: '4',
    memory: '8Gi',
    podsMax: 110,
    zone: `zone-${letter}`,
  }));
  const cluster = new Cluster({ simulation, nodes });
  cluster.installImages(images);
  cluster.start();
  cluster.install(laterParts);
  const pass = (seconds: number) => simulation.run({ untilMs: simulation.nowMs + seconds * 1000 });
  const core = '/api/v1/namespaces/default';
  const send = (method: 'GET' | 'POST' | 'DELETE' | 'PATCH', path: string, body?: unknown) => {
    const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    return cluster.apiServer.handle({ method, path, user, contentType, body }).body;
  };
  pass(20);
  for (const { name } of nodes)
    send('POST', `${core}/pods`, {
      metadata: { name: `on-${name}`, labels: { app: 'web' } },
      spec: { nodeName: name, containers: [{ name: 'c', image: 'nginx' }] },
    });
  const { spec } = send('POST', `${core}/services`, {
    metadata: { name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }], trafficDistribution: 'PreferSameZone' },
  }) as Service;
  pass(20);
  const names = () =>
    new Map(
      (send('GET', `${core}/pods`) as PodList).items.map(({ metadata, status }) => [
        status.podIP,
        metadata.name,
      ]),
    );
  const reached = (node: string) => {
    const kubelet = cluster.nodes.kubelets.get(node)!;
    const packet = {
      clientAddress: kubelet.hostIp,
      address: spec.clusterIP!,
      port: 80,
      protocol: 'TCP',
    } as const;
    const ends = Array.from({ length: 30 }, () => {
      const connection = cluster.network.connect(packet, node);
      return connection.outcome === 'open' ? (names().get(connection.address) ?? '') : connection.outcome;
    });
    return [...new Set(ends)].sort();
  };
  expect([reached('node-a'), reached('node-b')]).toEqual([['on-node-a'], ['on-node-b']]);
  send('DELETE', `${core}/pods/on-node-b`, { gracePeriodSeconds: 0 });
  pass(5);
  expect(reached('node-b')).toEqual(['on-node-a']);
  send('PATCH', `${core}/services/web`, { spec: { trafficDistribution: null } });
  send('POST', `${core}/pods`, {
    metadata: { name: 'on-node-b', labels: { app: 'web' } },
    spec: { nodeName: 'node-b', containers: [{ name: 'c', image: 'nginx' }] },
  });
  pass(20);
  expect(reached('node-a')).toEqual(['on-node-a', 'on-node-b']);
});
