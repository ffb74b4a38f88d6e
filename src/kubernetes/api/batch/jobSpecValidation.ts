// Upstream: validateJobSpec in pkg/apis/batch/validation/validation.go
import type { JobSpec } from '#generated/types/batch.v1.ts';
import { invalidValue, notSupported, required, tooLong } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkDomainPrefixedPath } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { invalidFor, under, validateNotNegative } from '../fieldChecks.ts';
import { validatePodTemplate } from '../podSpecValidation.ts';
import { validatePodFailurePolicy, validateSuccessPolicy } from './jobPolicyValidation.ts';

const managedByLengthMax = 63;
/** What an Indexed job may ask for; with failures counted per index, less of some where it has many completions. */
const indexedParallelismMax = 100_000;
const failedIndexesMax = 100_000;
const completionsSoftMax = 100_000;
const manyCompletionsParallelismMax = 10_000;
const manyCompletionsFailedIndexesMax = 10_000;

const counts = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
] as const;

function validateManagedBy(managedBy: string | undefined): FieldError[] {
  if (managedBy === undefined) return [];
  const errors = invalidFor('managedBy', managedBy, checkDomainPrefixedPath(managedBy));
  if (managedBy.length > managedByLengthMax) errors.push(tooLong('managedBy', managedByLengthMax));
  return errors;
}

function validateManyCompletions({ parallelism = 0, maxFailedIndexes }: JobSpec): FieldError[] {
  const where = `when completions are above ${completionsSoftMax} and used with backoff limit per index`;
  const errors: FieldError[] = [];
  if (maxFailedIndexes === undefined)
    errors.push(
      required('maxFailedIndexes', `must be specified when completions is above ${completionsSoftMax}`),
    );
  for (const [field, value, max] of [
    ['parallelism', parallelism, manyCompletionsParallelismMax],
    ['maxFailedIndexes', maxFailedIndexes ?? 0, manyCompletionsFailedIndexesMax],
  ] as const)
    if (value > max) errors.push(invalidValue(field, value, `must be less than or equal to ${max} ${where}`));
  return errors;
}

function validateIndexed(spec: JobSpec): FieldError[] {
  const { completions, parallelism = 0, maxFailedIndexes = 0, backoffLimitPerIndex } = spec;
  const errors: FieldError[] = [];
  if (completions === undefined) errors.push(required('completions', 'when completion mode is Indexed'));
  if (parallelism > indexedParallelismMax) {
    const why = `must be less than or equal to ${indexedParallelismMax} when completion mode is Indexed`;
    errors.push(invalidValue('parallelism', parallelism, why));
  }
  if (completions !== undefined && maxFailedIndexes > completions)
    errors.push(
      invalidValue('maxFailedIndexes', maxFailedIndexes, 'must be less than or equal to completions'),
    );
  if (maxFailedIndexes > failedIndexesMax) {
    const why = `must be less than or equal to ${failedIndexesMax}`;
    errors.push(invalidValue('maxFailedIndexes', maxFailedIndexes, why));
  }
  if ((completions ?? 0) > completionsSoftMax && backoffLimitPerIndex !== undefined)
    errors.push(...validateManyCompletions(spec));
  return errors;
}

function validateCompletionMode(spec: JobSpec): FieldError[] {
  const { completionMode = 'NonIndexed' } = spec;
  const modes = ['NonIndexed', 'Indexed'];
  if (!modes.includes(completionMode)) return [notSupported('completionMode', completionMode, modes)];
  if (completionMode === 'Indexed') return validateIndexed(spec);
  return (['backoffLimitPerIndex', 'maxFailedIndexes'] as const)
    .filter((field) => spec[field] !== undefined)
    .map((field) => invalidValue(field, spec[field], 'requires indexed completion mode'));
}

function validateReplacementPolicy({
  podReplacementPolicy: policy,
  podFailurePolicy,
}: JobSpec): FieldError[] {
  if (policy === undefined) return [];
  const policies = podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed'];
  return policies.includes(policy) ? [] : [notSupported('podReplacementPolicy', policy, policies)];
}

function validateRestartPolicy({ template, podFailurePolicy }: JobSpec): FieldError[] {
  const field = 'template.spec.restartPolicy';
  const policy = template?.spec?.restartPolicy;
  if (!policy || policy === 'Always') return [required(field, 'valid values: "OnFailure", "Never"')];
  if (policy !== 'OnFailure' && policy !== 'Never')
    return [notSupported(field, policy, ['OnFailure', 'Never'])];
  const why = 'only "Never" is supported when podFailurePolicy is specified';
  return podFailurePolicy && policy !== 'Never' ? [invalidValue(field, policy, why)] : [];
}

/** What is wrong with the spec of a job, in a job or a cron job; its selector apart. Fields are relative to it. */
export function validateJobSpec(spec: JobSpec): FieldError[] {
  const errors = counts.flatMap((field) => validateNotNegative(field, spec[field]));
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined)
    errors.push(required('backoffLimitPerIndex', 'when maxFailedIndexes is specified'));
  errors.push(...validateManagedBy(spec.managedBy), ...validateCompletionMode(spec));
  if (spec.podFailurePolicy)
    errors.push(...under('podFailurePolicy', validatePodFailurePolicy(spec.podFailurePolicy, spec)));
  if (spec.successPolicy && spec.completionMode !== 'Indexed')
    errors.push(invalidValue('successPolicy', spec.successPolicy, 'requires indexed completion mode'));
  else if (spec.successPolicy)
    errors.push(...under('successPolicy', validateSuccessPolicy(spec.successPolicy, spec)));
  return [
    ...errors,
    ...validateReplacementPolicy(spec),
    ...validatePodTemplate(spec.template, 'template'),
    ...validateRestartPolicy(spec),
  ];
}
