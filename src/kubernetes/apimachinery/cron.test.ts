import { expect, test } from 'vitest';
import { nextCronTime, parseCron } from './cron.ts';
import { StatusError } from './statusError.ts';
import { timeZone } from './timeZone.ts';

// The cases are those of the library's own tables, in the form that ParseStandard takes.
test.each<[string, string, string | undefined]>([
  ['*/15 * * * *', '2026-07-09T14:45:00Z', '2026-07-09T15:00:00Z'],
  ['*/15 * * * *', '2026-07-09T14:59:59Z', '2026-07-09T15:00:00Z'],
  ['20-35/15 * * * *', '2026-07-09T15:45:00Z', '2026-07-09T16:20:00Z'],
  ['*/15 * * * *', '2026-12-31T23:46:00Z', '2027-01-01T00:00:00Z'],
  ['15/35 */2 * * *', '2026-07-09T23:35:51Z', '2026-07-10T00:15:00Z'],
  ['15/35 10-12 * * *', '2026-07-09T23:35:51Z', '2026-07-10T10:15:00Z'],
  ['0 0 */5 Oct *', '2026-07-09T23:35:51Z', '2026-10-01T00:00:00Z'],
  ['0 0 9 Apr-Oct *', '2026-07-09T23:35:00Z', '2026-08-09T00:00:00Z'],
  ['0 0 * Feb Mon', '2026-07-09T23:35:00Z', '2027-02-01T00:00:00Z'],
  ['0 0 13 * fri', '2026-07-09T23:35:00Z', '2026-07-10T00:00:00Z'],
  ['0 0 29 2 *', '2026-07-09T00:00:00Z', '2028-02-29T00:00:00Z'],
  ['0 0 30 2 *', '2026-07-09T00:00:00Z', undefined],
  ['@hourly', '2026-07-09T15:00:00Z', '2026-07-09T16:00:00Z'],
  ['@daily', '2026-07-09T15:00:00Z', '2026-07-10T00:00:00Z'],
  ['@weekly', '2026-07-09T15:00:00Z', '2026-07-12T00:00:00Z'],
  ['@monthly', '2026-07-09T15:00:00Z', '2026-08-01T00:00:00Z'],
  ['@yearly', '2026-07-09T15:00:00Z', '2027-01-01T00:00:00Z'],
  ['@every 1h30m', '2026-07-09T15:00:00.500Z', '2026-07-09T16:30:00Z'],
  ['@every 10ms', '2026-07-09T15:00:00Z', '2026-07-09T15:00:01Z'],
  ['TZ=America/New_York 0 9 * * *', '2026-07-09T00:00:00Z', '2026-07-09T13:00:00Z'],
])('%s after %s is %s', (text, after, next) => {
  const ms = nextCronTime(parseCron(text), Date.parse(after));
  expect(ms === undefined ? undefined : new Date(ms).toISOString()).toBe(
    next && new Date(next).toISOString(),
  );
});

test.each<[string, string, string, string]>([
  ['0 9 * * *', 'Europe/Berlin', '2026-07-09T00:00:00Z', '2026-07-09T07:00:00Z'],
  ['0 9 * * *', 'Europe/Berlin', '2026-01-09T00:00:00Z', '2026-01-09T08:00:00Z'],
  // The clock goes from 1:59 to 3:00: half past two comes on the next day.
  ['30 2 * * *', 'America/New_York', '2026-03-08T06:00:00Z', '2026-03-09T06:30:00Z'],
  // Half past one comes twice in autumn.
  ['30 1 * * *', 'America/New_York', '2026-11-01T04:00:00Z', '2026-11-01T05:30:00Z'],
  ['30 1 * * *', 'America/New_York', '2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z'],
  ['0 0 * * *', 'Asia/Kolkata', '2026-07-09T00:00:00Z', '2026-07-09T18:30:00Z'],
])('%s in %s after %s is %s', (text, zone, after, next) => {
  const ms = nextCronTime(parseCron(text), Date.parse(after), timeZone(zone));
  expect(new Date(ms!).toISOString()).toBe(new Date(next).toISOString());
});

test.each<[string, string]>([
  ['', 'empty spec string'],
  ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
  ['* * * * * *', 'expected exactly 5 fields, found 6: [* * * * * *]'],
  ['60 * * * *', 'end of range (60) above maximum (59): 60'],
  ['* 24 * * *', 'end of range (24) above maximum (23): 24'],
  ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
  ['* * * * 7', 'end of range (7) above maximum (6): 7'],
  ['5-1 * * * *', 'beginning of range (5) beyond end of range (1): 5-1'],
  ['*/0 * * * *', 'step of range should be a positive number: */0'],
  ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
  ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
  ['x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
  ['*/-3 * * * *', 'negative number (-3) not allowed: -3'],
  ['@unrecognized', 'unrecognized descriptor: @unrecognized'],
  ['@every 5x', 'failed to parse duration @every 5x: time: unknown unit "x" in duration "5x"'],
  ['TZ=Mars/Olympus * * * * *', 'provided bad location Mars/Olympus: unknown time zone Mars/Olympus'],
])('%j is refused: %s', (text, message) => {
  expect(() => parseCron(text)).toThrow(new StatusError('BadRequest', message));
});
