// Upstream: kubectl/pkg/cmd/apply/{apply,patcher}.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import type { Command } from '../command.ts';
import { CommandError, throwAll, withSource } from '../errors.ts';
import { array, bool, duration, int, text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { lastAppliedAnnotation, lastAppliedOf, withLastApplied } from '../lastApplied.ts';
import { sortKeys, toCompactJson } from '../output/json.ts';
import { nameOf, printerOf, printFlags } from '../output/printer.ts';
import { applyServerSide, checkServerSide, serverSideFlags } from '../serverSideApply.ts';
import type { Target } from '../target.ts';
import { fileFlags, requireFiles, selectorFlag, targetsOf } from '../targets.ts';
import { threeWayPatch } from '../threeWayPatch.ts';
import { waitUntilGone, weekMs } from '../waitUntilGone.ts';
import {
  dryRunFlag,
  dryRunOf,
  dryRunQuery,
  fieldManagerFlag,
  fieldValidationOf,
  validateFlag,
  type DryRun,
} from '../writing.ts';
import { listOf } from './get.ts';
import { applySubcommands } from './applyLastApplied.ts';

/** How often a patch that met a conflict is computed anew. Upstream: maxPatchRetry. */
const conflictRetriesMax = 5;

export const apply: Command = {
  name: 'apply',
  group: 'Advanced Commands',
  summary: 'Apply a configuration to a resource by file name or stdin',
  long: `Apply a configuration to a resource by file name or stdin. The resource name must be specified. This resource will be created if it doesn't exist yet. To use 'apply', always create the resource initially with either 'apply' or 'create --save-config'.

 JSON and YAML formats are accepted.`,
  examples: [
    ['Apply the configuration in pod.yaml to a pod', 'kubectl apply -f ./pod.yaml'],
    ['Apply the YAML passed into stdin to a pod', 'cat pod.yaml | kubectl apply -f -'],
  ],
  usage: 'apply (-f FILENAME | -k DIRECTORY)',
  subcommands: applySubcommands,
  flags: [
    ...fileFlags,
    ...printFlags,
    selectorFlag,
    dryRunFlag,
    validateFlag,
    fieldManagerFlag('kubectl-client-side-apply'),
    bool('force', 'If true, immediately remove resources from API and bypass graceful deletion.'),
    bool('wait', 'If true, wait for resources to be gone before returning. This waits for finalizers.'),
    int('grace-period', 'Period of time in seconds given to the resource to terminate gracefully.', {
      initial: '-1',
    }),
    duration('timeout', 'The length of time to wait before giving up on a delete'),
    ...serverSideFlags,
    text(
      'subresource',
      'If specified, apply will operate on the subresource of the requested object.  Only allowed when using --server-side.',
    ),
    bool('prune', 'Automatically delete resource objects that do not appear in the configs. Not simulated.'),
    bool('all', 'Select all resources in the namespace of the specified resource types.'),
    array('prune-allowlist', 'Overwrite the default allowlist with <group/version/kind> for --prune.'),
    text('cascade', 'Must be "background", "orphan", or "foreground".', {
      initial: 'background',
      alone: 'background',
    }),
  ],
  run: runApply,
};

async function runApply(invocation: Invocation): Promise<void> {
  const { flags, args, path } = invocation;
  if (args.length > 0)
    throw new CommandError(`Unexpected args: [${args.join(' ')}]\nSee '${path} -h' for help and examples`);
  requireFiles(invocation);
  const dryRun = await dryRunOf(invocation);
  checkServerSide(invocation, dryRun);
  if (flags.text('subresource') !== '' && !flags.bool('server-side'))
    throw new CommandError('--subresource can only be specified for --server-side');
  if (flags.bool('prune')) {
    throw new CommandError(
      'Podarium does not simulate --prune yet: delete what is no longer wanted with kubectl delete',
    );
  }
  fieldValidationOf(invocation);
  const { targets, errors } = await targetsOf(invocation, { args, labelSelector: flags.text('selector') });
  if (targets.length === 0 && errors.length === 0) throw new CommandError('no objects passed to apply');
  const printer = printerOf(invocation);
  const applied: KubeObject[] = [];
  for (const target of targets) {
    try {
      const { object, operation } = await applyOne(invocation, target, dryRun);
      applied.push(object);
      const suffix = { none: '', client: ' (dry run)', server: ' (server dry run)' }[dryRun];
      if (!printer) await invocation.out(`${nameOf(object)} ${operation}${suffix}\n`);
    } catch (error) {
      if (!isFailure(error)) throw error;
      errors.push(error);
    }
  }
  if (printer && applied.length > 0)
    await invocation.out(printer(applied.length === 1 ? applied[0] : listOf(applied)));
  throwAll(errors);
}

function isFailure(error: unknown): boolean {
  return error instanceof CommandError || (error instanceof Error && error.name === 'StatusError');
}

interface Outcome {
  readonly object: KubeObject;
  readonly operation: 'created' | 'configured' | 'unchanged' | 'serverside-applied';
}

async function applyOne(invocation: Invocation, target: Target, dryRun: DryRun): Promise<Outcome> {
  const { client } = invocation;
  const { resource, namespace, name, source } = target;
  if (name === '') throw new CommandError(nameless(target));
  if (invocation.flags.bool('server-side')) {
    const object = await applyServerSide(invocation, target, dryRun);
    return { object, operation: 'serverside-applied' };
  }
  const modified = withLastApplied(target.object);
  const current = await client.find(resource, namespace, name).catch((error: unknown) => {
    throw withSource(
      error,
      `retrieving current configuration of:\n${describeTarget(target)}\nfrom server for:`,
      source,
    );
  });
  if (current === null) {
    if (dryRun === 'client') return { object: modified, operation: 'created' };
    try {
      return {
        object: await client.create(resource, namespace, modified, writeQuery(invocation, dryRun)),
        operation: 'created',
      };
    } catch (error) {
      throw withSource(error, 'creating', source);
    }
  }
  if (dryRun !== 'client' && lastAppliedOf(current) === undefined) {
    await invocation.err(
      `Warning: resource ${resource.plural}/${name} is missing the ${lastAppliedAnnotation} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`,
    );
  }
  return await patchOne(invocation, target, modified, current, dryRun);
}

function nameless(target: Target): string {
  const generate = target.object.metadata?.generateName;
  return generate
    ? `from ${generate}: cannot use generate name with apply`
    : `error when retrieving current configuration of:\n${describeTarget(target)}\nfrom server for: ${JSON.stringify(target.source)}: resource name may not be empty`;
}

function writeQuery(invocation: Invocation, dryRun: DryRun): Record<string, string> {
  return {
    ...dryRunQuery(dryRun),
    fieldManager: invocation.flags.text('field-manager'),
    fieldValidation: fieldValidationOf(invocation),
  };
}

/** The target as upstream's resource.Info prints itself. */
function describeTarget({ resource: { group, version, plural, kind }, namespace, name }: Target): string {
  const groupVersion = group === '' ? `/${version}` : `${group}/${version}`;
  return `Resource: "${groupVersion}, Resource=${plural}", GroupVersionKind: "${groupVersion}, Kind=${kind}"\nName: ${JSON.stringify(name)}, Namespace: ${JSON.stringify(namespace)}`;
}

async function patchOne(
  invocation: Invocation,
  target: Target,
  modified: KubeObject,
  before: KubeObject,
  dryRun: DryRun,
): Promise<Outcome> {
  const { client, flags } = invocation;
  const { resource, namespace, name, source } = target;
  // Upstream prints what is there, and not what would be.
  if (dryRun === 'client') return { object: before, operation: 'configured' };
  let current = before;
  for (let attempt = 0; ; attempt++) {
    const { patch, type } = threeWayPatch(modified, current);
    if (deepEqual(patch, {})) return { object: current, operation: 'unchanged' };
    try {
      const query = writeQuery(invocation, dryRun);
      return {
        object: await client.patch(resource, namespace, name, patch, { type, query }),
        operation: 'configured',
      };
    } catch (error) {
      const { reason } = error as { reason?: string };
      if (reason === 'Conflict' && attempt < conflictRetriesMax) {
        current = await client.get(resource, namespace, name);
        continue;
      }
      if (flags.bool('force') && (reason === 'Conflict' || reason === 'Invalid')) {
        return await recreate(invocation, target, modified, current, dryRun);
      }
      const text = `applying patch:\n${toCompactJson(sortKeys(patch))}\nto:\n${describeTarget(target)}\nfor:`;
      throw withSource(withSource(error, 'patching', source), text, source);
    }
  }
}

/** What `--force` does when a patch is refused: deletes the object and makes it anew. */
async function recreate(
  invocation: Invocation,
  target: Target,
  modified: KubeObject,
  current: KubeObject,
  dryRun: DryRun,
): Promise<Outcome> {
  const { client, flags } = invocation;
  const { resource, namespace, name } = target;
  const grace = flags.int('grace-period');
  const options = { propagationPolicy: 'Background', ...(grace >= 0 && { gracePeriodSeconds: grace }) };
  await client.delete(resource, namespace, name, options, dryRunQuery(dryRun));
  const deadlineMs = invocation.nowMs + (flags.durationMs('timeout') || weekMs);
  if (dryRun === 'none') await waitUntilGone(invocation, target, current.metadata.uid, deadlineMs);
  return {
    object: await client.create(resource, namespace, modified, writeQuery(invocation, dryRun)),
    operation: 'configured',
  };
}
