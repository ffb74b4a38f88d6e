import { expect, test } from 'vitest';
import type { CronJob, Job } from '#generated/types/batch.v1.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { CronJobSync } from './cronJobSync.ts';
import { observeJobs } from './observeJobs.ts';
import { startDueJob } from './startJob.ts';

type Policy = 'Allow' | 'Forbid' | 'Replace';

/** A CronJob of every full hour, at a time of day; created at 8:59, or at 9:59 where it never ran. */
interface Given {
  readonly policy?: Policy;
  /** In seconds: `startingDeadlineSeconds`. */
  readonly deadline?: number;
  readonly now: string;
  /** The job of 9:00, if there was one, and whether it has ended. */
  readonly ran?: 'done' | 'active';
  readonly daysLater?: number;
}

const at = (time: string) => `2016-05-19T${time}Z`;

function syncOf({ policy = 'Allow', deadline, now, ran, daysLater = 0 }: Given) {
  const done: string[] = [];
  const job = {
    metadata: { name: 'tick-of-nine', uid: '1234', namespace: 'default' },
    status:
      ran === 'done'
        ? { completionTime: at('09:01:10'), conditions: [{ type: 'Complete', status: 'True' }] }
        : {},
  } as unknown as Job;
  const cronJob = {
    metadata: {
      name: 'tick',
      namespace: 'default',
      uid: 'c',
      creationTimestamp: at(ran ? '08:59:00' : '09:59:00'),
    },
    spec: {
      schedule: '0 * * * ?',
      concurrencyPolicy: policy,
      ...(deadline !== undefined && { startingDeadlineSeconds: deadline }),
      jobTemplate: { spec: {} },
    },
    status: {
      ...(ran && { lastScheduleTime: at('09:01:00') }),
      ...(ran === 'active' && { active: [{ name: 'tick-of-nine', uid: '1234', namespace: 'default' }] }),
    },
  } as unknown as CronJob;
  const client = {
    create: (_kind: unknown, made: Job) => {
      done.push('create');
      return { ...made, metadata: { ...made.metadata, uid: 'new' } };
    },
    delete: () => done.push('delete'),
    get: () => {
      throw new StatusError('NotFound', 'not found');
    },
  };
  const recorder = {
    event: (_object: unknown, type: string, reason: string) => {
      if (type === 'Warning') done.push(reason);
    },
  };
  const nowMs = Date.parse(at(now)) + daysLater * 86_400_000;
  const room = { client, recorder, simulation: { nowMs } };
  const sync = { room, cronJob, jobs: ran ? [job] : [], status: cronJob.status } as unknown as CronJobSync;
  return { sync, done, nowMs };
}

const before = '09:59:00';
const after = '10:01:00';
const [short, medium, long] = [10, 2 * 60 * 60, 1_000_000];
const created = ['create'];
const week = { now: after, daysLater: 7 };

// Facts from upstream's TestControllerV2SyncCronJob: what is done, and how many jobs are active then.
test.each<[string, Given, string[], number]>([
  ['never ran, not time, A', { now: before }, [], 0],
  ['never ran, not time, F', { policy: 'Forbid', now: before }, [], 0],
  ['never ran, not time, R', { policy: 'Replace', now: before }, [], 0],
  ['never ran, is time, A', { now: after }, created, 1],
  ['never ran, is time, F', { policy: 'Forbid', now: after }, created, 1],
  ['never ran, is time, R', { policy: 'Replace', now: after }, created, 1],
  ['never ran, is time, past deadline', { deadline: short, now: '10:12:00' }, [], 0],
  ['never ran, is time, not past deadline', { deadline: long, now: after }, created, 1],
  ['prev ran but done, not time, A', { ran: 'done', now: before }, [], 0],
  ['prev ran but done, not time, F', { ran: 'done', policy: 'Forbid', now: before }, [], 0],
  ['prev ran but done, not time, R', { ran: 'done', policy: 'Replace', now: before }, [], 0],
  ['prev ran but done, is time, A', { ran: 'done', now: after }, created, 1],
  ['prev ran but done, is time, F', { ran: 'done', policy: 'Forbid', now: after }, created, 1],
  ['prev ran but done, is time, R', { ran: 'done', policy: 'Replace', now: after }, created, 1],
  ['prev ran but done, is time, past deadline', { ran: 'done', deadline: short, now: after }, [], 0],
  ['prev ran but done, is time, not past deadline', { ran: 'done', deadline: long, now: after }, created, 1],
  ['still active, not time, A', { ran: 'active', now: before }, [], 1],
  ['still active, not time, F', { ran: 'active', policy: 'Forbid', now: before }, [], 1],
  ['still active, not time, R', { ran: 'active', policy: 'Replace', now: before }, [], 1],
  ['still active, is time, A', { ran: 'active', now: after }, created, 2],
  ['still active, is time, F', { ran: 'active', policy: 'Forbid', now: after }, [], 1],
  ['still active, is time, R', { ran: 'active', policy: 'Replace', now: after }, ['delete', 'create'], 1],
  ['still active, is time, past deadline', { ran: 'active', deadline: short, now: after }, [], 1],
  ['still active, is time, not past deadline', { ran: 'active', deadline: long, now: after }, created, 2],
  [
    'long overdue, not past deadline',
    { ran: 'done', deadline: long, ...week },
    ['TooManyMissedTimes', 'create'],
    1,
  ],
  ['long overdue, no deadline', { ran: 'done', ...week }, ['TooManyMissedTimes', 'create'], 1],
  [
    'long overdue, no deadline, F',
    { ran: 'done', policy: 'Forbid', ...week },
    ['TooManyMissedTimes', 'create'],
    1,
  ],
  ['long overdue, past medium deadline', { ran: 'done', deadline: medium, ...week }, created, 1],
  [
    'long overdue, past medium deadline, R',
    { ran: 'done', policy: 'Replace', deadline: medium, ...week },
    created,
    1,
  ],
])('%s', (_what, given, wanted, active) => {
  const { sync, done, nowMs } = syncOf(given);
  observeJobs(sync);
  const waitMs = startDueJob(sync);
  expect(done).toEqual(wanted);
  expect(sync.status.active ?? []).toHaveLength(active);
  // It looks again when the next full hour is over by a little.
  const hourMs = 3_600_000;
  expect(waitMs).toBe(Math.floor(nowMs / hourMs) * hourMs + hourMs + 100 - nowMs);
  if (given.ran === 'done') expect(sync.status.lastSuccessfulTime).toBe(at('09:01:10'));
});
