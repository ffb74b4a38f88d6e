import { expect, test } from 'vitest';
import type { Pod, PodSpec } from '#generated/types/core.v1.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { TestScheduler } from '../testScheduler.ts';
import { makeNode, makePod } from '../testObjects.ts';

const low = 0;
const mid = 100;
const high = 1000;
const large = '3';
const medium = '2';
const small = '1';

/** `name priority cpu node`; nodes have 5 CPU. */
type Running = readonly [name: string, priority: number, cpu: string, node: string];

function worldWith(running: readonly Running[]): TestScheduler {
  const world = new TestScheduler();
  for (const name of ['node1', 'node2']) world.addNode(makeNode(name, { allocatable: { cpu: '5' } }));
  for (const [name, priority, cpu, nodeName] of running)
    world.addPod(makePod({ name, priority, nodeName, requests: { cpu } }));
  world.run();
  return world;
}

function preemptor(cpu: string, priority = high, more: Partial<PodSpec> = {}): Pod {
  return makePod({ name: 'preemptor', priority, requests: { cpu }, ...more });
}

/** The pods that are being deleted. */
function victims(world: TestScheduler): string[] {
  return world.client
    .list(pods)
    .items.filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
    .map(({ metadata }) => metadata.name);
}

// Facts from upstream's TestDryRunPreemption: which pods have to go.
test.each<[string, readonly Running[], Pod, string[]]>([
  [
    'a pod that does not fit on any node',
    [
      ['a', mid, small, 'node1'],
      ['b', mid, small, 'node2'],
    ],
    preemptor('9'),
    [],
  ],
  [
    'other pods have a higher priority',
    [
      ['a', high, large, 'node1'],
      ['b', high, large, 'node2'],
    ],
    preemptor(large, low),
    [],
  ],
  [
    'a medium priority pod goes, a lower priority one stays as it is small',
    [
      ['a', low, small, 'node1'],
      ['b', mid, large, 'node1'],
      ['c', high, large, 'node2'],
    ],
    preemptor(large),
    ['b'],
  ],
  [
    'mixed priority pods are preempted',
    [
      ['a', low, small, 'node1'],
      ['b', low, small, 'node1'],
      ['c', mid, large, 'node1'],
      ['d', high, large, 'node2'],
    ],
    preemptor('4'),
    ['b', 'c'],
  ],
  [
    'the node whose victims matter least',
    [
      ['a', mid, large, 'node1'],
      ['b', low, large, 'node2'],
    ],
    preemptor(large),
    ['b'],
  ],
  [
    'pods of equal priority stay',
    [
      ['a', mid, large, 'node1'],
      ['b', mid, large, 'node2'],
    ],
    preemptor(large, mid),
    [],
  ],
])('%s', (_name, running, pod, expected) => {
  const world = worldWith(running);
  world.addPod(pod);
  world.run();
  expect(victims(world)).toEqual(expected);
});

test('the victim is told why, and the preemptor waits for its place', () => {
  const world = worldWith([
    ['a', low, large, 'node1'],
    ['b', high, large, 'node2'],
  ]);
  world.addPod(preemptor('4'));
  world.run();
  const waiting = world.pod('preemptor');
  expect(waiting.status.nominatedNodeName).toBe('node1');
  expect(waiting.spec.nodeName).toBeUndefined();
  expect(world.events('preemptor')).toEqual([
    'Warning FailedScheduling 0/2 nodes are available: 2 Insufficient cpu.',
  ]);
  expect(world.pod('a').status.conditions).toContainEqual(
    expect.objectContaining({
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: 'default-scheduler: preempting to accommodate a higher priority pod',
    }),
  );
  expect(world.events('a')).toEqual([
    `Normal Preempted Preempted by pod ${waiting.metadata.uid} on node node1`,
  ]);
  world.addPod(makePod({ name: 'sneaky', priority: mid, requests: { cpu: medium } }));
  world.deletePod('a');
  world.run(2000);
  expect(world.nodeOf('preemptor')).toBe('node1');
  expect(world.nodeOf('sneaky')).toBe('node2');
});

test('a nominated pod that is tried again evicts nobody else meanwhile', () => {
  const world = worldWith([
    ['a', low, large, 'node1'],
    ['b', low, medium, 'node1'],
    ['c', high, large, 'node2'],
  ]);
  world.addPod(preemptor(large));
  world.run();
  expect(victims(world)).toEqual(['a']);
  // A node that is too small wakes the pod; its place on node1 is still being cleared.
  world.addNode(makeNode('node3', { allocatable: { cpu: '3', pods: '0' } }));
  world.run();
  world.addNode(
    makeNode('node4', { allocatable: { cpu: '3' }, taints: [{ key: 'k', effect: 'NoSchedule' }] }),
  );
  world.run();
  expect(victims(world)).toEqual(['a']);
});

// The sentences of upstream's TestPostFilter.
test.each<[string, readonly Running[], Pod, string]>([
  [
    'nobody is less important',
    [
      ['a', high, large, 'node1'],
      ['b', high, large, 'node2'],
    ],
    preemptor(large),
    '0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.',
  ],
  [
    'too large even for an empty node',
    [
      ['a', low, large, 'node1'],
      ['b', low, large, 'node2'],
    ],
    preemptor('9'),
    '0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
  ],
  [
    'the victims would not make room enough',
    [
      ['a', high, medium, 'node1'],
      ['b', low, medium, 'node1'],
      ['c', high, medium, 'node2'],
      ['d', low, medium, 'node2'],
    ],
    preemptor('4'),
    '0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: 2 Insufficient cpu.',
  ],
  [
    'the pod never preempts',
    [
      ['a', low, large, 'node1'],
      ['b', low, large, 'node2'],
    ],
    preemptor(large, high, { preemptionPolicy: 'Never' }),
    '0/2 nodes are available: 2 Insufficient cpu. preemption: not eligible due to preemptionPolicy=Never.',
  ],
])('says so when %s', (_name, running, pod, message) => {
  const world = worldWith(running);
  world.addPod(pod);
  world.run();
  expect(world.events('preemptor')).toEqual([`Warning FailedScheduling ${message}`]);
  expect(victims(world)).toEqual([]);
});

test('a lesser pod loses the promise of a node to a greater one', () => {
  const world = worldWith([
    ['a', low, large, 'node1'],
    ['b', high + 1, large, 'node2'],
  ]);
  world.addPod(makePod({ name: 'lesser', priority: mid, requests: { cpu: large } }));
  world.run();
  expect(world.pod('lesser').status.nominatedNodeName).toBe('node1');
  world.addPod(preemptor(large));
  world.run();
  expect(world.pod('preemptor').status.nominatedNodeName).toBe('node1');
  expect(world.pod('lesser').status.nominatedNodeName).toBeUndefined();
});

test('evicting a pod that keeps others away makes room', () => {
  const world = new TestScheduler();
  world.addNode(makeNode('node1'));
  const hermit = {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'x' } } },
      ],
    },
  };
  world.addPod(makePod({ name: 'hermit', priority: low, nodeName: 'node1', affinity: hermit }));
  world.run();
  world.addPod(makePod({ name: 'preemptor', priority: high, labels: { app: 'x' } }));
  world.run();
  expect(victims(world)).toEqual(['hermit']);
});
