import type { Lease } from '#generated/types/coordination.v1.ts';
import { forbidden, invalidValue } from '#kubernetes/apimachinery/fieldErrors.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { validateNotNegative } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';

export type { Lease };

export const leases: Kind<Lease> = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  singular: 'lease',
  shortNames: [],
  categories: [],
  namespaced: true,
  schema: 'io.k8s.api.coordination.v1.Lease',
  hasStatus: false,
  validate({ spec: { leaseDurationSeconds, leaseTransitions, preferredHolder, strategy } }) {
    const errors = validateNotNegative('spec.leaseTransitions', leaseTransitions);
    if (preferredHolder && !strategy)
      errors.push(forbidden('spec.preferredHolder', 'may only be specified if `strategy` is defined'));
    if (leaseDurationSeconds === undefined || leaseDurationSeconds > 0) return errors;
    const why = 'must be greater than 0';
    return [invalidValue('spec.leaseDurationSeconds', leaseDurationSeconds, why), ...errors];
  },
  columns: [nameColumn, column('Holder', ({ spec }) => spec.holderIdentity ?? ''), ageColumn],
};
