import type { RoleBinding } from '#generated/types/rbac.v1.ts';
import { checkPathSegment } from '#kubernetes/apimachinery/names.ts';
import type { Kind } from '../kind.ts';
import { bindingColumns } from './bindingColumns.ts';
import { defaultBinding, rbacGroup, validateBinding, validateBindingUpdate } from './ruleValidation.ts';

export type { RoleBinding };

export const roleBindings: Kind<RoleBinding> = {
  group: rbacGroup,
  version: 'v1',
  kind: 'RoleBinding',
  plural: 'rolebindings',
  singular: 'rolebinding',
  shortNames: [],
  categories: [],
  namespaced: true,
  schema: 'io.k8s.api.rbac.v1.RoleBinding',
  hasStatus: false,
  checkName: checkPathSegment,
  defaults: defaultBinding,
  validate: (binding) => validateBinding(binding, ['Role', 'ClusterRole']),
  validateUpdate: validateBindingUpdate,
  columns: bindingColumns,
};
