import { expect, test } from 'vitest';
import { FairQueues } from './fairQueues.ts';

const take = (queues: FairQueues, flow: string, count: number, nowMs: number) =>
  Array.from({ length: count }, () => queues.take(flow, 2, nowMs));

test('a flow runs on all seats when it is alone, then it waits, then there is no room', () => {
  const queues = new FairQueues(3, { waitingMax: 4 });
  expect(take(queues, 'a', 8, 0)).toEqual([0, 0, 0, 1, 2, 2, 3, null]);
});

test('work is done as time goes by', () => {
  const queues = new FairQueues(3, { waitingMax: 4 });
  take(queues, 'a', 7, 0);
  expect(queues.take('a', 2, 1)).toBe(3);
  expect(queues.take('a', 2, 100)).toBe(0);
});

test('a flood makes nobody else wait', () => {
  const queues = new FairQueues(4, { waitingMax: 100 });
  take(queues, 'flood', 90, 0);
  expect(take(queues, 'calm', 2, 0)).toEqual([0, 0]);
  expect(queues.take('flood', 2, 0)).toBeGreaterThan(80);
});

test('what one flow leaves of its share, another gets', () => {
  const queues = new FairQueues(2, { waitingMax: 100 });
  take(queues, 'a', 10, 0);
  take(queues, 'b', 1, 0);
  // 20 and 2 seat ms are there; in 8 ms 16 are done: all of b's and 14 of a's.
  expect(queues.take('b', 2, 8)).toBe(0);
  expect(queues.take('a', 2, 8)).toBe(6);
});

test('a level without queues refuses what has no seat', () => {
  const queues = new FairQueues(2, null);
  expect(take(queues, 'a', 3, 0)).toEqual([0, 0, null]);
});
