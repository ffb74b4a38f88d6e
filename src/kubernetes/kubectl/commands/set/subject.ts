// Upstream: kubectl/pkg/cmd/set/set_subject.go
import type { RoleBinding, Subject } from '#generated/types/rbac.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { Command } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { strings } from '../../flags.ts';
import type { Invocation } from '../../invocation.ts';
import { modifyTargets } from '../../modifying.ts';
import { setFlags } from './setFlags.ts';

const apiGroup = 'rbac.authorization.k8s.io';

export const setSubject: Command = {
  name: 'subject',
  summary: 'Update the user, group, or service account in a role binding or cluster role binding',
  examples: [
    [
      'Update a cluster role binding for serviceaccount1',
      'kubectl set subject clusterrolebinding admin --serviceaccount=namespace:serviceaccount1',
    ],
    [
      'Update a role binding for user1, user2, and group1',
      'kubectl set subject rolebinding admin --user=user1 --user=user2 --group=group1',
    ],
  ],
  usage:
    'set subject (-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  arguments: 'resources',
  flags: [
    ...setFlags,
    strings('group', 'Groups to bind to the role'),
    strings('serviceaccount', 'Service accounts to bind to the role'),
    strings('user', 'Usernames to bind to the role'),
  ],
  async run(invocation) {
    const subjects = subjectsOf(invocation);
    await modifyTargets(
      invocation,
      { args: invocation.args },
      'subjects updated',
      ({ object, resource, name }) => {
        if (object.kind !== 'RoleBinding' && object.kind !== 'ClusterRoleBinding')
          throw new CommandError(
            `${resource.plural}/${name} setting subjects is only supported for RoleBinding/ClusterRoleBinding`,
          );
        const binding = object as RoleBinding;
        const present = binding.subjects ?? [];
        const added = subjects.filter((one) => !present.some((other) => isSame(one, other)));
        return { ...binding, subjects: [...present, ...added] } as KubeObject;
      },
    );
  },
};

function isSame(a: Subject, b: Subject): boolean {
  return a.kind === b.kind && a.name === b.name && (a.namespace ?? '') === (b.namespace ?? '');
}

/** The subjects that the flags name. Throws CommandError. */
function subjectsOf({ flags }: Invocation): readonly Subject[] {
  const accounts = flags.list('serviceaccount').map((given): Subject => {
    const [namespace = '', name = '', ...more] = given.split(':');
    if (more.length > 0 || namespace === '' || name === '')
      throw new CommandError('serviceaccount must be <namespace>:<name>');
    return { kind: 'ServiceAccount', namespace, name };
  });
  const subjects = [
    ...flags.list('user').map((name): Subject => ({ kind: 'User', apiGroup, name })),
    ...flags.list('group').map((name): Subject => ({ kind: 'Group', apiGroup, name })),
    ...accounts,
  ];
  if (subjects.length === 0)
    throw new CommandError('you must specify at least one value of user, group or serviceaccount');
  return subjects;
}
