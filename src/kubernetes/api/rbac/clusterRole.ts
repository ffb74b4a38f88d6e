import type { ClusterRole } from '#generated/types/rbac.v1.ts';
import { checkPathSegment } from '#kubernetes/apimachinery/names.ts';
import { column, nameColumn } from '../columns.ts';
import type { Kind } from '../kind.ts';
import { rbacGroup, validateRules } from './ruleValidation.ts';

export type { ClusterRole };

export const clusterRoles: Kind<ClusterRole> = {
  group: rbacGroup,
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  singular: 'clusterrole',
  shortNames: [],
  categories: [],
  namespaced: false,
  schema: 'io.k8s.api.rbac.v1.ClusterRole',
  hasStatus: false,
  checkName: checkPathSegment,
  validate: ({ rules }) => validateRules(rules, false),
  columns: [nameColumn, column('Created At', ({ metadata }) => metadata.creationTimestamp, 'date')],
};
