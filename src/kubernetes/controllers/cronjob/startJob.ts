// Upstream: pkg/controller/cronjob/{cronjob_controllerv2,utils}.go, the starting of jobs
import type { CronJob, Job } from '#generated/types/batch.v1.ts';
import { jobs } from '#kubernetes/api/batch/job.ts';
import { parseCron } from '#kubernetes/apimachinery/cron.ts';
import type { New } from '#kubernetes/api/object.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import { offsetAt, timeZone, type TimeZone, wallClock } from '#kubernetes/apimachinery/timeZone.ts';
import { controllerRefTo, isControlledBy } from '../controllerRef.ts';
import { isNamespaceTerminating } from '../podControl.ts';
import { type CronJobSync, deleteJob, isActive } from './cronJobSync.ts';
import { dueStart, InvalidSchedule, type Timetable, untilNextStartMs } from './scheduleTimes.ts';

const scheduledAnnotation = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

/** Starts the job that is due, if one is and may. Returns ms until the next look, null for never. */
export function startDueJob(sync: CronJobSync): number | null {
  const { room, cronJob } = sync;
  const { nowMs } = room.simulation;
  const timetable = readTimetable(sync);
  if (timetable === null) return null;
  try {
    const { dueMs, manyMissed } = dueStart(withStatus(sync), timetable, nowMs);
    if (manyMissed) {
      const message =
        'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew';
      room.recorder.event(cronJob, 'Warning', 'TooManyMissedTimes', message);
    }
    if (dueMs !== null && mayStart(sync, dueMs) && makeWay(sync)) start(sync, dueMs, timetable.zone);
    return untilNextStartMs(withStatus(sync), timetable, nowMs);
  } catch (error) {
    if (!(error instanceof InvalidSchedule)) throw error;
    const message = `invalid schedule: ${cronJob.spec.schedule} : ${error.message}`;
    room.recorder.event(cronJob, 'Warning', 'InvalidSchedule', message);
    return null;
  }
}

function withStatus({ cronJob, status }: CronJobSync): CronJob {
  return status === cronJob.status ? cronJob : { ...cronJob, status };
}

/** The schedule with its zone; null, told as an Event, where one of the two cannot be read. */
function readTimetable({ room, cronJob }: CronJobSync): Timetable | null {
  const { schedule, timeZone: name = '' } = cronJob.spec;
  const read = <T>(what: () => T, reason: string, tell: (why: string) => string): T | null => {
    try {
      return what();
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      room.recorder.event(cronJob, 'Warning', reason, tell(error.message));
      return null;
    }
  };
  const zone = read(
    () => timeZone(name),
    'UnknownTimeZone',
    (why) => `invalid timeZone: ${JSON.stringify(name)}: ${why}`,
  );
  if (zone === null) return null;
  const parsed = read(
    () => parseCron(schedule),
    'UnparseableSchedule',
    (why) => `unparseable schedule: ${JSON.stringify(schedule)} : ${why}`,
  );
  return parsed === null ? null : { schedule: parsed, zone };
}

/** Whether the start is still in time, not made already, and not held back by the one before it. */
function mayStart(sync: CronJobSync, dueMs: number): boolean {
  const { room, cronJob, status } = sync;
  const { startingDeadlineSeconds, concurrencyPolicy } = cronJob.spec;
  const { nowMs } = room.simulation;
  if (startingDeadlineSeconds !== undefined && dueMs + startingDeadlineSeconds * 1000 < nowMs) {
    const time = new Date(dueMs).toUTCString().replace('GMT', '+0000');
    const message = `Missed scheduled time to start a job: ${time}`;
    room.recorder.event(cronJob, 'Warning', 'MissSchedule', message);
    return false;
  }
  const name = jobName(cronJob, dueMs);
  if (status.active?.some((reference) => reference.name === name)) return false;
  if (status.lastScheduleTime !== undefined && Date.parse(status.lastScheduleTime) === dueMs) return false;
  if (concurrencyPolicy !== 'Forbid' || (status.active ?? []).length === 0) return true;
  const message = 'Not starting job because prior execution is running and concurrency policy is Forbid';
  room.recorder.event(cronJob, 'Normal', 'JobAlreadyActive', message);
  return false;
}

/** With the policy Replace, what runs is deleted first. Returns whether the way is free. */
function makeWay(sync: CronJobSync): boolean {
  if (sync.cronJob.spec.concurrencyPolicy !== 'Replace') return true;
  return [...(sync.status.active ?? [])].every(({ name = '', uid = '' }) => deleteJob(sync, name, uid));
}

/** The name of the job of one start: that it was made is seen by its name. */
function jobName({ metadata }: CronJob, dueMs: number): string {
  return `${metadata.name}-${Math.floor(dueMs / 60_000)}`;
}

function jobOf(cronJob: CronJob, dueMs: number, zone: TimeZone): New<Job> {
  const { metadata: template, spec } = cronJob.spec.jobTemplate;
  const { namespace } = cronJob.metadata;
  return {
    metadata: {
      name: jobName(cronJob, dueMs),
      ...(namespace !== undefined && { namespace }),
      ...(template?.labels && { labels: template.labels }),
      annotations: { ...template?.annotations, [scheduledAnnotation]: formatInZone(dueMs, zone) },
      ownerReferences: [controllerRefTo(cronJob)],
    },
    spec: spec!,
  };
}

/** RFC 3339 by a zone's wall clock: `2026-01-01T09:00:00+01:00`. */
function formatInZone(ms: number, zone: TimeZone): string {
  const minutes = offsetAt(zone, ms);
  if (minutes === 0) return formatTime(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  const offset = `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  return formatTime(wallClock(zone, ms)).replace('Z', offset);
}

function start(sync: CronJobSync, dueMs: number, zone: TimeZone): void {
  const { room, cronJob } = sync;
  const wanted = jobOf(cronJob, dueMs, zone);
  let job: Job;
  try {
    job = room.client.create(jobs, wanted);
    room.recorder.event(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${job.metadata.name}`);
  } catch (error) {
    if (isNamespaceTerminating(error)) return;
    if (!(error instanceof StatusError)) throw error;
    if (error.reason !== 'AlreadyExists') {
      const message = `Error creating job: ${error.message}`;
      room.recorder.event(cronJob, 'Warning', 'FailedCreate', message);
      throw error;
    }
    // A job of this name was made before its being made was written: it is taken up, unless it is another's.
    job = room.client.get(jobs, cronJob.metadata.namespace ?? '', wanted.metadata.name!);
    if (!isControlledBy(job, cronJob) || isActive(sync, job.metadata.uid)) return;
  }
  const { namespace, name, uid, resourceVersion } = job.metadata;
  const reference = {
    kind: 'Job',
    ...(namespace !== undefined && { namespace }),
    name,
    uid,
    apiVersion: 'batch/v1',
    ...(resourceVersion !== undefined && { resourceVersion }),
  };
  sync.status = {
    ...sync.status,
    active: [...(sync.status.active ?? []), reference],
    lastScheduleTime: formatTime(dueMs),
  };
}
