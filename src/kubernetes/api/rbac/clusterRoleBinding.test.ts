import { expect, test } from 'vitest';
import { createErrors } from '../testing/kindTable.ts';
import { clusterRoleBindings } from './clusterRoleBinding.ts';

const roleRef = { kind: 'ClusterRole', name: 'r' };

// Upstream: pkg/apis/rbac/validation/validation_test.go TestValidateClusterRoleBinding
test.each<[string, object, string[]]>([
  ['an account', { roleRef, subjects: [{ kind: 'ServiceAccount', name: 'a', namespace: 'n' }] }, []],
  [
    'a role of a namespace',
    { roleRef: { kind: 'Role', name: 'r' } },
    ['roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"'],
  ],
  [
    'an account of no namespace',
    { roleRef, subjects: [{ kind: 'ServiceAccount', name: 'a' }] },
    ['subjects[0].namespace: Required value'],
  ],
])('%s', (_name, manifest, errors) => {
  expect(createErrors(clusterRoleBindings, manifest)).toEqual(errors);
});
