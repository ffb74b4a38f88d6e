// Upstream: pkg/apis/scheduling/{v1/defaults.go,validation/validation.go}
import type { PriorityClass } from '#generated/types/scheduling.v1.ts';
import { forbidden } from '#kubernetes/apimachinery/fieldErrors.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { validateEnum, validateImmutable } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { withDefaults } from '../sharing.ts';

export type { PriorityClass };

/** Upstream: HighestUserDefinablePriority. */
const userPriorityMax = 1_000_000_000;

/** The classes that exist in every cluster. */
export const systemPriorities: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};

function validateName(name: string, value: number): FieldError[] {
  if (name.startsWith('system-')) {
    if (systemPriorities[name] === value) return [];
    const why = `priority class names with 'system-' prefix are reserved for system use only. error: `;
    const error =
      systemPriorities[name] === undefined
        ? `${name} is not a known system priority class`
        : `value of ${name} PriorityClass must be ${systemPriorities[name]}`;
    return [forbidden('metadata.name', why + error)];
  }
  const why = `maximum allowed value of a user defined priority is ${userPriorityMax}`;
  return value > userPriorityMax ? [forbidden('value', why)] : [];
}

export const priorityClasses: Kind<PriorityClass> = {
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  singular: 'priorityclass',
  shortNames: ['pc'],
  categories: [],
  namespaced: false,
  schema: 'io.k8s.api.scheduling.v1.PriorityClass',
  hasStatus: false,
  countsGenerations: true,
  defaults: (priorityClass) =>
    withDefaults(priorityClass, { value: 0, preemptionPolicy: 'PreemptLowerPriority' }),
  validate: ({ metadata, value = 0, preemptionPolicy }) => [
    ...validateName(metadata.name, value),
    ...validateEnum('preemptionPolicy', preemptionPolicy, ['Never', 'PreemptLowerPriority']),
  ],
  validateUpdate(priorityClass, old) {
    if (priorityClass.value !== old.value) return [forbidden('value', 'may not be changed in an update.')];
    return validateImmutable('preemptionPolicy', priorityClass.preemptionPolicy, old.preemptionPolicy);
  },
  columns: [
    nameColumn,
    column('Value', ({ value }) => value ?? 0, 'integer'),
    column('Global-Default', ({ globalDefault }) => globalDefault ?? false, 'boolean'),
    ageColumn,
    column('PreemptionPolicy', ({ preemptionPolicy }) => preemptionPolicy ?? ''),
  ],
};
