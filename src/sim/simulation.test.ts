import { expect, test } from 'vitest';
import { causeOf, trailOf } from './cause.ts';
import { Deferred, runWithHops, sleep } from './deferred.ts';
import { RandomStream } from './random.ts';
import { Simulation } from './simulation.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));
const create = () => new Simulation({ seed: 'seed', startMs: 1000 });

test('events run by time, and at one time in the order they were scheduled', () => {
  const simulation = create();
  const ran: string[] = [];
  simulation.after(10, () => ran.push('late'));
  simulation.after(5, () => {
    ran.push('a');
    simulation.after(0, () => ran.push('c'));
    simulation.after(5, () => ran.push('later'));
  });
  simulation.after(5, () => ran.push('b'));
  simulation.cancel(simulation.after(7, () => ran.push('never')));
  expect(simulation.run({ untilMs: 1100 })).toBe('idle');
  expect(ran).toEqual(['a', 'b', 'c', 'late', 'later']);
  expect(simulation.nowMs).toBe(1100);
  expect(simulation.eventCount).toBe(5);
});

test('random timers and cancellations come out in order', () => {
  const simulation = create();
  const random = new RandomStream('x', 'timers');
  const expected: number[] = [];
  const ran: number[] = [];
  for (let i = 0; i < 3000; i++) {
    const delay = random.below(500);
    const timer = simulation.after(delay, () => ran.push(simulation.nowMs));
    if (random.below(2) === 0) simulation.cancel(timer);
    else expected.push(1000 + delay);
  }
  expect(simulation.pending).toBe(expected.length);
  simulation.run({ untilMs: Infinity });
  expect(ran).toEqual(expected.sort((a, b) => a - b));
});

test('a slice stops after its events and says so', () => {
  const simulation = create();
  for (let i = 0; i < 3; i++) simulation.after(1, () => {});
  expect(simulation.run({ untilMs: Infinity, events: 2 })).toBe('limit');
  expect(simulation.run({ untilMs: Infinity, events: 2 })).toBe('idle');
});

test('an event inherits the cause of the event that scheduled it, and a tick is a root', () => {
  const simulation = create();
  const seen: string[] = [];
  const note = () =>
    seen.push(
      trailOf(simulation.cause)
        .map((link) => link.subject)
        .join('<'),
    );
  const root = causeOf(null, 1000, 'learner', 'input', 'apply');
  simulation.withCause(root, () =>
    simulation.after(1, () => {
      note();
      simulation.withCause(causeOf(simulation.cause, 0, 'x', 'create', 'pod'), () =>
        simulation.after(1, note),
      );
    }),
  );
  simulation.run({ untilMs: 1100 });
  const stop = simulation.every(10, 'kubelet', note);
  simulation.run({ untilMs: 1115 });
  stop();
  simulation.run({ untilMs: 1200 });
  expect(seen).toEqual(['apply', 'pod<apply', '']);
});

test('a trail is cut before it grows without end', () => {
  let cause = causeOf(null, 0, 'a', 'tick', '0');
  for (let i = 1; i < 1000; i++) cause = causeOf(cause, 0, 'a', 'update', String(i));
  const trail = trailOf(cause);
  expect(trail.length).toBeLessThanOrEqual(64);
  expect(trail.at(-1)?.cut).toBe(true);
});

test.each([1, 3, undefined])('programs hop in a fixed order with slices of %s', async (events) => {
  const simulation = create();
  const seen: string[] = [];
  const program = async (name: string, delay: number) => {
    for (let i = 0; i < 3; i++) {
      await sleep(simulation, delay);
      seen.push(`${name}@${simulation.nowMs}`);
    }
  };
  const done = [program('a', 10), program('b', 15)];
  while ((await runWithHops(simulation, hop, { untilMs: 2000, ...(events && { events }) })) === 'limit');
  await Promise.all(done);
  expect(seen).toEqual(['a@1010', 'b@1015', 'a@1020', 'b@1030', 'a@1030', 'b@1045']);
});

test('a bug stops the simulation for good', () => {
  const simulation = create();
  simulation.after(1, () => {
    throw new Error('ours');
  });
  expect(() => simulation.run({ untilMs: 2000 })).toThrow('ours');
  expect(() => simulation.run({ untilMs: 2000 })).toThrow('ours');
});

test('named streams do not disturb each other', () => {
  const one = create();
  const two = create();
  two.random('other').uint32();
  expect(one.random('names').uint32()).toBe(two.random('names').uint32());
  expect(one.random('names').uint32()).not.toBe(one.random('uids').uint32());
});

test('a deferred settles its promise and asks for a hop', async () => {
  const simulation = create();
  const deferred = new Deferred<number>(simulation);
  simulation.after(1, () => deferred.resolve(7));
  expect(simulation.run({ untilMs: 2000 })).toBe('hop');
  expect(await deferred.promise).toBe(7);
});
