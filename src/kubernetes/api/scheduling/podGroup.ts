// Upstream: pkg/apis/scheduling/validation/validation.go, pkg/registry/scheduling/podgroup/strategy.go
import type { PodGroup } from '#generated/types/scheduling.v1alpha2.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { validateConditions } from '../conditionValidation.ts';
import { validateImmutable } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { validateSchedulingPolicy } from './schedulingPolicy.ts';

export type { PodGroup };

/** Set by the scheduler once. Upstream: PodGroupScheduled */
export const podGroupScheduled = 'PodGroupScheduled';

function statusOf({ status }: PodGroup): string {
  const condition = status.conditions?.find(({ type }) => type === podGroupScheduled);
  return condition?.reason ?? '<none>';
}

/** Pods that are scheduled together. Alpha: served where the API server is told to. */
export const podGroups: Kind<PodGroup> = {
  group: 'scheduling.k8s.io',
  version: 'v1alpha2',
  kind: 'PodGroup',
  plural: 'podgroups',
  singular: 'podgroup',
  shortNames: [],
  categories: [],
  namespaced: true,
  schema: 'io.k8s.api.scheduling.v1alpha2.PodGroup',
  hasStatus: true,
  prepareForCreate: (group) => ({ ...group, status: {} }),
  validate: ({ spec }) => validateSchedulingPolicy('spec.schedulingPolicy', spec.schedulingPolicy),
  validateUpdate: (group, old) => validateImmutable('spec', group.spec, old.spec),
  validateStatusUpdate: ({ status }) => validateConditions('status.conditions', status.conditions ?? []),
  columns: [
    nameColumn,
    column('Policy', ({ spec }) => (spec.schedulingPolicy.gang === undefined ? 'Basic' : 'Gang'), 'string'),
    column('Workload', ({ spec }) => spec.podGroupTemplateRef?.workload?.workloadName ?? '<none>', 'string'),
    column('Status', statusOf, 'string'),
    ageColumn,
  ],
};
