// Upstream: kubectl/pkg/cmd/create/{create_role,create_clusterrole,create_rolebinding}.go
import type { Command } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { array, strings, text } from '../../flags.ts';
import type { Invocation } from '../../invocation.ts';
import { newMetadata, subcommandOf, type Composed } from './generator.ts';
import { ruleFlags, rulesOf } from './rules.ts';

const group = 'rbac.authorization.k8s.io';

/** The labels that `--aggregation-rule` selects by, or null without it. */
function aggregationOf({ flags }: Invocation): Record<string, string> | null {
  const pairs = flags.list('aggregation-rule').flatMap((value) => value.split(','));
  if (pairs.length === 0) return null;
  if (['non-resource-url', 'verb', 'resource', 'resource-name'].some((name) => flags.list(name).length > 0))
    throw new CommandError(
      'aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames',
    );
  const labels: Record<string, string> = {};
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals < 0)
      throw new CommandError(
        `invalid argument ${JSON.stringify(pair)} for "--aggregation-rule" flag: malformed pair, expect string=string`,
      );
    labels[pair.slice(0, equals).trim()] = pair.slice(equals + 1).trim();
  }
  return labels;
}

function role(kind: 'Role' | 'ClusterRole'): Command {
  const isCluster = kind === 'ClusterRole';
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
    flags: isCluster
      ? [
          ...ruleFlags,
          strings('non-resource-url', 'A partial url that user should have access to.'),
          array('aggregation-rule', 'An aggregation label selector for combining ClusterRoles.'),
        ]
      : ruleFlags,
    failure: '',
    async compose(invocation, object) {
      const base = { kind, apiVersion: `${group}/v1`, metadata: newMetadata(object) };
      const matchLabels = isCluster ? aggregationOf(invocation) : null;
      if (matchLabels !== null)
        return { ...base, rules: null, aggregationRule: { clusterRoleSelectors: [{ matchLabels }] } };
      return { ...base, rules: await rulesOf(invocation, isCluster) };
    },
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
