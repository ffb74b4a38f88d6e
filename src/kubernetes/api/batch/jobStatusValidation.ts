// Upstream: ValidateJobStatusUpdate in pkg/apis/batch/validation/validation.go, getStatusValidationOptions in
// pkg/registry/batch/job/strategy.go
import type { Job, JobStatus } from '#generated/types/batch.v1.ts';
import { duplicate, invalidValue, invalidWhole, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { type FieldError, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { validateNotNegative } from '../fieldChecks.ts';
import { parseIndexes } from './indexes.ts';

const counts = ['active', 'succeeded', 'failed', 'ready', 'terminating'] as const;
const conditionsField = 'status.conditions';

function isTrue({ conditions = [] }: JobStatus, type: string): boolean {
  return conditions.some((condition) => condition.type === type && condition.status === 'True');
}

function validateUncounted({ uncountedTerminatedPods = {} }: JobStatus): FieldError[] {
  const seen = new Set<string>();
  return (['succeeded', 'failed'] as const).flatMap((list) =>
    (uncountedTerminatedPods[list] ?? []).flatMap((uid, index) => {
      const field = `status.uncountedTerminatedPods.${list}[${index}]`;
      if (uid === '') return [invalidValue(field, uid, 'must not be empty')];
      if (seen.has(uid)) return [duplicate(field, uid)];
      seen.add(uid);
      return [];
    }),
  );
}

/** Conditions that exclude each other, or need another one. */
function validateConditionPairs({ status, spec }: Job): FieldError[] {
  const errors: FieldError[] = [];
  const [complete, failed] = [isTrue(status, 'Complete'), isTrue(status, 'Failed')];
  const [criteriaMet, target] = [isTrue(status, 'SuccessCriteriaMet'), isTrue(status, 'FailureTarget')];
  const refuse = (when: boolean, why: string) => {
    if (when) errors.push(invalidWhole(conditionsField, why));
  };
  refuse(complete && failed, 'cannot set Complete=True and Failed=true conditions');
  refuse(complete && target, 'cannot set Complete=True and FailureTarget=true conditions');
  refuse(criteriaMet && failed, 'cannot set SuccessCriteriaMet=True and Failed=true conditions');
  refuse(criteriaMet && target, 'cannot set SuccessCriteriaMet=True and FailureTarget=true conditions');
  refuse(
    spec.successPolicy !== undefined && !criteriaMet && complete,
    'cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True',
  );
  return errors;
}

function validateTimes({ status }: Job): FieldError[] {
  const { startTime, completionTime } = status;
  const field = 'status.completionTime';
  const complete = isTrue(status, 'Complete');
  const errors: FieldError[] = [];
  if (completionTime !== undefined && !complete) {
    const why = 'cannot set completionTime when there is no Complete=True condition';
    errors.push(invalidValue(field, completionTime, why));
  }
  if (completionTime === undefined && complete)
    errors.push(required(field, 'completionTime is required for Complete jobs'));
  if (startTime !== undefined && completionTime !== undefined && completionTime < startTime)
    errors.push(invalidValue(field, completionTime, 'completionTime cannot be set before startTime'));
  return errors;
}

function validateFinished({ status }: Job): FieldError[] {
  if (!isTrue(status, 'Complete') && !isTrue(status, 'Failed')) return [];
  const { active = 0, startTime, terminating = 0, uncountedTerminatedPods: uncounted } = status;
  const errors: FieldError[] = [];
  if (active > 0) errors.push(invalidValue('status.active', active, 'active>0 is invalid for finished job'));
  if (startTime === undefined)
    errors.push(required('status.startTime', 'startTime is required for finished job'));
  if (uncounted && (uncounted.failed?.length ?? 0) + (uncounted.succeeded?.length ?? 0) > 0) {
    const why = 'uncountedTerminatedPods needs to be empty for finished job';
    errors.push(invalidValue('status.uncountedTerminatedPods', uncounted, why));
  }
  if (terminating > 0)
    errors.push(invalidValue('status.terminating', terminating, 'terminating>0 is invalid for finished job'));
  return errors;
}

type Intervals = ReturnType<typeof parseIndexes>;

/** The intervals of one of the status' lists; what cannot be read is reported. */
function readIndexes(
  field: 'completedIndexes' | 'failedIndexes',
  text: string,
  completions: number,
  errors: FieldError[],
): Intervals {
  try {
    return parseIndexes(text, completions);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    errors.push(invalidValue(`status.${field}`, text, `error parsing ${field}: ${error.message}`));
    return [];
  }
}

function validateIndexes({ spec, status }: Job): FieldError[] {
  const { completedIndexes = '', failedIndexes } = status;
  const errors: FieldError[] = [];
  if (spec.completions !== undefined) {
    const completed = readIndexes('completedIndexes', completedIndexes, spec.completions, errors);
    const failed = readIndexes('failedIndexes', failedIndexes ?? '', spec.completions, errors);
    const both = failed.find(([a, b]) => completed.some(([c, d]) => a <= d && c <= b));
    if (both !== undefined) {
      const [first] = completed.find(([c, d]) => both[0] <= d && c <= both[1])!;
      const why = `failedIndexes and completedIndexes overlap at index: ${Math.max(first, both[0])}`;
      errors.push(invalidValue('status.failedIndexes', failedIndexes, why));
    }
  }
  if (completedIndexes !== '' && spec.completionMode !== 'Indexed') {
    const why = 'cannot set non-empty completedIndexes when non-indexed completion mode';
    errors.push(invalidValue('status.completedIndexes', completedIndexes, why));
  }
  if (spec.backoffLimitPerIndex === undefined && failedIndexes !== undefined) {
    const why = 'cannot set non-null failedIndexes when backoffLimitPerIndex is null';
    errors.push(invalidValue('status.failedIndexes', failedIndexes, why));
  }
  return errors;
}

/** What was reached stays reached. */
function validateProgress({ spec, status }: Job, { status: old }: Job): FieldError[] {
  const errors: FieldError[] = [];
  for (const type of ['Failed', 'Complete', 'FailureTarget'])
    if (isTrue(old, type) && !isTrue(status, type))
      errors.push(invalidWhole(conditionsField, `cannot disable the terminal ${type}=True condition`));
  // A job that can be made smaller, as many at once as in all, may lose what it had reached.
  const isElastic = spec.completionMode === 'Indexed' && spec.completions === spec.parallelism;
  for (const field of isElastic ? (['failed'] as const) : (['failed', 'succeeded'] as const))
    if ((status[field] ?? 0) < (old[field] ?? 0))
      errors.push(
        invalidValue(`status.${field}`, status[field] ?? 0, `cannot decrease the ${field} counter`),
      );
  const { completionTime, startTime } = status;
  if (completionTime && old.completionTime && completionTime !== old.completionTime)
    errors.push(invalidValue('status.completionTime', completionTime, 'completionTime cannot be mutated'));
  if (old.startTime !== undefined && old.startTime !== startTime && !spec.suspend)
    errors.push(required('status.startTime', 'startTime cannot be removed for unsuspended job'));
  if (isTrue(old, 'SuccessCriteriaMet') && !isTrue(status, 'SuccessCriteriaMet'))
    errors.push(invalidWhole(conditionsField, 'cannot disable the SuccessCriteriaMet=True condition'));
  return errors;
}

/** What the status of a job may not say; each rule only where the update changes what it is about. */
export function validateJobStatus(job: Job, old: Job): FieldError[] {
  const { status } = job;
  const errors = [
    ...counts.flatMap((field) => validateNotNegative(`status.${field}`, status[field])),
    ...validateUncounted(status),
    ...validateConditionPairs(job),
    ...validateTimes(job),
    ...validateFinished(job),
    ...validateIndexes(job),
  ];
  const { ready = 0, active = 0 } = status;
  if (ready > active)
    errors.push(invalidValue('status.ready', ready, 'cannot set more ready pods than active'));
  return deepEqual(status, old.status) ? [] : [...errors, ...validateProgress(job, old)];
}
