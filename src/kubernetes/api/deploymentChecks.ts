// Upstream: ValidateDeploymentStrategy, ValidateDeploymentSpec, ValidateDeploymentStatusUpdate in pkg/apis/apps/validation/validation.go
import type { Deployment, DeploymentSpec } from '#generated/types/apps.v1.ts';
import { forbidden, invalidValue, notSupported } from '#kubernetes/apimachinery/fieldErrors.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import {
  countOrPercentNumber,
  validateAtMost100Percent,
  validateCountOrPercent,
  validateNotNegative,
} from './fieldChecks.ts';
import { internalForm } from './internalForm.ts';
import type { LaterRules } from './laterRules.ts';
import { validateNotDecremented, validateReplicaCounts } from './replicaCounts.ts';

function validateStrategy({ strategy = {} }: DeploymentSpec): FieldError[] {
  const { type, rollingUpdate = {} } = strategy;
  const field = 'spec.strategy';
  if (type === 'Recreate') {
    const why = "may not be specified when strategy `type` is 'Recreate'";
    return strategy.rollingUpdate ? [forbidden(`${field}.rollingUpdate`, why)] : [];
  }
  if (type !== 'RollingUpdate') {
    const shown = internalForm('apps.v1.DeploymentStrategy', strategy);
    return [notSupported(field, shown, ['Recreate', 'RollingUpdate'])];
  }
  const { maxUnavailable, maxSurge } = rollingUpdate;
  const path = `${field}.rollingUpdate.maxUnavailable`;
  const errors = [
    ...validateCountOrPercent(path, maxUnavailable),
    ...validateCountOrPercent(`${field}.rollingUpdate.maxSurge`, maxSurge),
  ];
  if (countOrPercentNumber(maxUnavailable) === 0 && countOrPercentNumber(maxSurge) === 0)
    errors.push(invalidValue(path, maxUnavailable ?? 0, 'may not be 0 when `maxSurge` is 0'));
  return [...errors, ...validateAtMost100Percent(path, maxUnavailable)];
}

/** What else holds for Deployments: how they roll, and that what they count is counts. */
export const deploymentRules: LaterRules<Deployment> = {
  validate({ spec }) {
    const { minReadySeconds, revisionHistoryLimit, progressDeadlineSeconds: deadline } = spec;
    const field = 'spec.progressDeadlineSeconds';
    const errors = [
      ...validateStrategy(spec),
      ...validateNotNegative('spec.minReadySeconds', minReadySeconds),
      ...validateNotNegative('spec.revisionHistoryLimit', revisionHistoryLimit),
      ...validateNotNegative(field, deadline),
    ];
    if (deadline !== undefined && deadline <= (minReadySeconds ?? 0))
      errors.push(invalidValue(field, deadline, 'must be greater than minReadySeconds'));
    return errors;
  },
  validateStatusUpdate: ({ status }, { status: old }) => [
    ...validateNotNegative('status.observedGeneration', status.observedGeneration),
    ...validateReplicaCounts(status),
    ...validateNotDecremented(status.collisionCount, old.collisionCount),
  ],
};
