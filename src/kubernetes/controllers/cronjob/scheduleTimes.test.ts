import { expect, test } from 'vitest';
import type { CronJob } from '#generated/types/batch.v1.ts';
import { parseCron } from '#kubernetes/apimachinery/cron.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import { timeZone } from '#kubernetes/apimachinery/timeZone.ts';
import { dueStart, InvalidSchedule, untilNextStartMs } from './scheduleTimes.ts';

function cronJob(created: string, last?: string, startingDeadlineSeconds?: number): CronJob {
  return {
    metadata: { creationTimestamp: created },
    spec: { ...(startingDeadlineSeconds !== undefined && { startingDeadlineSeconds }) },
    status: { ...(last !== undefined && { lastScheduleTime: last }) },
  } as CronJob;
}

const at = (time: string) => Date.parse(`2026-05-19T${time}Z`);
const iso = (time: string) => `2026-05-19T${time}Z`;

// Facts from upstream's utils_test.go TestNextScheduleTime, TestMostRecentScheduleTime.
test.each([
  ['0 * * * ?', cronJob(iso('10:00:00')), '10:00:30', null, false],
  ['0 * * * ?', cronJob(iso('09:58:00')), '10:00:05', '10:00:00', false],
  ['0 * * * ?', cronJob(iso('08:58:00'), iso('09:00:00')), '10:30:00', '10:00:00', false],
  ['0 * * * ?', cronJob(iso('01:00:00')), '10:05:00', '10:00:00', false],
  ['* * * * *', cronJob(iso('01:00:00')), '10:00:30', '10:00:00', true],
  ['* * * * *', cronJob(iso('01:00:00'), undefined, 600), '10:00:30', '10:00:00', false],
  ['@every 1h', cronJob(iso('08:30:00')), '10:45:00', '10:30:00', false],
  ['30 6-16/4 * * 1-5', cronJob(iso('05:00:00')), '15:00:00', '14:30:00', false],
])('%s %j at %s', (text, job, now, due, manyMissed) => {
  const timetable = { schedule: parseCron(text), zone: timeZone('UTC') };
  const found = dueStart(job, timetable, at(now));
  expect(found.dueMs === null ? null : formatTime(found.dueMs)).toBe(due === null ? null : iso(due));
  expect(found.manyMissed).toBe(manyMissed);
});

test.each([
  ['0 * * * ?', cronJob(iso('10:00:00')), '10:10:00', 50 * 60_000 + 100],
  ['0 * * * ?', cronJob(iso('10:00:00'), iso('12:00:00')), '12:10:00', 50 * 60_000 + 100],
  ['0 9 * * *', cronJob(iso('00:00:00')), '06:00:00', 3 * 3_600_000 + 100],
])('until the next start of %s %j at %s', (text, job, now, expected) => {
  const timetable = { schedule: parseCron(text), zone: timeZone('UTC') };
  expect(untilNextStartMs(job, timetable, at(now))).toBe(expected);
});

test('a zone has its own clock', () => {
  const timetable = { schedule: parseCron('0 9 * * *'), zone: timeZone('America/New_York') };
  const { dueMs } = dueStart(cronJob(iso('00:00:00')), timetable, at('13:30:00'));
  expect(formatTime(dueMs!)).toBe(iso('13:00:00'));
});

test('a date that never comes is an invalid schedule', () => {
  const timetable = { schedule: parseCron('59 23 31 2 *'), zone: timeZone('UTC') };
  expect(() => dueStart(cronJob(iso('00:00:00')), timetable, at('13:30:00'))).toThrow(InvalidSchedule);
});
