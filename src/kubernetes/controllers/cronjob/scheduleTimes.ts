// Upstream: pkg/controller/cronjob/utils.go mostRecentScheduleTime, nextScheduleTimeDuration
import type { CronJob } from '#generated/types/batch.v1.ts';
import { type CronSchedule, nextCronTime } from '#kubernetes/apimachinery/cron.ts';
import type { TimeZone } from '#kubernetes/apimachinery/timeZone.ts';

/** So many starts that were missed are told of. Upstream: manyMissed */
const missedMax = 100;
/** A wake-up comes a little after the time it is for. Upstream: nextScheduleDelta */
const nextScheduleDeltaMs = 100;

/** A schedule that has no times, or none that can be told apart. */
export class InvalidSchedule extends Error {
  override name = 'InvalidSchedule';
}

/** What a CronJob runs by. */
export interface Timetable {
  readonly schedule: CronSchedule;
  readonly zone: TimeZone;
}

interface MostRecent {
  /** From where on starts are looked for. */
  readonly earliestMs: number;
  /** The last start that is due, null for none. */
  readonly dueMs: number | null;
  readonly missed: number;
}

/** Throws InvalidSchedule. With `deadline`, starts older than startingDeadlineSeconds are passed over. */
function mostRecent(
  { metadata, spec, status }: CronJob,
  { schedule, zone }: Timetable,
  nowMs: number,
  deadline: boolean,
): MostRecent {
  let earliestMs = Date.parse(status.lastScheduleTime ?? metadata.creationTimestamp);
  if (deadline && spec.startingDeadlineSeconds !== undefined)
    earliestMs = Math.max(earliestMs, nowMs - spec.startingDeadlineSeconds * 1000);
  const next = (afterMs: number) => {
    const found = nextCronTime(schedule, afterMs, zone);
    if (found === undefined)
      throw new InvalidSchedule('time difference between two schedules is less than 1 second');
    return found;
  };
  const first = next(earliestMs);
  if (nowMs < first) return { earliestMs, dueMs: null, missed: 0 };
  const second = next(first);
  if (nowMs < second) return { earliestMs, dueMs: first, missed: 0 };
  // A rough count by the first gap, from which the true last start is walked to.
  const gapS = Math.round((second - first) / 1000);
  const missed = Math.floor(Math.floor((nowMs - first) / 1000) / gapS) + 1;
  let dueMs: number | null = null;
  for (let at = next(first + (missed - 2) * gapS * 1000); at <= nowMs; at = next(at)) dueMs = at;
  return { earliestMs, dueMs, missed };
}

/** The start that is due now, null for none, and whether suspiciously many were missed. Throws InvalidSchedule. */
export function dueStart(
  cronJob: CronJob,
  timetable: Timetable,
  nowMs: number,
): { readonly dueMs: number | null; readonly manyMissed: boolean } {
  const { dueMs, missed } = mostRecent(cronJob, timetable, nowMs, true);
  return { dueMs, manyMissed: dueMs !== null && missed > missedMax };
}

/** Ms from now until the next start; null where there is none. */
export function untilNextStartMs(cronJob: CronJob, timetable: Timetable, nowMs: number): number | null {
  const { earliestMs, dueMs, missed } = mostRecent(cronJob, timetable, nowMs, false);
  const fromMs = dueMs ?? (missed === 0 ? earliestMs : nowMs);
  const nextMs = nextCronTime(timetable.schedule, fromMs, timetable.zone);
  return nextMs === undefined ? null : nextMs + nextScheduleDeltaMs - nowMs;
}
