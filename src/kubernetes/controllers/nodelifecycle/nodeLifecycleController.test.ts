import { expect, test } from 'vitest';
import type { Lease } from '#generated/types/coordination.v1.ts';
import type { Node, Pod } from '#generated/types/core.v1.ts';
import { leases } from '#kubernetes/api/coordination/lease.ts';
import { namespaces } from '#kubernetes/api/core/namespace.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { podCondition } from '#kubernetes/api/podStatus.ts';
import { formatMicroTime, formatTime } from '#kubernetes/apimachinery/time.ts';
import { taintEvictionController } from '../tainteviction/taintEvictionController.ts';
import { TestCluster } from '../testCluster.ts';
import { nodeLifecycleController } from './nodeLifecycleController.ts';

/** Nodes whose leases are renewed every 10 s while they are in `alive`. */
class TestNodes extends TestCluster {
  readonly alive = new Set<string>();

  constructor() {
    super([nodeLifecycleController, taintEvictionController]);
    this.client.create(namespaces, { metadata: { name: 'kube-node-lease' }, spec: {} });
    this.simulation.every(10_000, 'test', () => {
      for (const name of this.alive) {
        const renewTime = formatMicroTime(this.simulation.nowMs);
        const body = { spec: { renewTime } };
        this.client.patch(leases, 'kube-node-lease', name, { type: 'merge', body });
      }
    });
  }

  add(name: string): void {
    this.client.create<Node>(nodes, {
      metadata: { name },
      spec: { taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }] },
    });
    this.client.create<Lease>(leases, { metadata: { name, namespace: 'kube-node-lease' }, spec: {} });
    this.setReady(name, 'True');
    this.alive.add(name);
  }

  setReady(name: string, status: string): void {
    const now = formatTime(this.simulation.nowMs);
    const condition = {
      status,
      lastHeartbeatTime: now,
      lastTransitionTime: now,
      reason: 'Test',
      message: '',
    };
    const node = this.get(nodes, name);
    const conditions = [
      { ...condition, type: 'Ready' },
      { ...condition, type: 'MemoryPressure', status: 'False' },
    ];
    this.client.updateStatus(nodes, { ...node, status: { ...node.status, conditions } });
  }

  addPod(name: string, nodeName: string): Pod {
    const pod = this.client.create<Pod>(pods, {
      metadata: { name, namespace: 'default' },
      spec: { nodeName, containers: [{ name: 'web', image: 'nginx' }] },
    });
    this.setPhase(pod, 'Running');
    return pod;
  }

  taintsOf(name: string): string[] {
    return (this.get(nodes, name).spec.taints ?? [])
      .map(({ key, effect }) => `${key.replace('node.kubernetes.io/', '')}:${effect}`)
      .sort();
  }
}

const readyOf = (cluster: TestNodes, name: string) =>
  cluster.get(nodes, name).status.conditions!.find(({ type }) => type === 'Ready')!;

test('a new node loses its not-ready taint when it is ready', () => {
  const cluster = new TestNodes();
  cluster.add('a');
  cluster.run(6000);
  expect(cluster.taintsOf('a')).toEqual([]);
  expect(cluster.events('a')).toEqual([
    'Normal RegisteredNode Node a event: Registered Node a in Controller',
  ]);
});

test('a silent node becomes Unknown after 50 s, is tainted, and its pods leave after 300 s', () => {
  const cluster = new TestNodes();
  cluster.add('a');
  cluster.add('b');
  const pod = cluster.addPod('web', 'a');
  cluster.run(20_000);
  cluster.alive.delete('a');
  cluster.run(45_000);
  expect(readyOf(cluster, 'a').status).toBe('True');
  cluster.run(16_000);
  expect(readyOf(cluster, 'a')).toMatchObject({
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
  });
  const never = cluster.get(nodes, 'a').status.conditions!.find(({ type }) => type === 'DiskPressure');
  expect(never).toMatchObject({
    reason: 'NodeStatusNeverUpdated',
    message: 'Kubelet never posted node status.',
  });
  expect(cluster.taintsOf('a')).toEqual(['unreachable:NoExecute', 'unreachable:NoSchedule']);
  expect(cluster.events('a').at(-1)).toBe('Normal NodeNotReady Node a status is now: NodeNotReady');
  expect(podCondition(cluster.get(pods, 'web'), 'Ready')?.status).toBe('False');
  expect(cluster.events('web')).toEqual(['Warning NodeNotReady Node is not ready']);
  cluster.run(280_000);
  expect(cluster.get(pods, 'web').metadata.deletionTimestamp).toBeUndefined();
  cluster.run(30_000);
  const evicted = cluster.get(pods, 'web');
  expect(evicted.metadata.uid).toBe(pod.metadata.uid);
  expect(evicted.metadata.deletionTimestamp).toBeDefined();
  expect(podCondition(evicted, 'DisruptionTarget')).toMatchObject({ reason: 'DeletionByTaintManager' });
  expect(cluster.events('web').at(-1)).toBe(
    'Normal TaintManagerEviction Marking for deletion Pod default/web',
  );
  expect(readyOf(cluster, 'b').status).toBe('True');
});

test('a node that comes back in time keeps its pods', () => {
  const cluster = new TestNodes();
  cluster.add('a');
  cluster.add('b');
  cluster.addPod('web', 'a');
  cluster.run(20_000);
  cluster.alive.delete('a');
  cluster.run(120_000);
  cluster.setReady('a', 'True');
  cluster.alive.add('a');
  cluster.run(10_000);
  expect(cluster.taintsOf('a')).toEqual([]);
  expect(cluster.events('web').at(-1)).toBe(
    'Normal TaintManagerEviction Cancelling deletion of Pod default/web',
  );
  cluster.run(600_000);
  expect(cluster.get(pods, 'web').metadata.deletionTimestamp).toBeUndefined();
});

test('a node that says it is not ready gets the other taint', () => {
  const cluster = new TestNodes();
  cluster.add('a');
  cluster.add('b');
  cluster.run(6000);
  cluster.setReady('a', 'False');
  cluster.run(10_000);
  expect(cluster.taintsOf('a')).toEqual(['not-ready:NoExecute', 'not-ready:NoSchedule']);
  expect(
    cluster.get(nodes, 'a').spec.taints!.find(({ effect }) => effect === 'NoExecute')?.timeAdded,
  ).toBeDefined();
});

test('a cordoned node is tainted, and pressure keeps new pods away', () => {
  const cluster = new TestNodes();
  cluster.add('a');
  cluster.run();
  cluster.patch(nodes, 'a', { spec: { unschedulable: true } });
  cluster.run();
  expect(cluster.taintsOf('a')).toEqual(['unschedulable:NoSchedule']);
  cluster.patch(nodes, 'a', { spec: { unschedulable: null } });
  cluster.run();
  expect(cluster.taintsOf('a')).toEqual([]);
});

test('when every node falls silent nobody is driven out, and one is driven out every 10 s when some do', () => {
  const cluster = new TestNodes();
  const names = Array.from({ length: 8 }, (_, i) => `node-${i}`);
  for (const name of names) cluster.add(name);
  cluster.run(20_000);
  cluster.alive.clear();
  cluster.run(200_000);
  const driven = () => names.filter((name) => cluster.taintsOf(name).includes('unreachable:NoExecute'));
  expect(readyOf(cluster, 'node-0').status).toBe('Unknown');
  expect(driven()).toEqual([]);
  for (const name of names.slice(0, 5)) {
    cluster.alive.add(name);
    cluster.setReady(name, 'True');
  }
  cluster.run(12_000);
  expect(driven()).toHaveLength(1);
  cluster.run(10_000);
  expect(driven()).toHaveLength(2);
});

test('a node that goes away is told', () => {
  const cluster = new TestNodes();
  cluster.add('a');
  cluster.run(6000);
  cluster.alive.delete('a');
  cluster.client.delete(nodes, '', 'a');
  cluster.run(6000);
  expect(cluster.events('a').at(-1)).toBe(
    'Normal RemovingNode Node a event: Removing Node a from Controller',
  );
});
