import { beforeEach, expect, test } from 'vitest';
import type { Pod } from '#generated/types/core.v1.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { podGroups } from '#kubernetes/api/scheduling/podGroup.ts';
import { defaultConfiguration } from './configuration/load.ts';
import { makeNode, makePod } from './testObjects.ts';
import { TestScheduler } from './testScheduler.ts';

// Upstream: pkg/scheduler/framework/plugins/gangscheduling/gangscheduling_test.go, test/integration/scheduler/gangscheduling/gangscheduling_test.go

let world: TestScheduler;

beforeEach(() => {
  world = new TestScheduler({}, 'test', { ...defaultConfiguration(), gates: { gangScheduling: true } });
  world.server.kinds.add([podGroups]);
});

function addGroup(minCount: number | null, name = 'pg'): void {
  const schedulingPolicy = minCount === null ? { basic: {} } : { gang: { minCount } };
  world.client.create(podGroups, { metadata: { name, namespace: 'default' }, spec: { schedulingPolicy } });
}

function addMembers(count: number, requests = { cpu: '1' }, group = 'pg', from = 1): void {
  for (let i = from; i < from + count; i++)
    world.addPod(makePod({ name: `${group}-${i}`, requests, schedulingGroup: { podGroupName: group } }));
}

const node = (name: string, cpu: number) => world.addNode(makeNode(name, { allocatable: { cpu } }));

/** How many pods have a node. */
const placed = () => Object.values(world.placements()).filter((name) => name !== '').length;

/** The PodGroup's condition: `True Scheduled`. */
function condition(name = 'pg'): string | undefined {
  const [found] = world.client.get(podGroups, 'default', name).status.conditions ?? [];
  return found && `${found.type}=${found.status} ${found.reason}: ${found.message}`;
}

test('pods wait until their group is there, and say nothing', () => {
  node('a', 8);
  addMembers(2);
  world.run(2_000);
  expect([placed(), world.events('pg-1')]).toEqual([0, []]);
  expect(world.scheduler.tryOut(world.pod('pg-1'))?.message).toBe(
    'waiting for pods\'s pod group "pg" to appear in scheduling queue',
  );
  addGroup(2);
  world.run();
  expect(placed()).toBe(2);
});

test('pods wait until there are as many as the gang needs', () => {
  node('a', 8);
  addGroup(3);
  addMembers(2);
  world.run(2_000);
  expect(placed()).toBe(0);
  expect(world.scheduler.tryOut(world.pod('pg-1'))?.message).toBe(
    'waiting for minCount pods from a gang to appear in scheduling queue',
  );
  addMembers(1, { cpu: '1' }, 'pg', 3);
  world.run();
  expect(placed()).toBe(3);
  expect(condition()).toBe('PodGroupScheduled=True Scheduled: ');
});

test.each([
  ['room for all', 3, 3, 3, 3],
  ['room for fewer than it needs', 2, 3, 3, 0],
  ['room for as many as it needs, but not for all', 3, 4, 3, 3],
  ['no room at all', 0, 3, 2, 0],
])('a gang with %s', (_, cpu, count, minCount, expected) => {
  node('a', cpu);
  addGroup(minCount);
  addMembers(count);
  world.run(5_000);
  expect(placed()).toBe(expected);
  expect(condition()).toBe(
    expected > 0
      ? 'PodGroupScheduled=True Scheduled: '
      : 'PodGroupScheduled=False Unschedulable: pod group is unschedulable',
  );
});

test('who found a place and who did not are told so, and nobody keeps the room meanwhile', () => {
  node('a', 2);
  addGroup(3);
  addMembers(3);
  world.run();
  const said = world.client.list<Pod>(pods).items.map(({ metadata }) => world.events(metadata.name)[0]!);
  expect(said.toSorted()).toEqual([
    'Warning FailedScheduling 0/1 nodes are available: 1 Insufficient cpu.',
    'Warning FailedScheduling pod group is unschedulable, waiting for minCount pods from a gang to be scheduled',
    'Warning FailedScheduling pod group is unschedulable, waiting for minCount pods from a gang to be scheduled',
  ]);
  expect(world.scheduler.explain('default/pg-1')?.node).toBeNull();
  world.addPod(makePod({ name: 'other', requests: { cpu: '2' } }));
  world.run();
  expect(world.nodeOf('other')).toBe('a');
});

test('a gang that found no room is placed whole when there is some', () => {
  node('a', 2);
  addGroup(4);
  addMembers(4);
  world.run(30_000);
  expect(placed()).toBe(0);
  node('b', 2);
  world.run(15_000);
  expect(placed()).toBe(4);
});

test('two gangs that fit only one at a time do not hold each other up', () => {
  node('a', 3);
  addGroup(3, 'one');
  addGroup(3, 'two');
  for (let i = 1; i <= 3; i++) {
    addMembers(1, { cpu: '1' }, 'one', i);
    addMembers(1, { cpu: '1' }, 'two', i);
  }
  world.run(10_000);
  const nodes = world.placements();
  const whole = ['one', 'two'].filter((name) => [1, 2, 3].every((i) => nodes[`${name}-${i}`] === 'a'));
  expect([placed(), whole.length]).toEqual([3, 1]);
});

test('one more pod of a gang that runs goes for itself', () => {
  node('a', 4);
  addGroup(2);
  addMembers(2);
  world.run();
  addMembers(1, { cpu: '1' }, 'pg', 3);
  world.run();
  expect(placed()).toBe(3);
});

test('pods of a group without a gang, and of none, go one by one', () => {
  node('a', 1);
  addGroup(null);
  addMembers(2);
  world.run();
  expect(placed()).toBe(1);
});

test('a gang drives nobody out', () => {
  node('a', 2);
  world.addPod(makePod({ name: 'low', requests: { cpu: '2' } }));
  world.run();
  addGroup(2);
  for (const name of ['p', 'q'])
    world.addPod(
      makePod({ name, requests: { cpu: '1' }, priority: 10, schedulingGroup: { podGroupName: 'pg' } }),
    );
  world.run();
  expect(world.nodeOf('low')).toBe('a');
  expect(world.events('p')).toEqual([
    'Warning FailedScheduling 0/1 nodes are available: 1 Insufficient cpu.',
  ]);
});

test('what-if says that a pod which would fit depends on its gang', () => {
  node('a', 2);
  addGroup(3);
  addMembers(3);
  world.run();
  expect(world.scheduler.tryOut(world.pod('pg-1'))?.message).toBe(
    'Successfully assigned default/pg-1 to a (at least 3 pods of its gang have to find a place at once)',
  );
});
