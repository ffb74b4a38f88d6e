import { expect, test } from 'vitest';
import { cells, created, createErrors, updateErrors } from '../testing/kindTable.ts';
import { roleBindings } from './roleBinding.ts';

const group = 'rbac.authorization.k8s.io';
const roleRef = { kind: 'Role', name: 'r' };

// Upstream: pkg/apis/rbac/validation/validation_test.go TestValidateRoleBinding
test.each<[string, object, string[]]>([
  ['a user', { roleRef, subjects: [{ kind: 'User', name: 'u' }] }, []],
  ['a service account of this namespace', { roleRef, subjects: [{ kind: 'ServiceAccount', name: 'a' }] }, []],
  [
    'another group',
    { roleRef: { ...roleRef, apiGroup: 'x' } },
    [`roleRef.apiGroup: Unsupported value: "x": supported values: "${group}"`],
  ],
  [
    'another kind',
    { roleRef: { kind: 'Foo', name: 'r' } },
    ['roleRef.kind: Unsupported value: "Foo": supported values: "Role", "ClusterRole"'],
  ],
  ['no role', { roleRef: { kind: 'Role', name: '' } }, ['roleRef.name: Required value']],
  [
    'an account in a group',
    { roleRef, subjects: [{ kind: 'ServiceAccount', name: 'a', apiGroup: 'x' }] },
    ['subjects[0].apiGroup: Unsupported value: "x": supported values: ""'],
  ],
  [
    'subjects that are none',
    {
      roleRef,
      subjects: [
        { kind: 'User', name: '' },
        { kind: 'Pod', name: 'p' },
      ],
    },
    [
      'subjects[0].name: Required value',
      'subjects[0].name: Invalid value: "": user name cannot be empty',
      'subjects[1].kind: Unsupported value: "Pod": supported values: "ServiceAccount", "User", "Group"',
    ],
  ],
])('%s', (_name, manifest, errors) => {
  expect(createErrors(roleBindings, manifest)).toEqual(errors);
});

test('groups are filled in as the real server does, and the role stays', () => {
  const subjects = [
    { kind: 'User', name: 'u' },
    { kind: 'ServiceAccount', name: 'a', namespace: 'n' },
  ];
  const binding = created(roleBindings, { roleRef, subjects });
  expect(binding.roleRef).toEqual({ ...roleRef, apiGroup: group });
  expect(binding.subjects).toEqual([{ ...subjects[0], apiGroup: group }, subjects[1]]);
  expect(updateErrors(roleBindings, { roleRef }, { roleRef, subjects })).toEqual([]);
  expect(updateErrors(roleBindings, { roleRef }, { roleRef: { kind: 'Role', name: 'other' } })).toEqual([
    `roleRef: Invalid value: {"APIGroup":"${group}","Kind":"Role","Name":"other"}: cannot change roleRef`,
  ]);
});

test('columns', () => {
  const subjects = [
    { kind: 'User', name: 'u' },
    { kind: 'User', name: 'v' },
    { kind: 'Group', name: 'g' },
    { kind: 'ServiceAccount', name: 'a', namespace: 'n' },
  ];
  expect(cells(roleBindings, created(roleBindings, { roleRef, subjects }), true)).toEqual({
    Name: 'x',
    Role: 'Role/r',
    Age: '60m',
    Users: 'u, v',
    Groups: 'g',
    ServiceAccounts: 'n/a',
  });
});
