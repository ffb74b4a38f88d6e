// Upstream: pkg/printers/internalversion/printers.go printRoleBinding
import type { ClusterRoleBinding, RoleBinding, Subject } from '#generated/types/rbac.v1.ts';
import { ageColumn, column, nameColumn, wideColumn } from '../columns.ts';
import type { Column } from '../kind.ts';

type Binding = RoleBinding | ClusterRoleBinding;

function subjectsOf({ subjects = [] }: Binding, kind: string, show: (subject: Subject) => string): string {
  return subjects
    .filter((subject) => subject.kind === kind)
    .map(show)
    .join(', ');
}

export const bindingColumns: readonly Column<Binding>[] = [
  nameColumn,
  column('Role', ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`),
  ageColumn,
  wideColumn('Users', (binding) => subjectsOf(binding, 'User', ({ name }) => name)),
  wideColumn('Groups', (binding) => subjectsOf(binding, 'Group', ({ name }) => name)),
  wideColumn('ServiceAccounts', (binding) =>
    subjectsOf(binding, 'ServiceAccount', ({ namespace = '', name }) => `${namespace}/${name}`),
  ),
];
