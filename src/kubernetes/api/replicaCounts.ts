// Upstream: the validations of statuses in pkg/apis/apps/validation/validation.go
import { invalidValue } from '#kubernetes/apimachinery/fieldErrors.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { validateNotNegative } from './fieldChecks.ts';

/** Counts in a status: none below zero, none that is a part greater than its whole. */
export function validateReplicaCounts(status: {
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly fullyLabeledReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly unavailableReplicas?: number;
  readonly collisionCount?: number;
}): FieldError[] {
  const whole = status.replicas ?? 0;
  const fields = ['updatedReplicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'] as const;
  const errors = (['replicas', ...fields, 'unavailableReplicas', 'collisionCount'] as const).flatMap(
    (field) => validateNotNegative(`status.${field}`, status[field]),
  );
  for (const field of fields) {
    const part = status[field] ?? 0;
    if (part > whole)
      errors.push(invalidValue(`status.${field}`, part, 'cannot be greater than status.replicas'));
  }
  const available = status.availableReplicas ?? 0;
  if (available > (status.readyReplicas ?? 0))
    errors.push(invalidValue('status.availableReplicas', available, 'cannot be greater than readyReplicas'));
  return errors;
}

/** How often two templates had one hash, which only grows. */
export function validateNotDecremented(next: number | undefined, old: number | undefined): FieldError[] {
  return old !== undefined && (next ?? -1) < old
    ? [invalidValue('status.collisionCount', next ?? 0, 'cannot be decremented')]
    : [];
}
