import type { ClusterRoleBinding } from '#generated/types/rbac.v1.ts';
import { checkPathSegment } from '#kubernetes/apimachinery/names.ts';
import type { Kind } from '../kind.ts';
import { bindingColumns } from './bindingColumns.ts';
import { defaultBinding, rbacGroup, validateBinding, validateBindingUpdate } from './ruleValidation.ts';

export type { ClusterRoleBinding };

export const clusterRoleBindings: Kind<ClusterRoleBinding> = {
  group: rbacGroup,
  version: 'v1',
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  singular: 'clusterrolebinding',
  shortNames: [],
  categories: [],
  namespaced: false,
  schema: 'io.k8s.api.rbac.v1.ClusterRoleBinding',
  hasStatus: false,
  checkName: checkPathSegment,
  defaults: defaultBinding,
  validate: (binding) => validateBinding(binding, ['ClusterRole']),
  validateUpdate: validateBindingUpdate,
  columns: bindingColumns,
};
