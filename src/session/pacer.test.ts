import { expect, test } from 'vitest';
import { Pacer } from './pacer.ts';

function setUp() {
  let wallMs = 0;
  const ran: number[] = [];
  let nowMs = 1000;
  const session = {
    get nowMs() {
      return nowMs;
    },
    run: ({ untilMs }: { untilMs: number }) => {
      ran.push(untilMs);
      if (untilMs !== Infinity) nowMs = untilMs;
      return Promise.resolve('idle' as const);
    },
  };
  const pacer = new Pacer(() => wallMs, nowMs);
  return { pacer, session, ran, wait: (ms: number) => (wallMs += ms) };
}

test.each([
  ['at 1×', 1 as const, 16, 1016],
  ['at 60×', 60 as const, 16, 1960],
  ['paused', 0 as const, 16, 1000],
  ['after a long sleep', 1 as const, 3_600_000, 1250],
])('%s virtual time follows the wall clock', async (_name, speed, waited, expected) => {
  const { pacer, session, ran, wait } = setUp();
  wait(waited);
  expect(await pacer.slice(session, speed)).toBe(false);
  expect(ran).toEqual([expected]);
});

test('max has no target, and the clock goes on from where it led', async () => {
  const { pacer, session, ran, wait } = setUp();
  await pacer.slice(session, 'max');
  wait(10);
  await pacer.slice(session, 1);
  expect(ran).toEqual([Infinity, 1000]);
});

test('a slice ends on time, whatever is left to do', async () => {
  let wallMs = 0;
  let slices = 0;
  const busy = {
    nowMs: 0,
    run: () => {
      slices++;
      wallMs += 1;
      return Promise.resolve('limit' as const);
    },
  };
  expect(await new Pacer(() => wallMs, 0).slice(busy, 1)).toBe(true);
  expect(slices).toBe(8);
});
