import { expect, test } from 'vitest';
import { pods } from '#kubernetes/api/core/pod.ts';
import { TestNodes } from './testing/testNode.ts';

const manifest = {
  metadata: { name: 'web', namespace: 'default', labels: { tier: 'control-plane' } },
  spec: { hostNetwork: true, containers: [{ name: 'nginx', image: 'nginx' }] },
};

async function running() {
  const nodes = new TestNodes();
  nodes.kubelets[0]!.addStaticPod(manifest);
  await nodes.pass(20);
  return nodes;
}

test('a static pod runs, and the API shows a mirror of it', async () => {
  const nodes = await running();
  const pod = nodes.pod('web-node-1');
  expect(pod.status).toMatchObject({ phase: 'Running', podIP: '192.168.0.11' });
  expect(pod.metadata.ownerReferences?.[0]).toMatchObject({ kind: 'Node', name: 'node-1' });
  expect(nodes.network.hostAt('192.168.0.11')?.listenerAt(80, 'TCP')).toBeDefined();
  expect(nodes.log('web-node-1')).toContain('start worker processes');
});

test('deleting the mirror only makes a new one', async () => {
  const nodes = await running();
  const before = nodes.pod('web-node-1');
  nodes.delete('web-node-1');
  await nodes.pass(5);
  const after = nodes.pod('web-node-1');
  expect(after.metadata.uid).not.toBe(before.metadata.uid);
  expect(after.status.phase).toBe('Running');
  expect(after.status.containerStatuses?.[0]?.containerID).toBe(
    before.status.containerStatuses?.[0]?.containerID,
  );
});

test('taking the manifest away ends the pod', async () => {
  const nodes = await running();
  nodes.kubelets[0]!.removeStaticPod('default', 'web');
  await nodes.pass(5);
  expect(nodes.client.list(pods).items).toEqual([]);
  expect(nodes.network.hostAt('192.168.0.11')?.listenerAt(80, 'TCP')).toBeUndefined();
});

test('a node that comes back runs its static pods again', async () => {
  const nodes = await running();
  nodes.kubelets[0]!.powerOff();
  await nodes.pass(60);
  nodes.kubelets[0]!.start();
  await nodes.pass(20);
  expect(nodes.pod('web-node-1').status).toMatchObject({
    phase: 'Running',
    containerStatuses: [{ ready: true }],
  });
});

test('a changed manifest ends the pod before the next one runs', async () => {
  const nodes = await running();
  const before = nodes.pod('web-node-1').status.containerStatuses![0]!;
  const changed = { ...manifest, metadata: { ...manifest.metadata, labels: { tier: 'changed' } } };
  nodes.kubelets[0]!.addStaticPod(changed);
  await nodes.pass(10);
  const { metadata, status } = nodes.pod('web-node-1');
  expect(metadata.labels).toEqual({ tier: 'changed' });
  expect(status).toMatchObject({ phase: 'Running', containerStatuses: [{ ready: true, restartCount: 0 }] });
  expect(status.containerStatuses![0]!.containerID).not.toBe(before.containerID);
  expect(nodes.kubelets[0]!.workers.size).toBe(1);
});

test('without an API static pods run all the same, and are mirrored once there is one', async () => {
  const nodes = new TestNodes();
  const kubelet = nodes.kubelets[0]!;
  kubelet.powerOff();
  nodes.server.hasStorage = false;
  kubelet.addStaticPod(manifest);
  kubelet.start();
  await nodes.pass(20);
  expect(kubelet.listenerAt(80, 'TCP')).toBeDefined();
  nodes.server.hasStorage = true;
  await nodes.pass(20);
  expect(nodes.pod('web-node-1').status.phase).toBe('Running');
});
