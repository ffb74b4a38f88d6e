import { expect, test } from 'vitest';
import { nodes } from '#kubernetes/api/core/node.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { makeNode, makePod } from './testObjects.ts';
import { TestScheduler } from './testScheduler.ts';

const controlPlaneTaint = { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' } as const;

test('a pod is assigned to a node that fits, and says so', () => {
  const world = new TestScheduler();
  world.addNode(makeNode('control-plane', { taints: [controlPlaneTaint] }));
  world.addNode(makeNode('node-1'));
  world.addPod(makePod({ name: 'web' }));
  world.run();
  const pod = world.pod('web');
  expect(pod.spec.nodeName).toBe('node-1');
  expect(pod.status.conditions).toMatchObject([{ type: 'PodScheduled', status: 'True' }]);
  expect(world.events('web')).toEqual(['Normal Scheduled Successfully assigned default/web to node-1']);
});

test('a pod that fits nowhere says why, and is placed when a node comes that takes it', () => {
  const world = new TestScheduler();
  world.addNode(makeNode('control-plane', { taints: [controlPlaneTaint] }));
  world.addNode(makeNode('node-1'));
  world.addNode(makeNode('node-2'));
  world.addPod(makePod({ name: 'big', requests: { cpu: '6' } }));
  world.run();
  const message = '0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. ';
  expect(world.events('big')[0]).toContain(`Warning FailedScheduling ${message.trim()}`);
  const condition = world.pod('big').status.conditions?.[0];
  expect(condition).toMatchObject({ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' });
  expect(condition?.message).toContain(message.trim());
  world.addNode(makeNode('small'));
  world.run(20_000);
  expect(world.nodeOf('big')).toBe('');
  expect(world.events('big')[1]).toContain('0/4 nodes are available: 1 node(s) had untolerated taint(s), 3');
  world.addNode(makeNode('large', { allocatable: { cpu: '8' } }));
  world.run();
  expect(world.nodeOf('big')).toBe('large');
  expect(world.pod('big').status.conditions).toMatchObject([{ type: 'PodScheduled', status: 'True' }]);
});

test('without nodes the message says that there are none', () => {
  const world = new TestScheduler();
  world.addPod(makePod({ name: 'web' }));
  world.run();
  expect(world.events('web')).toEqual(['Warning FailedScheduling no nodes available to schedule pods']);
  world.addNode(makeNode('node-1'));
  world.run();
  expect(world.nodeOf('web')).toBe('node-1');
});

test('pods that leave make room for those that wait', () => {
  const world = new TestScheduler();
  world.addNode(makeNode('node-1'));
  world.addPod(makePod({ name: 'a', requests: { cpu: '3' } }));
  world.run();
  world.addPod(makePod({ name: 'b', requests: { cpu: '3' } }));
  world.run();
  expect(world.nodeOf('b')).toBe('');
  world.deletePod('a');
  world.run(1500);
  expect(world.nodeOf('b')).toBe('node-1');
});

test('a pod that has ended takes no room', () => {
  const world = new TestScheduler();
  world.addNode(makeNode('node-1'));
  world.addPod(makePod({ name: 'a', requests: { cpu: '3' } }));
  world.run();
  world.addPod(makePod({ name: 'b', requests: { cpu: '3' } }));
  world.run();
  const a = world.pod('a');
  world.client.updateStatus(pods, { ...a, status: { ...a.status, phase: 'Succeeded' } });
  world.run(1500);
  expect(world.nodeOf('b')).toBe('node-1');
});

test('an uncordoned node takes what waited for it', () => {
  const world = new TestScheduler();
  world.addNode(makeNode('node-1', { unschedulable: true }));
  world.addPod(makePod({ name: 'web' }));
  world.run();
  expect(world.events('web')[0]).toContain('0/1 nodes are available: 1 node(s) were unschedulable.');
  world.client.patch(nodes, '', 'node-1', { type: 'merge', body: { spec: { unschedulable: null } } });
  world.run();
  expect(world.nodeOf('web')).toBe('node-1');
});

test('another scheduler keeps its pods', () => {
  const world = new TestScheduler();
  world.addNode(makeNode('node-1'));
  world.addPod(makePod({ name: 'web', schedulerName: 'mine' }));
  world.run();
  expect(world.nodeOf('web')).toBe('');
  expect(world.events('web')).toEqual([]);
});

test('replicas spread over equal nodes', () => {
  const world = new TestScheduler();
  for (const name of ['a', 'b', 'c']) world.addNode(makeNode(name));
  for (let i = 0; i < 9; i++) world.addPod(makePod({ name: `web-${i}`, requests: { cpu: '100m' } }));
  world.run();
  const placed = Object.values(world.placements()).toSorted();
  expect(placed).toEqual(['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c']);
});

test('a stopped scheduler leaves pods pending', () => {
  const world = new TestScheduler();
  world.addNode(makeNode('node-1'));
  world.run();
  world.scheduler.stop();
  world.addPod(makePod({ name: 'web' }));
  world.run(10_000);
  expect(world.nodeOf('web')).toBe('');
});

test('a gated pod waits until its gates are taken off', () => {
  const world = new TestScheduler();
  world.addNode(makeNode('node-1'));
  world.addPod(makePod({ name: 'web', schedulingGates: [{ name: 'example.com/hold' }] }));
  world.run(10_000);
  expect(world.nodeOf('web')).toBe('');
  expect(world.events('web')).toEqual([]);
  world.client.patch(pods, 'default', 'web', { type: 'merge', body: { spec: { schedulingGates: null } } });
  world.run();
  expect(world.nodeOf('web')).toBe('node-1');
});

test('a binding that fails is tried again after a backoff', () => {
  const world = new TestScheduler();
  world.addNode(makeNode('node-1'));
  world.run();
  world.addPod(makePod({ name: 'web' }));
  world.server.hasStorage = false;
  world.run(100);
  world.server.hasStorage = true;
  expect(world.nodeOf('web')).toBe('');
  world.run(5000);
  expect(world.nodeOf('web')).toBe('node-1');
});

test('explains each node, with the scores of those that would do', () => {
  const world = new TestScheduler();
  world.addNode(makeNode('control-plane', { taints: [controlPlaneTaint] }));
  world.addNode(makeNode('small', { allocatable: { cpu: '2' } }));
  world.addNode(makeNode('large', { allocatable: { cpu: '8' } }));
  world.addPod(makePod({ name: 'web', requests: { cpu: '1', memory: '1Gi' } }));
  world.run();
  const explanation = world.scheduler.explain('default/web');
  expect(explanation).toMatchObject({ node: 'large', examined: 3 });
  expect(explanation?.message).toBe('Successfully assigned default/web to large');
  const byName = Object.fromEntries(explanation!.nodes.map((entry) => [entry.node, entry]));
  expect(byName['control-plane']?.rejection).toMatchObject({
    plugin: 'TaintToleration',
    reasons: ['node(s) had untolerated taint(s)'],
  });
  const fit = (name: string) =>
    byName[name]?.scores.find(({ plugin }) => plugin === 'NodeResourcesFit')?.score;
  expect([fit('small'), fit('large')]).toEqual([68, 87]);
  expect(world.scheduler.explain('default/nope')).toBeUndefined();
});

test('a pod that is resized down makes room for one that waits', () => {
  const world = new TestScheduler();
  world.addNode(makeNode('node-1', { allocatable: { cpu: '2' } }));
  world.addPod(makePod({ name: 'large', requests: { cpu: '2' } }));
  world.run();
  world.addPod(makePod({ name: 'waiting', requests: { cpu: '1' } }));
  world.run(5_000);
  expect(world.nodeOf('waiting')).toBe('');
  const body = { spec: { containers: [{ name: 'c', resources: { requests: { cpu: '1' } } }] } };
  world.client.patch(pods, 'default', 'large', { type: 'strategic', body, subresource: 'resize' });
  world.run(100);
  expect(world.nodeOf('waiting')).toBe('node-1');
});
