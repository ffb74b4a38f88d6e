import type { Role } from '#generated/types/rbac.v1.ts';
import { checkPathSegment } from '#kubernetes/apimachinery/names.ts';
import { column, nameColumn } from '../columns.ts';
import type { Kind } from '../kind.ts';
import { rbacGroup, validateRules } from './ruleValidation.ts';

export type { Role };

export const roles: Kind<Role> = {
  group: rbacGroup,
  version: 'v1',
  kind: 'Role',
  plural: 'roles',
  singular: 'role',
  shortNames: [],
  categories: [],
  namespaced: true,
  schema: 'io.k8s.api.rbac.v1.Role',
  hasStatus: false,
  checkName: checkPathSegment,
  validate: ({ rules }) => validateRules(rules, true),
  columns: [nameColumn, column('Created At', ({ metadata }) => metadata.creationTimestamp, 'date')],
};
