import { expect, test } from 'vitest';
import { formatMicroTime, formatTime, parseTime } from './time.ts';

test.each([
  ['1970-01-01T00:00:00Z', 0, '1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000000Z'],
  ['2026-02-28T23:59:59Z', 1772323199000, '2026-02-28T23:59:59Z', '2026-02-28T23:59:59.000000Z'],
  ['2024-02-29T12:00:00.123456Z', 1709208000123.456, '2024-02-29T12:00:00Z', '2024-02-29T12:00:00.123456Z'],
  ['2024-02-29T12:00:00.5+02:00', 1709200800500, '2024-02-29T10:00:00Z', '2024-02-29T10:00:00.500000Z'],
  ['2024-02-29T12:00:00-00:30', 1709209800000, '2024-02-29T12:30:00Z', '2024-02-29T12:30:00.000000Z'],
  ['1969-12-31T23:59:59.25Z', -750, '1969-12-31T23:59:59Z', '1969-12-31T23:59:59.250000Z'],
  ['0001-01-01T00:00:00Z', -62135596800000, '0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000000Z'],
])('%s is %d ms', (text, ms, seconds, micros) => {
  expect(parseTime(text)).toBe(ms);
  expect(formatTime(ms)).toBe(seconds);
  expect(formatMicroTime(ms)).toBe(micros);
});

test.each([
  [
    'yesterday',
    'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
  ],
  ['2023-02-29T00:00:00Z', 'parsing time "2023-02-29T00:00:00Z": day out of range'],
  ['2023-13-01T00:00:00Z', 'parsing time "2023-13-01T00:00:00Z": month out of range'],
  ['2023-01-01T24:00:00Z', 'parsing time "2023-01-01T24:00:00Z": hour out of range'],
  ['2023-01-01T00:60:00Z', 'parsing time "2023-01-01T00:60:00Z": minute out of range'],
  ['2023-01-01T00:00:60Z', 'parsing time "2023-01-01T00:00:60Z": second out of range'],
])('%s is refused', (text, message) => {
  expect(() => parseTime(text)).toThrow(expect.objectContaining({ reason: 'BadRequest', message }));
});
