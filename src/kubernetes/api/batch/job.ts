// Upstream: pkg/apis/batch/{v1/defaults.go,validation/validation.go}, pkg/registry/batch/job/strategy.go
import type { Job, JobSpec } from '#generated/types/batch.v1.ts';
import { invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { humanDuration } from '#kubernetes/apimachinery/duration.ts';
import { formatLabelSelector, validateLabelSelector } from '#kubernetes/apimachinery/labels.ts';
import { checkDns1123Label } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { ageColumn, column, containerColumns, nameColumn, wideColumn } from '../columns.ts';
import { invalidFor, validateImmutable, validateNotNegative } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { validatePodTemplate } from '../podSpecValidation.ts';
import { defaultPodTemplate } from '../podTemplate.ts';
import { templateWarnings } from '../podWarnings.ts';
import { withDefaults, withField } from '../sharing.ts';
import { compiledSelector } from '../workloadValidation.ts';

export type { Job };

const controllerUidLabel = 'batch.kubernetes.io/controller-uid';
const jobNameLabel = 'batch.kubernetes.io/job-name';
const int32Max = 2 ** 31 - 1;
const backoffLimit = 6;

function defaultSpec(spec: JobSpec): JobSpec {
  const isSingle = spec.completions === undefined && spec.parallelism === undefined;
  const next = withDefaults(spec, {
    parallelism: 1,
    ...(isSingle && { completions: 1 }),
    backoffLimit: spec.backoffLimitPerIndex === undefined ? backoffLimit : int32Max,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed',
    manualSelector: false,
  });
  return withField(next, 'template', defaultPodTemplate(next.template));
}

/** A job selects its pods by labels made from its own uid and name, unless it brings a selector. */
function withGeneratedSelector(job: Job): Job {
  const { spec, metadata } = job;
  if (spec.manualSelector) return job;
  const labels = {
    ...spec.template.metadata?.labels,
    [jobNameLabel]: metadata.name,
    'job-name': metadata.name,
    [controllerUidLabel]: metadata.uid,
    'controller-uid': metadata.uid,
  };
  const selector = spec.selector ?? { matchLabels: { [controllerUidLabel]: metadata.uid } };
  const template = { ...spec.template, metadata: { ...spec.template.metadata, labels } };
  return { ...job, spec: { ...spec, selector, template } };
}

function hasCondition({ status }: Job, type: string): boolean {
  return status.conditions?.some((entry) => entry.type === type && entry.status === 'True') ?? false;
}

/** True when the job is Complete or Failed: it will start no more pods. */
export function isJobFinished(job: Job): boolean {
  return hasCondition(job, 'Complete') || hasCondition(job, 'Failed');
}

function formatStatus(job: Job): string {
  if (hasCondition(job, 'Complete')) return 'Complete';
  if (hasCondition(job, 'Failed')) return 'Failed';
  if (job.metadata.deletionTimestamp !== undefined) return 'Terminating';
  for (const type of ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'])
    if (hasCondition(job, type)) return type;
  return 'Running';
}

function formatCompletions({ spec, status }: Job): string {
  const succeeded = status.succeeded ?? 0;
  if (spec.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const parallelism = spec.parallelism ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function formatDuration({ status }: Job, nowMs: number): string {
  if (status.startTime === undefined) return '';
  const endMs = status.completionTime === undefined ? nowMs : Date.parse(status.completionTime);
  return humanDuration(endMs - Date.parse(status.startTime));
}

const counts = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
] as const;

function validateCompletionMode({ completionMode, completions }: JobSpec): FieldError[] {
  const modes = ['NonIndexed', 'Indexed'];
  if (completionMode !== undefined && !modes.includes(completionMode))
    return [notSupported('spec.completionMode', completionMode, modes)];
  return completionMode === 'Indexed' && completions === undefined
    ? [required('spec.completions', 'when completion mode is Indexed')]
    : [];
}

function validateSpec(spec: JobSpec): FieldError[] {
  const { template, selector, podReplacementPolicy } = spec;
  const policies = ['Failed', 'TerminatingOrFailed'];
  const errors = [
    ...counts.flatMap((field) => validateNotNegative(`spec.${field}`, spec[field])),
    ...validateCompletionMode(spec),
  ];
  if (podReplacementPolicy !== undefined && !policies.includes(podReplacementPolicy))
    errors.push(notSupported('spec.podReplacementPolicy', podReplacementPolicy, policies));
  errors.push(...validatePodTemplate(template, 'spec.template'));
  const policy = template.spec?.restartPolicy;
  if (policy !== 'OnFailure' && policy !== 'Never')
    errors.push(required('spec.template.spec.restartPolicy', 'valid values: "OnFailure", "Never"'));
  if (selector === undefined) errors.push(required('spec.selector'));
  else errors.push(...validateLabelSelector(selector, 'spec.selector'));
  const labels = template.metadata?.labels;
  if (!compiledSelector(selector).matches(labels))
    errors.push(
      invalidValue(
        'spec.template.metadata.labels',
        labels ?? {},
        '`selector` does not match template `labels`',
      ),
    );
  return errors;
}

/** The template may change only while the job is suspended and has not started: its placement is still open. */
function validateTemplateUpdate({ spec }: Job, old: Job): FieldError[] {
  if (old.spec.suspend && old.status.startTime === undefined) return [];
  return validateImmutable('spec.template', spec.template, old.spec.template);
}

export const jobs: Kind<Job> = {
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  singular: 'job',
  shortNames: [],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.batch.v1.Job',
  hasStatus: true,

  defaults: (job) => withField(job, 'spec', defaultSpec(job.spec)),

  /** The uid must be there already: the generated selector is made of it. */
  prepareForCreate(job) {
    const { spec, ...rest } = withGeneratedSelector(job);
    const hasLabels = Object.keys(job.metadata.labels ?? {}).length > 0;
    const labels = hasLabels ? job.metadata.labels : spec.template.metadata?.labels;
    return { ...rest, metadata: { ...rest.metadata, ...(labels && { labels }) }, spec, status: {} };
  },

  validate: ({ metadata, spec }) => [
    ...(spec.completionMode === 'Indexed'
      ? invalidFor('metadata.name', metadata.name, checkDns1123Label(metadata.name))
      : []),
    ...validateSpec(spec),
  ],

  validateUpdate: (job, old) => [
    ...(job.spec.completionMode === 'Indexed' && job.spec.completions === job.spec.parallelism
      ? []
      : validateImmutable('spec.completions', job.spec.completions, old.spec.completions)),
    ...validateImmutable('spec.selector', job.spec.selector, old.spec.selector),
    ...validateTemplateUpdate(job, old),
    ...validateImmutable('spec.completionMode', job.spec.completionMode, old.spec.completionMode),
    ...validateImmutable('spec.podFailurePolicy', job.spec.podFailurePolicy, old.spec.podFailurePolicy),
  ],

  validateStatusUpdate: ({ status }) =>
    (['active', 'succeeded', 'failed'] as const).flatMap((field) =>
      validateNotNegative(`status.${field}`, status[field]),
    ),

  warnings: ({ metadata, spec }) => templateWarnings(metadata.name, spec.template),

  selectableFields: ['status.successful'],
  fieldValue: ({ status }) => String(status.succeeded ?? 0),

  columns: [
    nameColumn,
    column('Status', formatStatus),
    column('Completions', formatCompletions),
    column('Duration', formatDuration),
    ageColumn,
    ...containerColumns<Job>(({ spec }) => spec.template.spec),
    wideColumn('Selector', ({ spec }) => formatLabelSelector(spec.selector)),
  ],
};
