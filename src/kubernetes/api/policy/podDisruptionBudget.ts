// Upstream: pkg/apis/policy/validation/validation.go, pkg/registry/policy/poddisruptionbudget/strategy.go
import type {
  PodDisruptionBudget,
  PodDisruptionBudgetSpec,
  PodDisruptionBudgetStatus,
} from '#generated/types/policy.v1.ts';
import { invalidValue, notSupported } from '#kubernetes/apimachinery/fieldErrors.ts';
import { validateLabelSelector } from '#kubernetes/apimachinery/labels.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { validateAtMost100Percent, validateCountOrPercent, validateNotNegative } from '../fieldChecks.ts';
import { internalForm } from '../internalForm.ts';
import type { Kind } from '../kind.ts';
import { validateConditions } from '../conditionValidation.ts';

export type { PodDisruptionBudget };

function validateSpec(spec: PodDisruptionBudgetSpec): FieldError[] {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: policy } = spec;
  const errors: FieldError[] = [];
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    const shown = internalForm('policy.v1.PodDisruptionBudgetSpec', spec);
    errors.push(invalidValue('spec', shown, 'minAvailable and maxUnavailable cannot be both set'));
  }
  for (const field of ['minAvailable', 'maxUnavailable'] as const)
    errors.push(
      ...validateCountOrPercent(`spec.${field}`, spec[field]),
      ...validateAtMost100Percent(`spec.${field}`, spec[field]),
    );
  errors.push(...validateLabelSelector(selector, 'spec.selector'));
  const policies = ['AlwaysAllow', 'IfHealthyBudget'];
  if (policy !== undefined && !policies.includes(policy))
    errors.push(notSupported('spec.unhealthyPodEvictionPolicy', policy, policies));
  return errors;
}

const counts = ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'] as const;

function validateStatus(status: PodDisruptionBudgetStatus): FieldError[] {
  return [
    ...validateConditions('status.conditions', status.conditions ?? []),
    ...counts.flatMap((field) => validateNotNegative(`status.${field}`, status[field])),
  ];
}

export const podDisruptionBudgets: Kind<PodDisruptionBudget> = {
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  singular: 'poddisruptionbudget',
  shortNames: ['pdb'],
  categories: [],
  namespaced: true,
  schema: 'io.k8s.api.policy.v1.PodDisruptionBudget',
  hasStatus: true,
  prepareForCreate: (budget) => ({
    ...budget,
    status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  }),
  validate: ({ spec }) => validateSpec(spec),
  validateStatusUpdate: ({ status }) => validateStatus(status),

  columns: [
    nameColumn,
    column(
      'Min Available',
      ({ spec }) => String(spec.minAvailable ?? 'N/A'),
      'string',
      'The minimum number of pods that must be available.',
    ),
    column(
      'Max Unavailable',
      ({ spec }) => String(spec.maxUnavailable ?? 'N/A'),
      'string',
      'The maximum number of pods that may be unavailable.',
    ),
    column(
      'Allowed Disruptions',
      ({ status }) => status.disruptionsAllowed ?? 0,
      'integer',
      'Calculated number of pods that may be disrupted at this time.',
    ),
    ageColumn,
  ],
};
