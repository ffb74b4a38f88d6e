import type { ServiceAccount } from '#generated/types/core.v1.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import type { Kind } from '../kind.ts';

export type { ServiceAccount };

export const serviceAccounts: Kind<ServiceAccount> = {
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  singular: 'serviceaccount',
  shortNames: ['sa'],
  categories: [],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.ServiceAccount',
  hasStatus: false,
  columns: [nameColumn, ageColumn],
};
