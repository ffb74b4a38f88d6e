// Upstream: pkg/volume/csi/nodeinfomanager/nodeinfomanager_test.go
import { expect, test } from 'vitest';
import { nodes } from '#kubernetes/api/core/node.ts';
import { csiNodes } from '#kubernetes/api/storage/csiNode.ts';
import { startRegistrar } from './registrar.ts';
import { TestStorage } from './testing/testStorage.ts';

const zone = 'topology.kubernetes.io/zone';
const newStorage = () => new TestStorage((driver) => startRegistrar(driver, 'd.example.com', zone));

test.each<[string, Readonly<Record<string, string>>, object]>([
  ['in a zone', { [zone]: 'a' }, { topologyKeys: [zone] }],
  ['without one', {}, {}],
])('a node %s says that the driver serves it', (_name, labels, topology) => {
  const storage = newStorage();
  const { metadata } = storage.node('node-1', labels);
  storage.pass(1);
  const found = storage.get(csiNodes, 'node-1')!;
  expect(found.metadata.ownerReferences).toEqual([
    { apiVersion: 'v1', kind: 'Node', name: 'node-1', uid: metadata.uid },
  ]);
  expect(found.spec.drivers).toEqual([
    { name: 'd.example.com', nodeID: 'node-1', allocatable: { count: 25 }, ...topology },
  ]);
});

test('a node that comes back by its name is registered anew', () => {
  const storage = newStorage();
  storage.node('node-1');
  storage.pass(1);
  storage.client.delete(nodes, '', 'node-1');
  storage.client.delete(csiNodes, '', 'node-1');
  storage.pass(1);
  expect(storage.get(csiNodes, 'node-1')).toBeUndefined();
  const { metadata } = storage.node('node-1');
  storage.pass(1);
  expect(storage.get(csiNodes, 'node-1')!.metadata.ownerReferences![0]!.uid).toBe(metadata.uid);
});
