// Upstream: ValidateDaemonSetUpdateStrategy, ValidateDaemonSetStatusUpdate in pkg/apis/apps/validation/validation.go
import type { DaemonSet, DaemonSetSpec } from '#generated/types/apps.v1.ts';
import { invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import {
  countOrPercentNumber,
  validateAtMost100Percent,
  validateCountOrPercent,
  validateNotNegative,
} from './fieldChecks.ts';
import { internalForm } from './internalForm.ts';
import type { LaterRules } from './laterRules.ts';
import { validateNotDecremented } from './replicaCounts.ts';

const counts = [
  'currentNumberScheduled',
  'numberMisscheduled',
  'desiredNumberScheduled',
  'numberReady',
  'observedGeneration',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
  'collisionCount',
] as const;

function validateStrategy({ updateStrategy = {} }: DaemonSetSpec): FieldError[] {
  const field = 'spec.updateStrategy';
  const { type, rollingUpdate = {} } = updateStrategy;
  if (type === 'OnDelete') return [];
  if (type !== 'RollingUpdate') {
    const shown = internalForm('apps.v1.DaemonSetUpdateStrategy', updateStrategy);
    return [notSupported(field, shown, ['RollingUpdate', 'OnDelete'])];
  }
  const { maxUnavailable, maxSurge } = rollingUpdate;
  const unavailable = `${field}.rollingUpdate.maxUnavailable`;
  const surge = `${field}.rollingUpdate.maxSurge`;
  const errors = [
    ...validateCountOrPercent(unavailable, maxUnavailable),
    ...validateCountOrPercent(surge, maxSurge),
    ...validateAtMost100Percent(unavailable, maxUnavailable),
    ...validateAtMost100Percent(surge, maxSurge),
  ];
  const hasUnavailable = countOrPercentNumber(maxUnavailable) !== 0;
  const hasSurge = countOrPercentNumber(maxSurge) !== 0;
  if (hasUnavailable && hasSurge)
    errors.push(invalidValue(surge, maxSurge, 'may not be set when maxUnavailable is non-zero'));
  if (!hasUnavailable && !hasSurge) errors.push(required(unavailable, 'cannot be 0 when maxSurge is 0'));
  return errors;
}

/** What else holds for DaemonSets: how they roll, and that counts of nodes are counts. */
export const daemonSetRules: LaterRules<DaemonSet> = {
  validate: ({ spec }) => [
    ...validateNotNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...validateStrategy(spec),
    ...validateNotNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
  ],
  validateStatusUpdate: ({ status }, { status: old }) => [
    ...counts.flatMap((field) => validateNotNegative(`status.${field}`, status[field])),
    ...validateNotDecremented(status.collisionCount, old.collisionCount),
  ],
};
