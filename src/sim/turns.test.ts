import { expect, test } from 'vitest';
import { Simulation } from './simulation.ts';
import { inTurns } from './turns.ts';

test.each([
  [0, [['done']]],
  [3, [[0, 1, 2, 'done']]],
  [
    5,
    [
      [0, 1, 2],
      [3, 4, 'done'],
    ],
  ],
])('%i items come three in an event, all at one instant', (count, expected) => {
  const simulation = new Simulation({ seed: 'test', startMs: 0 });
  const seen: (number | string)[] = [];
  const items = Array.from({ length: count }, (_, i) => i);
  simulation.after(1, () =>
    inTurns(
      simulation,
      items,
      3,
      (item) => seen.push(item),
      () => seen.push('done'),
    ),
  );
  const turns: unknown[] = [];
  while (simulation.run({ untilMs: 1, events: 1 }) === 'limit') turns.push(seen.splice(0));
  turns.push(seen.splice(0));
  expect(turns.filter((turn) => (turn as unknown[]).length > 0)).toEqual(expected);
  expect(simulation.nowMs).toBe(1);
});
