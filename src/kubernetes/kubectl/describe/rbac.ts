// Upstream: kubectl/pkg/describe/describe.go describeRole, describeRoleBinding
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from '#generated/types/rbac.v1.ts';
import { rbacGroup } from '#kubernetes/api/rbac/ruleValidation.ts';
import { ruleRows } from '../ruleRows.ts';
import type { Describer } from './describer.ts';
import type { DescribeWriter } from './describeWriter.ts';
import { writeLabelsAndAnnotations } from './fields.ts';

function writeRole({ metadata, rules = [] }: Role | ClusterRole, writer: DescribeWriter): void {
  writer.line(0, `Name:\t${metadata.name}`);
  writeLabelsAndAnnotations(writer, metadata);
  writer.line(0, 'PolicyRule:');
  writer.line(1, 'Resources\tNon-Resource URLs\tResource Names\tVerbs');
  writer.line(1, '---------\t-----------------\t--------------\t-----');
  for (const row of ruleRows(rules)) writer.line(1, row);
}

function writeBinding(
  { metadata, roleRef, subjects = [] }: RoleBinding | ClusterRoleBinding,
  writer: DescribeWriter,
): void {
  writer.line(0, `Name:\t${metadata.name}`);
  writeLabelsAndAnnotations(writer, metadata);
  writer.line(0, 'Role:');
  writer.line(1, `Kind:\t${roleRef.kind}`);
  writer.line(1, `Name:\t${roleRef.name}`);
  writer.line(0, 'Subjects:');
  writer.line(1, 'Kind\tName\tNamespace');
  writer.line(1, '----\t----\t---------');
  for (const { kind, name, namespace = '' } of subjects) writer.line(1, `${kind}\t${name}\t${namespace}`);
}

function describer<T extends Role | ClusterRole | RoleBinding | ClusterRoleBinding>(
  kind: string,
  write: (object: T, writer: DescribeWriter) => void,
): Describer<T> {
  return { group: rbacGroup, kind, describe: async (object, writer) => write(object, writer) };
}

export const describeRole = describer<Role>('Role', writeRole);
export const describeClusterRole = describer<ClusterRole>('ClusterRole', writeRole);
export const describeRoleBinding = describer<RoleBinding>('RoleBinding', writeBinding);
export const describeClusterRoleBinding = describer<ClusterRoleBinding>('ClusterRoleBinding', writeBinding);
