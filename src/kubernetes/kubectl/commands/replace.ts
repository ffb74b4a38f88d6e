// Upstream: kubectl/pkg/cmd/replace/replace.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { Command } from '../command.ts';
import { CommandError, throwAll, withSource } from '../errors.ts';
import { bool, duration, int, text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { lastAppliedOf, withLastApplied } from '../lastApplied.ts';
import { printFlags } from '../output/printer.ts';
import { typeName } from '../restMapper.ts';
import type { Target } from '../target.ts';
import { fileFlags, requireFiles, targetsOf } from '../targets.ts';
import { waitUntilGone, weekMs } from '../waitUntilGone.ts';
import {
  dryRunFlag,
  dryRunOf,
  dryRunQuery,
  fieldManagerFlag,
  fieldValidationOf,
  resultPrinter,
  validateFlag,
} from '../writing.ts';

export const replace: Command = {
  name: 'replace',
  group: 'Advanced Commands',
  summary: 'Replace a resource by file name or stdin',
  examples: [
    ['Replace a pod using the data in pod.yaml', 'kubectl replace -f ./pod.yaml'],
    ['Force replace, delete and then re-create the resource', 'kubectl replace --force -f ./pod.yaml'],
  ],
  usage: 'replace -f FILENAME',
  flags: [
    ...fileFlags,
    ...printFlags,
    dryRunFlag,
    validateFlag,
    fieldManagerFlag('kubectl-replace'),
    text('subresource', 'If specified, replace will operate on the subresource of the requested object.'),
    bool('save-config', 'If true, the configuration of current object will be saved in its annotation.'),
    bool('force', 'If true, immediately remove resources from API and bypass graceful deletion.'),
    int('grace-period', 'Period of time in seconds given to the resource to terminate gracefully.', {
      initial: '-1',
    }),
    duration('timeout', 'The length of time to wait before giving up on a delete'),
    text('cascade', 'Must be "background", "orphan", or "foreground".', {
      initial: 'background',
      alone: 'background',
    }),
  ],
  async run(invocation) {
    const { flags, args } = invocation;
    requireFiles(invocation);
    const dryRun = await dryRunOf(invocation);
    if (flags.int('grace-period') >= 0 && !flags.bool('force'))
      throw new CommandError('--grace-period must have --force specified');
    if (flags.bool('force') && dryRun !== 'none')
      throw new CommandError('--dry-run can not be used when --force is set');
    const { targets, errors } = await targetsOf(invocation, { args });
    const print = resultPrinter(invocation, dryRun);
    for (const target of targets) {
      try {
        const { resource, namespace, name } = target;
        if (flags.bool('force') && dryRun === 'none') await removeFirst(invocation, target);
        const keep = flags.bool('save-config') || lastAppliedOf(target.object) !== undefined;
        const object = keep ? withLastApplied(target.object) : target.object;
        const query = {
          ...dryRunQuery(dryRun),
          fieldManager: flags.text('field-manager'),
          fieldValidation: fieldValidationOf(invocation),
        };
        const { client } = invocation;
        const result =
          dryRun === 'client'
            ? object
            : flags.bool('force')
              ? await client.create(resource, namespace, object, query)
              : await client.replace(
                  resource,
                  namespace,
                  name,
                  await versioned(invocation, target, object),
                  query,
                  flags.text('subresource') || undefined,
                );
        await print(result, 'replaced');
      } catch (error) {
        errors.push(withSource(error, 'replacing', target.source));
      }
    }
    throwAll(errors);
  },
};

/** The object with the version of the one that it replaces, where it says none. */
async function versioned({ client }: Invocation, target: Target, object: KubeObject): Promise<KubeObject> {
  if (object.metadata.resourceVersion) return object;
  const { metadata } = await client.get(target.resource, target.namespace, target.name);
  return { ...object, metadata: { ...object.metadata, resourceVersion: metadata.resourceVersion } };
}

async function removeFirst(invocation: Invocation, target: Target): Promise<void> {
  const { resource, namespace, name } = target;
  const { client, flags } = invocation;
  const live = await client.find(resource, namespace, name);
  if (live === null) return;
  const grace = flags.int('grace-period');
  await client.delete(resource, namespace, name, {
    propagationPolicy: 'Background',
    ...(grace >= 0 && { gracePeriodSeconds: grace }),
  });
  await invocation.out(`${typeName(resource)} "${name}" deleted\n`);
  await waitUntilGone(
    invocation,
    target,
    live.metadata.uid,
    invocation.nowMs + (flags.durationMs('timeout') || weekMs),
  );
}
