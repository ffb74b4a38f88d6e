import { beforeEach, expect, test } from 'vitest';
import type { Node, Pod } from '#generated/types/core.v1.ts';
import { causeOf } from '#sim/cause.ts';
import { Simulation } from '#sim/simulation.ts';
import type { Plugin } from './framework.ts';
import { prioritySort } from './plugins/prioritySort.ts';
import { schedulingGates } from './plugins/schedulingGates.ts';
import { SchedulingQueue } from './queue.ts';
import { makeNode, makePod } from './testObjects.ts';

/** Refuses pods, and takes interest in large nodes and in the pods it is told of. */
const picky: Plugin = {
  name: 'Picky',
  reads: 'node',
  hints: {
    NodeAdd: (_pod, _before, now) => (now as Node).metadata.name === 'large',
    AssignedPodDelete: () => true,
    PodTolerationChange: () => true,
  },
};

let simulation: Simulation;
let queue: SchedulingQueue;
let wakes: number;

beforeEach(() => {
  simulation = new Simulation({ seed: 's', startMs: 0 });
  wakes = 0;
  queue = new SchedulingQueue({
    simulation,
    plugins: [schedulingGates, prioritySort, picky],
    wake: () => wakes++,
  });
});

const rejected = new Set(['Picky']);
const wait = (ms: number) => simulation.run({ untilMs: simulation.nowMs + ms });
const place = (name: string) => queue.get(`default/${name}`)?.place;

/** Pops a pod and lets an attempt fail. */
function fail(rejectors: ReadonlySet<string> = rejected): void {
  queue.putBack(queue.pop()!, rejectors);
}

test('pops by priority, then by age', () => {
  for (const [name, priority] of [
    ['a', 0],
    ['b', 10],
    ['c', 0],
    ['d', 10],
  ] as const)
    queue.add(makePod({ name, priority }));
  const popped = Array.from({ length: 4 }, () => queue.pop()!.pod.metadata.name);
  expect(popped).toEqual(['b', 'd', 'a', 'c']);
  expect(queue.pop()).toBeNull();
});

test('a pod that was refused waits for an event that may help it', () => {
  queue.add(makePod({ name: 'a' }));
  fail();
  expect(place('a')).toBe('unschedulable');
  expect(queue.isReady).toBe(false);
  queue.move('NodeAdd', undefined, makeNode('small'));
  expect(place('a')).toBe('unschedulable');
  queue.move('NodeTaintChange', makeNode('large'), makeNode('large'));
  expect(place('a')).toBe('unschedulable');
  queue.move('NodeAdd', undefined, makeNode('large'));
  expect(place('a')).toBe('backoff');
});

test('an event is told only to pods that a plugin refused which listens to it', () => {
  const asked: string[] = [];
  const nosy: Plugin = {
    name: 'Nosy',
    reads: 'cluster',
    hints: { NodeAdd: (pod) => asked.push(pod.metadata.name) < 0 },
  };
  queue = new SchedulingQueue({ simulation, plugins: [prioritySort, picky, nosy], wake: () => wakes++ });
  for (const [name, rejectors] of [
    ['a', ['Nosy']],
    ['b', ['Picky']],
    ['c', ['Nosy', 'Picky']],
    ['d', ['Other']],
  ] as const) {
    queue.add(makePod({ name }));
    fail(new Set(rejectors));
  }
  queue.move('NodeAdd', undefined, makeNode('large'));
  // Picky, which comes first, has taken care of c.
  expect(asked).toEqual(['a']);
  expect(['a', 'b', 'c', 'd'].map(place)).toEqual(['unschedulable', 'backoff', 'backoff', 'unschedulable']);
  queue.move('NodeAdd', undefined, makeNode('small'));
  expect(asked).toEqual(['a', 'a']);
});

test('a pod that another plugin refused is not moved by this one', () => {
  queue.add(makePod({ name: 'a' }));
  fail(new Set(['Other']));
  queue.move('NodeAdd', undefined, makeNode('large'));
  expect(place('a')).toBe('unschedulable');
});

// Facts from upstream's TestBackoffQueue_calculateBackoffDuration: 1 s, doubling, 10 s at most.
test.each([
  [1, 1000],
  [2, 2000],
  [3, 4000],
  [4, 8000],
  [5, 10_000],
  [16, 10_000],
])('after %i attempts the backoff is %i ms', (attempts, backoffMs) => {
  queue.add(makePod({ name: 'a' }));
  for (let i = 0; i < attempts; i++) {
    if (i > 0) queue.move('AssignedPodDelete', makePod(), undefined);
    fail();
  }
  expect(queue.get('default/a')!.backoffUntilMs - simulation.nowMs).toBe(backoffMs);
});

test('pods are taken out of their backoff when there is nothing else to do', () => {
  queue.add(makePod({ name: 'a' }));
  fail();
  queue.move('AssignedPodDelete', makePod(), undefined);
  queue.add(makePod({ name: 'b' }));
  expect(queue.pop()!.pod.metadata.name).toBe('b');
  expect(queue.pop()!.pod.metadata.name).toBe('a');
});

test('but not after an error: then the backoff is waited for', () => {
  queue.add(makePod({ name: 'a' }));
  fail(new Set());
  expect(place('a')).toBe('errors');
  expect(queue.isReady).toBe(false);
  wait(999);
  expect(queue.isReady).toBe(false);
  const before = wakes;
  wait(1);
  expect(wakes).toBe(before + 1);
  expect(place('a')).toBe('active');
});

test('a pod whose backoff is over goes straight to the active queue', () => {
  queue.add(makePod({ name: 'a' }));
  fail();
  wait(1000);
  queue.move('AssignedPodDelete', makePod(), undefined);
  expect(place('a')).toBe('active');
});

test('after five minutes a pod is tried again though nothing happened', () => {
  queue.add(makePod({ name: 'a' }));
  fail();
  wait(300_000);
  expect(place('a')).toBe('unschedulable');
  wait(30_000);
  expect(place('a')).toBe('active');
});

test('gated pods are not tried until the gates are gone', () => {
  const gated = makePod({ name: 'a', schedulingGates: [{ name: 'g' }] });
  queue.add(gated);
  expect(place('a')).toBe('unschedulable');
  queue.move('AssignedPodDelete', makePod(), undefined);
  expect(place('a')).toBe('unschedulable');
  queue.update(gated, makePod({ name: 'a' }));
  expect(place('a')).toBe('active');
});

test('an update of the pod itself may help it', () => {
  const pod = makePod({ name: 'a' });
  queue.add(pod);
  fail();
  const status: Pod = { ...pod, status: { phase: 'Pending' } };
  queue.update(pod, status);
  expect(place('a')).toBe('unschedulable');
  queue.update(status, makePod({ name: 'a', tolerations: [{ operator: 'Exists' }] }));
  expect(place('a')).toBe('backoff');
  expect(queue.pop()!.pod.spec.tolerations).toHaveLength(1);
});

test('a deleted pod is gone from wherever it waits', () => {
  for (const name of ['a', 'b', 'c', 'd']) queue.add(makePod({ name }));
  fail();
  fail(new Set());
  const popped = queue.pop()!;
  for (const name of ['a', 'b', 'c', 'd']) queue.delete(`default/${name}`);
  queue.putBack(popped, rejected);
  expect(queue.size).toBe(0);
  wait(400_000);
  expect(queue.pop()).toBeNull();
});

test('keeps the cause of the event that moved it', () => {
  queue.add(makePod({ name: 'a' }));
  fail();
  const cause = causeOf(null, 1, 'x', 'delete', 'y');
  simulation.withCause(cause, () => queue.move('AssignedPodDelete', makePod(), undefined));
  expect(queue.pop()!.cause).toBe(cause);
});

test('replicas share one answer to an event, pods with other needs do not', () => {
  const asked: string[] = [];
  const large: Plugin = {
    name: 'Large',
    reads: 'node',
    hints: { NodeAdd: (pod) => asked.push(pod.metadata.name) > 0 && pod.spec.nodeSelector === undefined },
  };
  queue = new SchedulingQueue({ simulation, plugins: [prioritySort, large], wake: () => wakes++ });
  const { containers } = makePod().spec;
  const refused = new Set(['Large']);
  for (const name of ['a', 'b']) queue.add(makePod({ name, containers }));
  queue.add(makePod({ name: 'c', containers, nodeSelector: { disk: 'ssd' } }));
  for (let i = 0; i < 3; i++) fail(refused);
  queue.move('NodeAdd', undefined, makeNode('n'));
  expect(asked).toEqual(['a', 'c']);
  expect([place('a'), place('b'), place('c')]).toEqual(['backoff', 'backoff', 'unschedulable']);
});

test('a configuration says how long a pod is left alone after an error', () => {
  queue = new SchedulingQueue({
    simulation,
    plugins: [prioritySort],
    backoff: { initialMs: 20_000, maxMs: 30_000 },
    wake: () => wakes++,
  });
  queue.add(makePod({ name: 'a' }));
  for (const seconds of [20, 30, 30]) {
    fail(new Set());
    wait(seconds * 1000 - 1);
    expect(place('a')).toBe('errors');
    wait(1);
    expect(place('a')).toBe('active');
  }
});
