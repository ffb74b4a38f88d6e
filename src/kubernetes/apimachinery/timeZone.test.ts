import { expect, test } from 'vitest';
import { StatusError } from './statusError.ts';
import { momentOf, offsetAt, timeZone } from './timeZone.ts';

test.each<[string, string, number]>([
  ['UTC', '2026-07-01T00:00:00Z', 0],
  ['', '2026-07-01T00:00:00Z', 0],
  ['Europe/Berlin', '2026-03-29T00:59:59Z', 60],
  ['Europe/Berlin', '2026-03-29T01:00:00Z', 120],
  ['Europe/Berlin', '2026-10-25T00:59:59Z', 120],
  ['Europe/Berlin', '2026-10-25T01:00:00Z', 60],
  ['America/New_York', '2026-03-08T06:59:59Z', -300],
  ['America/New_York', '2026-03-08T07:00:00Z', -240],
  ['Asia/Kolkata', '2026-03-08T07:00:00Z', 330],
  ['Australia/Sydney', '2026-01-01T00:00:00Z', 660],
  ['Australia/Sydney', '2026-07-01T00:00:00Z', 600],
  ['Australia/Lord_Howe', '2026-01-01T00:00:00Z', 660],
  ['Australia/Lord_Howe', '2026-07-01T00:00:00Z', 630],
  ['Europe/Dublin', '2026-01-01T00:00:00Z', 0],
  ['Europe/Dublin', '2026-07-01T00:00:00Z', 60],
  ['Etc/GMT+5', '2026-07-01T00:00:00Z', -300],
])('%s at %s is %d minutes east', (name, time, minutes) => {
  expect(offsetAt(timeZone(name), Date.parse(time))).toBe(minutes);
});

test.each(['Mars/Olympus', 'europe/berlin', 'Factory'])('nobody knows %s', (name) => {
  expect(() => timeZone(name)).toThrow(new StatusError('BadRequest', `unknown time zone ${name}`));
});

test.each<[string, string, string]>([
  ['2026-07-01T12:00:00Z', '2026-07-01T10:00:00Z', 'a summer noon'],
  ['2026-03-29T02:30:00Z', '2026-03-29T01:30:00Z', 'a time that is skipped'],
  ['2026-10-25T02:30:00Z', '2026-10-25T00:30:00Z', 'a time that comes twice'],
])("Berlin's wall shows %s at %s: %s", (wall, moment) => {
  const ms = momentOf(timeZone('Europe/Berlin'), Date.parse(wall));
  expect(new Date(ms).toISOString()).toBe(new Date(moment).toISOString());
});
