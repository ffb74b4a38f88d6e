// Upstream: kubectl/pkg/cmd/describe/describe.go
import type { Command } from '../command.ts';
import { CommandError, throwAll } from '../errors.ts';
import { bool } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { describeObject } from '../describe/registry.ts';
import { targetOf, type Target } from '../target.ts';
import { typed } from '../typed.ts';
import { allNamespacesFlag, fileFlags, readReferences, selectorFlag, targetsOf } from '../targets.ts';

export const describe: Command = {
  name: 'describe',
  group: 'Troubleshooting and Debugging Commands',
  summary: 'Show details of a specific resource or group of resources',
  examples: [
    ['Describe a node', 'kubectl describe nodes kubernetes-node-emt8.c.myproject.internal'],
    ['Describe a pod', 'kubectl describe pods/nginx'],
    ['Describe all pods', 'kubectl describe pods'],
    ['Describe pods by label name=myLabel', 'kubectl describe pods -l name=myLabel'],
  ],
  usage: 'describe (-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)',
  arguments: 'resources',
  flags: [
    ...fileFlags,
    selectorFlag,
    allNamespacesFlag,
    bool('show-events', 'If true, display events related to the described object.', { initial: 'true' }),
  ],
  async run(invocation) {
    const { flags, args } = invocation;
    if (args.length === 0 && flags.list('filename').length === 0) {
      throw new CommandError(
        'You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.',
      );
    }
    const { targets, errors, byPrefix } = await find(invocation);
    let first = true;
    for (const { resource, object } of targets) {
      const context = {
        invocation,
        resource,
        nowMs: invocation.nowMs,
        showEvents: flags.bool('show-events'),
      };
      const text = await describeObject(object, context);
      await invocation.out(byPrefix ? `${text}\n` : first ? text : `\n\n${text}`);
      first = false;
    }
    if (targets.length === 0 && errors.length === 0) {
      await invocation.err(
        flags.bool('all-namespaces')
          ? 'No resources found\n'
          : `No resources found in ${invocation.namespace} namespace.\n`,
      );
    }
    throwAll(errors);
  },
};

async function find(
  invocation: Invocation,
): Promise<{ targets: Target[]; errors: unknown[]; byPrefix?: boolean }> {
  const { flags, args } = invocation;
  const found = await targetsOf(invocation, {
    args,
    labelSelector: flags.text('selector'),
    all: args.length === 1 && !args[0]!.includes('/') && !flags.text('selector'),
    allNamespaces: flags.bool('all-namespaces'),
  });
  if (flags.list('filename').length > 0) {
    const live = await Promise.all(
      found.targets.map(async ({ resource, namespace, name, source }) =>
        targetOf(resource, await invocation.client.get(resource, namespace, name), source),
      ),
    );
    return { targets: live, errors: found.errors };
  }
  if (found.targets.length > 0 || found.errors.length !== 1 || args.length !== 2) return found;
  const matching = await matchPrefix(invocation);
  return matching.length > 0 ? { targets: matching, errors: [], byPrefix: true } : found;
}

/** A name that is not there may be the beginning of others. */
async function matchPrefix(invocation: Invocation): Promise<Target[]> {
  const [{ resource, name = '' }] = (await readReferences(invocation, invocation.args)) as [
    { resource: Target['resource']; name?: string },
  ];
  const namespace =
    resource.namespaced && !invocation.flags.bool('all-namespaces') ? invocation.namespace : '';
  const { items } = await invocation.client.list(resource, namespace);
  return items
    .filter((item) => item.metadata.name.startsWith(name))
    .map((item) => targetOf(resource, typed(resource, item)));
}
