// Upstream: pkg/apis/batch/{v1/defaults.go,validation/validation.go}, pkg/registry/batch/job/strategy.go
import type { Job, JobSpec } from '#generated/types/batch.v1.ts';
import type { Container, PodTemplateSpec } from '#generated/types/core.v1.ts';
import { invalidValue, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { humanDuration } from '#kubernetes/apimachinery/duration.ts';
import { formatLabelSelector, validateLabelSelector } from '#kubernetes/apimachinery/labels.ts';
import { checkDns1123Label } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { ageColumn, column, containerColumns, nameColumn, wideColumn } from '../columns.ts';
import { under, validateImmutable } from '../fieldChecks.ts';
import { internalTemplate, validateImmutableAs } from '../internalForm.ts';
import type { Kind } from '../kind.ts';
import { defaultPodTemplate } from '../podTemplate.ts';
import { templateWarnings } from '../podWarnings.ts';
import { mapList, withDefaults, withField } from '../sharing.ts';
import { compiledSelector } from '../workloadValidation.ts';
import { validateJobSpec } from './jobSpecValidation.ts';
import { validateJobStatus } from './jobStatusValidation.ts';

export type { Job };

const controllerUidLabel = 'batch.kubernetes.io/controller-uid';
const jobNameLabel = 'batch.kubernetes.io/job-name';
const int32Max = 2 ** 31 - 1;
const backoffLimit = 6;

/** A pattern of a condition without a status means one that holds. */
function defaultFailurePolicy(policy: JobSpec['podFailurePolicy']): JobSpec['podFailurePolicy'] {
  if (policy === undefined) return policy;
  const rules = mapList(policy.rules, (rule) =>
    withField(
      rule,
      'onPodConditions',
      mapList(rule.onPodConditions, (pattern) => withDefaults(pattern, { status: 'True' })),
    ),
  );
  return withField(policy, 'rules', rules);
}

/** What the server fills into what a job says of its pods, also where the job stands in a cron job. */
export function defaultPodsOfJob(spec: JobSpec): JobSpec {
  const next = withField(spec, 'template', defaultPodTemplate(spec.template));
  return withField(next, 'podFailurePolicy', defaultFailurePolicy(spec.podFailurePolicy));
}

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
  return defaultPodsOfJob(next);
}

/** A job selects its pods by labels made from its own uid and name, unless it brings a selector of its own. */
function withGeneratedSelector(job: Job): Job {
  const { spec, metadata } = job;
  if (spec.manualSelector) return job;
  // Labels that are there already are checked, not overwritten.
  const labels = {
    [jobNameLabel]: metadata.name,
    'job-name': metadata.name,
    [controllerUidLabel]: metadata.uid,
    'controller-uid': metadata.uid,
    ...spec.template.metadata?.labels,
  };
  const matchLabels = { [controllerUidLabel]: metadata.uid, ...spec.selector?.matchLabels };
  const template = { ...spec.template, metadata: { ...spec.template.metadata, labels } };
  return { ...job, spec: { ...spec, selector: { ...spec.selector, matchLabels }, template } };
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

/** A selector that the server made names the job's uid, and so do the labels that it selects by. */
function validateGeneratedSelector({ metadata, spec }: Job): FieldError[] {
  if (spec.manualSelector || spec.selector === undefined) return [];
  const labels = spec.template.metadata?.labels ?? {};
  const prefixed = { [controllerUidLabel]: metadata.uid, [jobNameLabel]: metadata.name };
  const expected = { ...prefixed, 'controller-uid': metadata.uid, 'job-name': metadata.name };
  const errors = Object.entries(expected)
    .filter(([key, value]) => labels[key] !== value)
    .map(([key, value]) =>
      invalidValue(`spec.template.metadata.labels[${key}]`, labels, `must be '${value}'`),
    );
  if (!compiledSelector(spec.selector).matches(expected))
    errors.push(invalidValue('spec.selector', spec.selector, '`selector` not auto-generated'));
  return errors;
}

function validateSpec(spec: JobSpec): FieldError[] {
  const { template, selector } = spec;
  const errors = under('spec', validateJobSpec(spec));
  if (selector === undefined) errors.push(required('spec.selector'));
  else errors.push(...validateLabelSelector(selector, 'spec.selector'));
  const labels = template.metadata?.labels;
  if (!compiledSelector(selector).matches(labels)) {
    const why = '`selector` does not match template `labels`';
    errors.push(invalidValue('spec.template.metadata.labels', labels, why));
  }
  return errors;
}

/** The name of an Indexed job's pod must be good for a host name. */
function validateIndexedName({ metadata, spec }: Job): FieldError[] {
  if (spec.completionMode !== 'Indexed' || !spec.completions) return [];
  const host = `${metadata.name}-${spec.completions - 1}`;
  const sentences = checkDns1123Label(host);
  const why = `will not able to create pod with invalid DNS label: ${host}`;
  return sentences.length > 0 ? [invalidValue('metadata.name', metadata.name, why)] : [];
}

/** Containers with the resources of those that shall replace them. */
function withResourcesOf(
  old: readonly Container[] | undefined,
  next: readonly Container[] | undefined,
): readonly Container[] | undefined {
  return old?.map((container, index) => ({ ...container, resources: next?.[index]?.resources ?? {} }));
}

/** `old` with what may change before a suspended job starts: placement, resources, labels and annotations. */
function withOpenFieldsOf(old: PodTemplateSpec, next: PodTemplateSpec): PodTemplateSpec {
  const { nodeSelector, tolerations, schedulingGates, affinity, containers, initContainers } = next.spec!;
  const { nodeAffinity: _, ...otherAffinity } = old.spec!.affinity ?? {};
  const isGone = affinity === undefined && Object.keys(otherAffinity).length === 0;
  const merged = affinity && { ...otherAffinity, ...pick(affinity, 'nodeAffinity') };
  return {
    ...old,
    metadata: { ...old.metadata, ...pick(next.metadata ?? {}, 'labels', 'annotations') },
    spec: {
      ...old.spec!,
      nodeSelector: nodeSelector!,
      tolerations: tolerations!,
      schedulingGates: schedulingGates!,
      affinity: isGone ? affinity! : (merged ?? otherAffinity),
      containers: withResourcesOf(old.spec!.containers, containers)!,
      initContainers: withResourcesOf(old.spec!.initContainers, initContainers)!,
    },
  };
}

/** Some fields of an object, those that are unset as undefined. */
function pick<T extends object, K extends keyof T>(object: T, ...fields: K[]): Pick<T, K> {
  return Object.fromEntries(fields.map((field) => [field, object[field]])) as Pick<T, K>;
}

/** Only while a job is suspended and has never started is its template still open. */
function validateTemplateUpdate({ spec }: Job, old: Job): FieldError[] {
  const isOpen = old.spec.suspend && old.status.startTime === undefined && spec.template.spec !== undefined;
  const before = isOpen ? withOpenFieldsOf(old.spec.template, spec.template) : old.spec.template;
  return deepEqual(spec.template, before)
    ? []
    : [invalidValue('spec.template', internalTemplate(spec.template), 'field is immutable')];
}

function validateCompletionsUpdate({ spec }: Job, { spec: old }: Job): FieldError[] {
  const field = 'spec.completions';
  if (spec.completionMode !== 'Indexed') return validateImmutable(field, spec.completions, old.completions);
  if (spec.completions === old.completions || spec.completions === undefined) return [];
  const why = 'can only be modified in tandem with spec.parallelism';
  return spec.completions === spec.parallelism ? [] : [invalidValue(field, spec.completions, why)];
}

/** What never changes, and the definition of what is an object. */
const immutable = [
  ['completionMode'],
  ['podFailurePolicy', 'batch.v1.PodFailurePolicy'],
  ['backoffLimitPerIndex'],
  ['managedBy'],
  ['successPolicy', 'batch.v1.SuccessPolicy'],
] as const;

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

  validate: ({ spec }) => validateSpec(spec),
  validateNew: (job) => [...validateGeneratedSelector(job), ...validateIndexedName(job)],

  validateUpdate: (job, old) => [
    ...validateCompletionsUpdate(job, old),
    ...validateImmutable('spec.selector', job.spec.selector, old.spec.selector),
    ...validateTemplateUpdate(job, old),
    ...immutable.flatMap(([field, type]) =>
      type === undefined
        ? validateImmutable(`spec.${field}`, job.spec[field], old.spec[field])
        : validateImmutableAs(type, `spec.${field}`, job.spec[field], old.spec[field]),
    ),
  ],
  validateStatusUpdate: validateJobStatus,

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
