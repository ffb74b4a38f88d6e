import { expect, test } from 'vitest';
import { formatDuration, humanDuration, parseDuration, shortHumanDuration } from './duration.ts';

const s = 1000;
const m = 60 * s;
const h = 60 * m;
const d = 24 * h;
const y = 365 * d;

test.each([
  [s, '1s', '1s'],
  [70 * s, '70s', '1m'],
  [190 * s, '3m10s', '3m'],
  [70 * m, '70m', '1h'],
  [47 * h, '47h', '1d'],
  [49 * h, '2d1h', '2d'],
  [8 * d + 2 * h, '8d', '8d'],
  [367 * d, '367d', '1y'],
  [2 * y + 25 * h, '2y1d', '2y'],
  [8 * y + 2 * h, '8y', '8y'],
  [-2 * s, '<invalid>', '<invalid>'],
  [-2 * s + 0.000001, '0s', '0s'],
  [-1 * s, '0s', '0s'],
  [0, '0s', '0s'],
  [s - 1, '0s', '0s'],
  [m - 1, '59s', '59s'],
  [2 * m - 1, '119s', '1m'],
  [2 * m, '2m', '2m'],
  [2 * m + s, '2m1s', '2m'],
  [10 * m - 1, '9m59s', '9m'],
  [10 * m + s, '10m', '10m'],
  [h - 1, '59m', '59m'],
  [3 * h - 1, '179m', '2h'],
  [3 * h, '3h', '3h'],
  [3 * h + m, '3h1m', '3h'],
  [8 * h - 1, '7h59m', '7h'],
  [8 * h + 59 * m, '8h', '8h'],
  [2 * d - 1, '47h', '1d'],
  [2 * d, '2d', '2d'],
  [8 * d - 1, '7d23h', '7d'],
  [8 * d + 23 * h, '8d', '8d'],
  [y - 1, '364d', '364d'],
  [2 * y - 1, '729d', '1y'],
  [2 * y + 23 * h + 59 * m, '2y', '2y'],
  [2 * y + d, '2y1d', '2y'],
  [8 * y - 1, '7y364d', '7y'],
  [8 * y + 364 * d, '8y', '8y'],
])('%d ms is %s for humans, %s in short', (ms, human, short) => {
  expect(humanDuration(ms)).toBe(human);
  expect(shortHumanDuration(ms)).toBe(short);
});

test.each([
  [0, '0s'],
  [0.000001, '1ns'],
  [0.0011, '1.1\u00b5s'],
  [2.2, '2.2ms'],
  [3300, '3.3s'],
  [30 * s, '30s'],
  [5 * m, '5m0s'],
  [4 * m + 5 * s + 1, '4m5.001s'],
  [5 * h + 6 * m + 7 * s + 1, '5h6m7.001s'],
  [8 * m + 0.000001, '8m0.000000001s'],
  [-1.5 * h, '-1h30m0s'],
  [100 * d, '2400h0m0s'],
])('%d ms prints as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
  expect(parseDuration(text)).toBeCloseTo(ms, 5);
});

test.each([
  ['0', 0],
  ['5s', 5 * s],
  ['+5s', 5 * s],
  ['-0', 0],
  ['5.6s', 5600],
  ['5.s', 5 * s],
  ['.5s', 500],
  ['3h30m', 3.5 * h],
  ['1m30s', 90 * s],
  ['10us', 0.01],
  ['10\u00b5s', 0.01],
  ['10\u03bcs', 0.01],
  ['100ms', 100],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  ['', 'time: invalid duration ""'],
  ['3', 'time: missing unit in duration "3"'],
  ['-', 'time: invalid duration "-"'],
  ['s', 'time: invalid duration "s"'],
  ['.', 'time: invalid duration "."'],
  ['.s', 'time: invalid duration ".s"'],
  ['1d', 'time: unknown unit "d" in duration "1d"'],
  ['1h 2m', 'time: unknown unit "h " in duration "1h 2m"'],
  ['5m-3s', 'time: unknown unit "m-" in duration "5m-3s"'],
])('%j is refused', (text, message) => {
  expect(() => parseDuration(text)).toThrow(expect.objectContaining({ reason: 'BadRequest', message }));
});
