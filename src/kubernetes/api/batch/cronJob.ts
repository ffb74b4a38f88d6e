// Upstream: pkg/apis/batch/{v1/defaults.go,validation/validation.go}, pkg/registry/batch/cronjob/strategy.go
import type { CronJob, CronJobSpec, JobTemplateSpec } from '#generated/types/batch.v1.ts';
import { parseCron } from '#kubernetes/apimachinery/cron.ts';
import { invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { formatLabelSelector } from '#kubernetes/apimachinery/labels.ts';
import { type FieldError, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { timeZone } from '#kubernetes/apimachinery/timeZone.ts';
import { age } from '../age.ts';
import { ageColumn, column, containerColumns, nameColumn, wideColumn } from '../columns.ts';
import { under, validateEnum, validateNotNegative } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { podSpecWarnings } from '../podWarnings.ts';
import { withDefaults, withField } from '../sharing.ts';
import { defaultPodsOfJob } from './job.ts';
import { validateJobSpec } from './jobSpecValidation.ts';

export type { CronJob };

/** The controller appends 11 characters to the name, and a job's name may have 63. */
const nameLengthMax = 52;

function defaultSpec(spec: CronJobSpec): CronJobSpec {
  const next = withDefaults(spec, {
    concurrencyPolicy: 'Allow',
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  });
  const template: JobTemplateSpec = next.jobTemplate ?? {};
  // The rest of a job's defaults comes when the job is made.
  const jobSpec = defaultPodsOfJob(template.spec ?? { template: {} });
  return withField(next, 'jobTemplate', withField(template, 'spec', jobSpec));
}

/** The sentence that `read` throws, undefined when it does not. */
function refusal(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof StatusError) return error.message;
    throw error;
  }
}

/** `mayHaveZone` is true where the schedule that is replaced has a zone in it, from a time when that was let pass. */
function validateSchedule({ schedule, timeZone: zone }: CronJobSpec, mayHaveZone: boolean): FieldError[] {
  const field = 'spec.schedule';
  if (!schedule) return [required(field)];
  const why = refusal(() => parseCron(schedule));
  const errors = why === undefined ? [] : [invalidValue(field, schedule, why)];
  if (!schedule.includes('TZ')) return errors;
  if (!mayHaveZone) {
    const sentence = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead';
    errors.push(invalidValue(field, schedule, sentence));
  } else if (zone !== undefined) {
    const sentence = 'cannot use both timeZone field and TZ or CRON_TZ in schedule';
    errors.push(invalidValue(field, schedule, sentence));
  }
  return errors;
}

function validateTimeZone(zone: string | undefined): FieldError[] {
  const field = 'spec.timeZone';
  if (zone === undefined) return [];
  if (zone === '') return [invalidValue(field, zone, 'timeZone must be nil or non-empty string')];
  const isName = zone
    .split('/')
    .every((part) => /^[A-Za-z.\-_0-9+]{1,14}$/.test(part) && !/^(\.{1,2}$|-)/.test(part));
  if (!isName) return [invalidValue(field, zone, `unknown time zone ${zone}`)];
  const errors: FieldError[] = [];
  if (zone.toLowerCase() === 'local') {
    const why = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
    errors.push(invalidValue(field, zone, why));
  }
  const why = zone === 'Local' ? undefined : refusal(() => timeZone(zone));
  return why === undefined ? errors : [...errors, invalidValue(field, zone, why)];
}

function validateJobTemplate({ spec }: JobTemplateSpec): FieldError[] {
  const errors = validateJobSpec(spec!);
  // The job's own creation makes the selector.
  if (spec?.selector)
    errors.push(invalidValue('selector', spec.selector, '`selector` will be auto-generated'));
  if (spec?.manualSelector) errors.push(notSupported('manualSelector', true, ['nil', 'false']));
  return under('spec.jobTemplate.spec', errors);
}

function validateSpec(spec: CronJobSpec, old?: CronJobSpec): FieldError[] {
  return [
    ...validateSchedule(spec, old?.schedule.includes('TZ') ?? false),
    ...validateNotNegative('spec.startingDeadlineSeconds', spec.startingDeadlineSeconds),
    ...(old === undefined || old.timeZone !== spec.timeZone ? validateTimeZone(spec.timeZone) : []),
    ...validateEnum('spec.concurrencyPolicy', spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace']),
    ...validateJobTemplate(spec.jobTemplate),
    ...validateNotNegative('spec.successfulJobsHistoryLimit', spec.successfulJobsHistoryLimit),
    ...validateNotNegative('spec.failedJobsHistoryLimit', spec.failedJobsHistoryLimit),
  ];
}

function formatSuspend({ spec }: CronJob): string {
  return spec.suspend === undefined ? '<unset>' : spec.suspend ? 'True' : 'False';
}

export const cronJobs: Kind<CronJob> = {
  group: 'batch',
  version: 'v1',
  kind: 'CronJob',
  plural: 'cronjobs',
  singular: 'cronjob',
  shortNames: ['cj'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.batch.v1.CronJob',
  hasStatus: true,

  defaults: (cronJob) => withField(cronJob, 'spec', defaultSpec(cronJob.spec)),
  prepareForCreate: (cronJob) => ({ ...cronJob, status: {} }),

  validateNew: ({ metadata, spec }) => [
    ...validateSpec(spec),
    ...(metadata.name.length > nameLengthMax
      ? [invalidValue('metadata.name', metadata.name, `must be no more than ${nameLengthMax} characters`)]
      : []),
  ],
  validateUpdate: ({ spec }, old) => validateSpec(spec, old.spec),

  warnings: ({ spec }) => [
    ...(spec.schedule.includes('TZ') ? [zoneInScheduleWarning] : []),
    ...podSpecWarnings('spec.jobTemplate.spec.template.spec', spec.jobTemplate.spec?.template.spec),
  ],

  columns: [
    nameColumn,
    column('Schedule', ({ spec }) => spec.schedule),
    column('Timezone', ({ spec }) => spec.timeZone ?? '<none>'),
    column('Suspend', formatSuspend, 'boolean'),
    column('Active', ({ status }) => status.active?.length ?? 0, 'integer'),
    column('Last Schedule', ({ status }, nowMs) =>
      status.lastScheduleTime === undefined ? '<none>' : age(status.lastScheduleTime, nowMs),
    ),
    ageColumn,
    ...containerColumns<CronJob>(({ spec }) => spec.jobTemplate.spec?.template.spec),
    wideColumn('Selector', ({ spec }) => formatLabelSelector(spec.jobTemplate.spec?.selector)),
  ],
};

const zoneInScheduleWarning =
  'CRON_TZ or TZ used in spec.schedule is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details';
