// Upstream: ValidateDaemonSetStatusUpdate in pkg/apis/apps/validation/validation.go
import type { DaemonSet } from '#generated/types/apps.v1.ts';
import { invalidValue } from '#kubernetes/apimachinery/fieldErrors.ts';
import { validateNotNegative } from './fieldChecks.ts';
import type { LaterRules } from './laterRules.ts';

const counts = [
  'currentNumberScheduled',
  'numberMisscheduled',
  'desiredNumberScheduled',
  'numberReady',
  'observedGeneration',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
] as const;

/** What else holds for DaemonSets: counts of nodes are counts. */
export const daemonSetRules: LaterRules<DaemonSet> = {
  validateStatusUpdate({ status }, { status: old }) {
    const errors = counts.flatMap((field) => validateNotNegative(`status.${field}`, status[field]));
    const { collisionCount } = status;
    if (old.collisionCount !== undefined && (collisionCount ?? 0) < old.collisionCount)
      errors.push(invalidValue('status.collisionCount', collisionCount ?? 0, 'cannot be decremented'));
    return errors;
  },
};
