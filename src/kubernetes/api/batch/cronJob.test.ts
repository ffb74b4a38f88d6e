import { expect, test } from 'vitest';
import { cells, created, createErrors, stored, updateErrors } from '../testing/kindTable.ts';
import { cronJobs } from './cronJob.ts';

const template = { spec: { containers: [{ name: 'c', image: 'x:1' }], restartPolicy: 'Never' } };
const spec = { schedule: '*/5 * * * *', jobTemplate: { spec: { template } } };

test('defaults', () => {
  const cronJob = created(cronJobs, { spec });
  expect(cronJob.spec).toMatchObject({
    concurrencyPolicy: 'Allow',
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
    jobTemplate: { spec: { template: { spec: { dnsPolicy: 'ClusterFirst' } } } },
  });
  expect(cronJob.status).toEqual({});
  expect(cronJobs.defaults!(cronJob)).toBe(cronJob);
});

test.each<[string, object, string[]]>([
  ['good', {}, []],
  ['no schedule', { schedule: '' }, ['spec.schedule: Required value']],
  [
    'a schedule that is none',
    { schedule: '* * * *' },
    ['spec.schedule: Invalid value: "* * * *": expected exactly 5 fields, found 4: [* * * *]'],
  ],
  [
    'a zone in the schedule',
    { schedule: 'TZ=Europe/Berlin 0 0 * * *' },
    [
      'spec.schedule: Invalid value: "TZ=Europe/Berlin 0 0 * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
    ],
  ],
  ['a zone', { timeZone: 'Europe/Berlin' }, []],
  [
    'no zone of this world',
    { timeZone: 'Mars/Olympus' },
    ['spec.timeZone: Invalid value: "Mars/Olympus": unknown time zone Mars/Olympus'],
  ],
  [
    'a zone without a name',
    { timeZone: '' },
    ['spec.timeZone: Invalid value: "": timeZone must be nil or non-empty string'],
  ],
  [
    'wherever the server stands',
    { timeZone: 'Local' },
    [
      'spec.timeZone: Invalid value: "Local": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
    ],
  ],
  [
    'an unknown policy and numbers below zero',
    { concurrencyPolicy: 'Queue', startingDeadlineSeconds: -1, failedJobsHistoryLimit: -1 },
    [
      'spec.startingDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0',
      'spec.concurrencyPolicy: Unsupported value: "Queue": supported values: "Allow", "Forbid", "Replace"',
      'spec.failedJobsHistoryLimit: Invalid value: -1: must be greater than or equal to 0',
    ],
  ],
  [
    'a selector, and pods that never end',
    {
      jobTemplate: {
        spec: {
          selector: { matchLabels: { a: 'b' } },
          manualSelector: true,
          template: { spec: { containers: template.spec.containers } },
        },
      },
    },
    [
      'spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
      'spec.jobTemplate.spec.selector: Invalid value: {"matchLabels":{"a":"b"}}: `selector` will be auto-generated',
      'spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: "nil", "false"',
    ],
  ],
])('%s', (_name, given, errors) => {
  expect(createErrors(cronJobs, { spec: { ...spec, ...given } })).toEqual(errors);
});

test('a name leaves room for what its jobs are told apart by, but is not asked again', () => {
  const metadata = { name: 'a'.repeat(53) };
  expect(createErrors(cronJobs, { metadata, spec })).toEqual([
    `metadata.name: Invalid value: "${metadata.name}": must be no more than 52 characters`,
  ]);
  expect(updateErrors(cronJobs, { metadata, spec }, { metadata, spec: { ...spec, suspend: true } })).toEqual(
    [],
  );
});

test('a zone in the schedule may stay where it is, with a warning', () => {
  const old = { ...spec, schedule: 'TZ=UTC 0 0 * * *' };
  expect(updateErrors(cronJobs, { spec: old }, { spec: { ...old, suspend: true } })).toEqual([]);
  expect(updateErrors(cronJobs, { spec: old }, { spec: { ...old, timeZone: 'UTC' } })).toEqual([
    'spec.schedule: Invalid value: "TZ=UTC 0 0 * * *": cannot use both timeZone field and TZ or CRON_TZ in schedule',
  ]);
  expect(cronJobs.warnings!(created(cronJobs, { spec: old }))[0]).toMatch(
    /^CRON_TZ or TZ used in spec.schedule/,
  );
});

test('columns', () => {
  const status = { active: [{ name: 'x-1' }], lastScheduleTime: '2026-01-01T00:55:00Z' };
  const cronJob = stored(cronJobs, { spec: { ...spec, timeZone: 'UTC', suspend: true }, status });
  expect(cells(cronJobs, cronJob, true)).toEqual({
    Name: 'x',
    Schedule: '*/5 * * * *',
    Timezone: 'UTC',
    Suspend: 'True',
    Active: 1,
    'Last Schedule': '5m',
    Age: '60m',
    Containers: 'c',
    Images: 'x:1',
    Selector: '<none>',
  });
  expect(cells(cronJobs, created(cronJobs, { spec }))).toMatchObject({
    Timezone: '<none>',
    Suspend: 'False',
    Active: 0,
    'Last Schedule': '<none>',
  });
});
