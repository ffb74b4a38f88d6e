import { expect, test } from 'vitest';
import type { Node } from '#generated/types/core.v1.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { TestCluster } from '../testCluster.ts';
import { nodeIpamController } from './nodeIpamController.ts';

function create(cluster: TestCluster, name: string, podCIDR?: string): void {
  const spec = podCIDR === undefined ? {} : { podCIDR, podCIDRs: [podCIDR] };
  cluster.client.create<Node>(nodes, { metadata: { name }, spec });
  cluster.run();
}

test('each node gets the first free range, and one that goes gives it back', () => {
  const cluster = new TestCluster([nodeIpamController]);
  const rangeOf = (name: string) => cluster.get(nodes, name).spec.podCIDRs;
  create(cluster, 'own', '10.244.1.0/24');
  create(cluster, 'a');
  create(cluster, 'b');
  expect([rangeOf('own'), rangeOf('a'), rangeOf('b')]).toEqual([
    ['10.244.1.0/24'],
    ['10.244.0.0/24'],
    ['10.244.2.0/24'],
  ]);
  cluster.client.delete(nodes, '', 'a');
  create(cluster, 'c');
  expect(rangeOf('c')).toEqual(['10.244.0.0/24']);
});
