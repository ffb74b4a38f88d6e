// Upstream: kubectl/pkg/cmd/create/{create_role,create_clusterrole,create_rolebinding}.go
import type { Command } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { array, strings, text } from '../../flags.ts';
import type { Invocation } from '../../invocation.ts';
import { newMetadata, subcommandOf, type Composed } from './generator.ts';

const group = 'rbac.authorization.k8s.io';

/** One rule per API group, its resources in the order they were named. */
async function rulesOf(invocation: Invocation): Promise<object[]> {
  const { flags } = invocation;
  const verbs = [...new Set(flags.list('verb'))];
  const kept = verbs.includes('*') ? ['*'] : verbs;
  if (kept.length === 0) throw new CommandError('at least one verb must be specified');
  const named = flags.list('resource');
  const urls = flags.changed('non-resource-url') ? flags.list('non-resource-url') : [];
  if (named.length === 0 && urls.length === 0) {
    throw new CommandError(
      flags.changed('non-resource-url')
        ? 'one of resource or nonResourceURL must be specified'
        : 'at least one resource must be specified',
    );
  }
  const byGroup = new Map<string, string[]>();
  for (const one of named) {
    const [type = '', subresource] = one.split('/');
    const resource = type === '*' ? { plural: '*', group: '*' } : (await invocation.mapper()).resource(type);
    const list = byGroup.get(resource.group) ?? [];
    list.push(subresource ? `${resource.plural}/${subresource}` : resource.plural);
    byGroup.set(resource.group, list);
  }
  const resourceNames = flags.list('resource-name');
  const rules: object[] = [...byGroup].map(([apiGroup, resources]) => ({
    verbs: kept,
    apiGroups: [apiGroup],
    resources,
    ...(resourceNames.length > 0 && { resourceNames }),
  }));
  if (urls.length > 0) rules.push({ verbs: kept, nonResourceURLs: urls });
  return rules;
}

const ruleFlags = [
  strings('verb', 'Verb that applies to the resources contained in the rule'),
  strings('resource', 'Resource that the rule applies to'),
  array(
    'resource-name',
    'Resource in the white list that the rule applies to, repeat this flag for multiple items',
  ),
];

function role(kind: 'Role' | 'ClusterRole'): Command {
  const name = kind.toLowerCase();
  return subcommandOf({
    name,
    summary: kind === 'Role' ? 'Create a role with single rule' : 'Create a cluster role',
    usage: `${name} NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none]`,
    example: [
      'Allow to get, watch and list pods',
      `kubectl create ${name} pod-reader --verb=get,list,watch --resource=pods`,
    ],
    resource: { group, version: 'v1', plural: `${name}s`, namespaced: kind === 'Role' },
    flags:
      kind === 'Role'
        ? ruleFlags
        : [...ruleFlags, strings('non-resource-url', 'A partial url that user should have access to.')],
    failure: '',
    compose: async (invocation, object) => ({
      kind,
      apiVersion: `${group}/v1`,
      metadata: newMetadata(object),
      rules: await rulesOf(invocation),
    }),
  });
}

function subjectsOf({ flags }: Invocation): object[] {
  return [
    ...flags.list('user').map((name) => ({ kind: 'User', apiGroup: group, name })),
    ...flags.list('group').map((name) => ({ kind: 'Group', apiGroup: group, name })),
    ...flags.list('serviceaccount').map((account) => {
      const [namespace = '', name = ''] = account.split(':');
      if (namespace === '' || name === '')
        throw new CommandError('serviceaccount must be <namespace>:<name>');
      return { kind: 'ServiceAccount', name, namespace };
    }),
  ];
}

function binding(kind: 'RoleBinding' | 'ClusterRoleBinding'): Command {
  const name = kind.toLowerCase();
  const isCluster = kind === 'ClusterRoleBinding';
  const roleFlags = isCluster
    ? [{ ...text('clusterrole', 'ClusterRole this ClusterRoleBinding should reference'), required: true }]
    : [
        text('clusterrole', 'ClusterRole this RoleBinding should reference'),
        text('role', 'Role this RoleBinding should reference'),
      ];
  return subcommandOf({
    name,
    summary: isCluster
      ? 'Create a cluster role binding for a particular cluster role'
      : 'Create a role binding for a particular role or cluster role',
    usage: `${name} NAME ${isCluster ? '--clusterrole=NAME' : '--clusterrole=NAME|--role=NAME'} [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]`,
    example: ['Bind a role to a user', `kubectl create ${name} admin --clusterrole=admin --user=user1`],
    resource: { group, version: 'v1', plural: `${name}s`, namespaced: !isCluster },
    flags: [
      ...roleFlags,
      array('user', 'Usernames to bind to the role.'),
      array('group', 'Groups to bind to the role.'),
      array('serviceaccount', 'Service accounts to bind to the role, in the format <namespace>:<name>.'),
    ],
    failure: `failed to create ${name}: `,
    compose(invocation, object): Composed {
      const clusterRole = invocation.flags.text('clusterrole');
      const plain = invocation.flags.text('role');
      if ((clusterRole === '') === (plain === ''))
        throw new CommandError('exactly one of clusterrole or role must be specified');
      const roleRef = {
        apiGroup: group,
        kind: clusterRole ? 'ClusterRole' : 'Role',
        name: clusterRole || plain,
      };
      const subjects = subjectsOf(invocation);
      const made = {
        kind,
        apiVersion: `${group}/v1`,
        metadata: newMetadata(object),
        ...(subjects.length > 0 && { subjects }),
        roleRef,
      };
      return made;
    },
  });
}

export const createRole = role('Role');
export const createClusterRole = role('ClusterRole');
export const createRoleBinding = binding('RoleBinding');
export const createClusterRoleBinding = binding('ClusterRoleBinding');
