// Upstream: kubectl/pkg/cmd/delete/delete.go
import type { Command } from '../command.ts';
import { CommandError, throwAll, withSource } from '../errors.ts';
import { bool, duration, int, text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { printerOf } from '../output/printer.ts';
import { typeName } from '../restMapper.ts';
import type { Target } from '../target.ts';
import { sendRaw } from '../rawRequest.ts';
import { allNamespacesFlag, fieldSelectorFlag, fileFlags, selectorFlag, targetsOf } from '../targets.ts';
import { waitUntilGone, weekMs } from '../waitUntilGone.ts';
import { dryRunFlag, dryRunOf, dryRunQuery, type DryRun } from '../writing.ts';

export const deleteCommand: Command = {
  name: 'delete',
  group: 'Basic Commands (Intermediate)',
  summary: 'Delete resources by file names, stdin, resources and names, or by resources and label selector',
  examples: [
    ['Delete a pod using the type and name specified in pod.json', 'kubectl delete -f ./pod.json'],
    ['Delete pods and services with same names "baz" and "foo"', 'kubectl delete pod,service baz foo'],
    ['Delete pods and services with label name=myLabel', 'kubectl delete pods,services -l name=myLabel'],
    ['Delete a pod with minimal delay', 'kubectl delete pod foo --now'],
    ['Force delete a pod on a dead node', 'kubectl delete pod foo --force'],
    ['Delete all pods', 'kubectl delete pods --all'],
  ],
  usage: 'delete ([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])',
  arguments: 'resources',
  flags: [
    ...fileFlags,
    selectorFlag,
    fieldSelectorFlag,
    allNamespacesFlag,
    dryRunFlag,
    bool('all', 'Delete all resources, in the namespace of the specified resource types.'),
    bool('force', 'If true, immediately remove resources from API and bypass graceful deletion.'),
    bool('now', 'If true, resources are signaled for immediate shutdown (same as --grace-period=1).'),
    bool('wait', 'If true, wait for resources to be gone before returning. This waits for finalizers.', {
      initial: 'true',
    }),
    bool('ignore-not-found', 'Treat "resource not found" as a successful delete.'),
    int(
      'grace-period',
      'Period of time in seconds given to the resource to terminate gracefully. Ignored if negative.',
      { initial: '-1' },
    ),
    duration(
      'timeout',
      'The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object',
    ),
    text('cascade', 'Must be "background", "orphan", or "foreground".', {
      initial: 'background',
      alone: 'background',
      values: ['background', 'orphan', 'foreground'],
    }),
    text('raw', 'Raw URI to DELETE to the server.  Uses the transport specified by the kubeconfig file.'),
    text('output', 'Output mode. Use "-o name" for shorter output (resource/name).', {
      short: 'o',
      values: ['name'],
    }),
  ],
  run: runDelete,
};

const cascades: Readonly<Record<string, string>> = {
  background: 'Background',
  orphan: 'Orphan',
  foreground: 'Foreground',
  true: 'Background',
  false: 'Orphan',
};

/** Seconds of grace that the flags ask for, or undefined for the object's own. */
function graceOf({ flags }: Invocation): number | undefined {
  const force = flags.bool('force');
  let grace = flags.int('grace-period');
  if (flags.bool('now')) {
    if (grace !== -1) throw new CommandError('--now and --grace-period cannot be specified together');
    grace = 1;
  }
  if (force && grace > 0)
    throw new CommandError('--force and --grace-period greater than 0 cannot be specified together');
  if (grace === 0 && !force) grace = 1;
  if (force && grace < 0) grace = 0;
  return grace < 0 ? undefined : grace;
}

async function runDelete(invocation: Invocation): Promise<void> {
  const { flags, args } = invocation;
  if (flags.changed('raw')) return await sendRaw(invocation, 'DELETE');
  const dryRun = await dryRunOf(invocation);
  if (flags.bool('all') && flags.text('selector'))
    throw new CommandError('cannot set --all and --selector at the same time');
  const grace = graceOf(invocation);
  const cascade = cascades[flags.text('cascade')];
  if (!cascade) {
    throw new CommandError(
      `invalid cascade value (${flags.text('cascade')}). Must be "background", "foreground", or "orphan"`,
    );
  }
  if (grace === 0 && flags.bool('force')) {
    await invocation.err(
      'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
    );
  }
  const ignoreNotFound = flags.bool('ignore-not-found') || flags.bool('all');
  const { targets, errors } = await targetsOf(invocation, {
    args,
    all: flags.bool('all'),
    labelSelector: flags.text('selector'),
    fieldSelector: flags.text('field-selector'),
    allNamespaces: flags.bool('all-namespaces'),
    fetch: false,
  });
  if (invocation.namespaceIsExplicit && targets.some(({ resource }) => !resource.namespaced)) {
    await invocation.err(
      'Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n',
    );
  }
  const options = { propagationPolicy: cascade, ...(grace !== undefined && { gracePeriodSeconds: grace }) };
  const deleted = await deleteAll(invocation, targets, options, {
    dryRun,
    ignoreNotFound,
    errors,
  });
  if (targets.length === 0 && errors.length === 0) await invocation.out('No resources found\n');
  if (flags.bool('wait') && dryRun === 'none') await waitForAll(invocation, deleted, errors);
  throwAll(errors);
}

type Deleted = readonly [Target, string | undefined];

async function deleteAll(
  invocation: Invocation,
  targets: readonly Target[],
  options: { readonly gracePeriodSeconds?: number },
  { dryRun, ignoreNotFound, errors }: { dryRun: DryRun; ignoreNotFound: boolean; errors: unknown[] },
): Promise<Deleted[]> {
  const deleted: Deleted[] = [];
  const short = printerOf(invocation) !== null;
  const operation = options.gracePeriodSeconds === 0 ? 'force deleted' : 'deleted';
  const suffix = { none: '', client: ' (dry run)', server: ' (server dry run)' }[dryRun];
  for (const target of targets) {
    try {
      const uid = dryRun === 'client' ? undefined : await deleteOne(invocation, target, options, dryRun);
      deleted.push([target, uid]);
    } catch (error) {
      const isMissing = (error as { reason?: string }).reason === 'NotFound';
      if (!(isMissing && ignoreNotFound)) errors.push(withSource(error, 'deleting', target.source));
      continue;
    }
    const type = typeName(target.resource);
    await invocation.out(
      short ? `${type}/${target.name}\n` : `${type} "${target.name}" ${operation}${suffix}\n`,
    );
  }
  return deleted;
}

/** Returns the uid of what is being deleted, so that a successor of the same name is not waited for. */
async function deleteOne(
  invocation: Invocation,
  target: Target,
  options: object,
  dryRun: DryRun,
): Promise<string | undefined> {
  const { resource, namespace, name } = target;
  const answer = await invocation.client.delete(resource, namespace, name, options, dryRunQuery(dryRun));
  const { details, metadata } = answer as { details?: { uid?: string }; metadata?: { uid?: string } };
  return details?.uid ?? metadata?.uid;
}

async function waitForAll(
  invocation: Invocation,
  deleted: readonly Deleted[],
  errors: unknown[],
): Promise<void> {
  const timeoutMs = invocation.flags.durationMs('timeout') || weekMs;
  const deadlineMs = invocation.nowMs + timeoutMs;
  for (const [target, uid] of deleted) {
    try {
      await waitUntilGone(invocation, target, uid, deadlineMs);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      errors.push(error);
    }
  }
}
