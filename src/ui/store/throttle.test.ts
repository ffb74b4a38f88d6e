import { afterEach, expect, test, vi } from 'vitest';
import { throttled } from './throttle.ts';

afterEach(() => vi.useRealTimers());

function heard(periodMs: number) {
  vi.useFakeTimers();
  const listeners = new Set<() => void>();
  let count = 0;
  const stop = throttled(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => periodMs,
  )(() => (count += 1));
  return { change: () => listeners.forEach((listener) => listener()), stop, count: () => count };
}

test('the first change is told at once, the rest of the period once', () => {
  const { change, count } = heard(100);
  for (let at = 0; at < 10; at += 1) change();
  expect(count()).toBe(1);
  vi.advanceTimersByTime(100);
  expect(count()).toBe(2);
  vi.advanceTimersByTime(1000);
  expect(count()).toBe(2);
});

test('without a period every change is told', () => {
  const { change, count } = heard(0);
  change();
  change();
  expect(count()).toBe(2);
});

test('who has left is told nothing more', () => {
  const { change, count, stop } = heard(100);
  change();
  change();
  stop();
  vi.advanceTimersByTime(1000);
  expect(count()).toBe(1);
});
