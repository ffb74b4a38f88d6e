import { expect, test } from 'vitest';
import { shortDuration } from './age.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

// Upstream: apimachinery/pkg/util/duration/duration_test.go
test.each([
  [-2 * second, '<invalid>'],
  [-1 * second, '0s'],
  [0, '0s'],
  [119 * second, '119s'],
  [120 * second, '2m'],
  [5 * minute + 1 * second, '5m1s'],
  [10 * minute - 1 * second, '9m59s'],
  [10 * minute + 30 * second, '10m'],
  [3 * hour - 1 * second, '179m'],
  [3 * hour, '3h'],
  [3 * hour + 12 * minute, '3h12m'],
  [8 * hour + 30 * minute, '8h'],
  [2 * day - 1 * second, '47h'],
  [2 * day, '2d'],
  [7 * day + 23 * hour, '7d23h'],
  [8 * day + 23 * hour, '8d'],
  [2 * 365 * day - 1 * second, '729d'],
  [2 * 365 * day + 10 * day, '2y10d'],
  [8 * 365 * day + 10 * day, '8y'],
])('%i ms is %s', (ms, text) => {
  expect(shortDuration(ms)).toBe(text);
});
