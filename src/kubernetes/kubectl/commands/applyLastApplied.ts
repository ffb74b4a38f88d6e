// Upstream: kubectl/pkg/cmd/apply/{apply_view_last_applied,apply_set_last_applied}.go
import { formatGoJson } from '#kubernetes/apimachinery/goJson.ts';
import { parseDocument } from '#kubernetes/apimachinery/yamlDocument.ts';
import type { Command } from '../command.ts';
import { CommandError, throwAll } from '../errors.ts';
import { bool, text } from '../flags.ts';
import { lastAppliedAnnotation, lastAppliedOf, withLastApplied } from '../lastApplied.ts';
import { sortKeys } from '../output/json.ts';
import { nameOf } from '../output/printer.ts';
import { toYaml } from '#kubernetes/apimachinery/yamlText.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { edit } from '../editing.ts';
import { fileFlags, requireFiles, selectorFlag, targetsOf } from '../targets.ts';
import { fieldManagerFlag, dryRunFlag, dryRunOf, dryRunQuery, resultPrinter } from '../writing.ts';

const viewLastApplied: Command = {
  name: 'view-last-applied',
  summary: 'View the latest last-applied-configuration annotations of a resource/object',
  usage: 'apply view-last-applied (TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)',
  arguments: 'resources',
  flags: [
    ...fileFlags,
    selectorFlag,
    bool('all', 'Select all resources in the namespace of the specified resource types'),
    text('output', 'Output format. Must be one of (yaml, json)', {
      short: 'o',
      initial: 'yaml',
      values: ['yaml', 'json'],
    }),
  ],
  async run(invocation) {
    const { flags, args } = invocation;
    const output = flags.text('output');
    if (output !== 'yaml' && output !== 'json') {
      throw new CommandError(
        `Unexpected -o output mode: ${output}, the flag 'output' must be one of yaml|json`,
      );
    }
    const { targets, errors } = await targetsOf(invocation, {
      args,
      all: flags.bool('all'),
      labelSelector: flags.text('selector'),
    });
    throwAll(errors);
    for (const { resource, namespace, name, source, object } of targets) {
      const live = source === '' ? object : await invocation.client.get(resource, namespace, name);
      const applied = lastAppliedOf(live);
      if (applied === undefined) {
        throw new CommandError(`no last-applied-configuration annotation found on resource: ${name}`);
      }
      const value = sortKeys(parseDocument(applied));
      await invocation.out(output === 'yaml' ? toYaml(value) : `${formatGoJson(value, '  ')}\n`);
    }
  },
};

const setLastApplied: Command = {
  name: 'set-last-applied',
  summary: 'Set the last-applied-configuration annotation on a live object to match the contents of a file',
  usage: 'apply set-last-applied -f FILENAME',
  flags: [
    ...fileFlags,
    dryRunFlag,
    bool(
      'create-annotation',
      "Will create 'last-applied-configuration' annotations if current objects doesn't have one",
    ),
    text('output', 'Output format.', { short: 'o' }),
  ],
  async run(invocation) {
    requireFiles(invocation);
    const dryRun = await dryRunOf(invocation);
    const print = resultPrinter(invocation, dryRun);
    const { targets, errors } = await targetsOf(invocation, { args: invocation.args });
    throwAll(errors);
    for (const { resource, namespace, name, object } of targets) {
      const live = await invocation.client.get(resource, namespace, name);
      if (lastAppliedOf(live) === undefined && !invocation.flags.bool('create-annotation')) {
        throw new CommandError(
          `no last-applied-configuration annotation found on resource: ${name}, to create the annotation, run the command with --create-annotation`,
        );
      }
      const annotations = { [lastAppliedAnnotation]: lastAppliedOf(withLastApplied(object)) };
      const patch = { metadata: { annotations } };
      const patched =
        dryRun === 'client'
          ? live
          : await invocation.client.patch(resource, namespace, name, patch, {
              type: 'merge',
              query: dryRunQuery(dryRun),
            });
      await print(patched, 'configured');
    }
  },
};

const editLastApplied: Command = {
  name: 'edit-last-applied',
  summary: 'Edit latest last-applied-configuration annotations of a resource/object',
  usage: 'apply edit-last-applied (RESOURCE/NAME | -f FILENAME)',
  arguments: 'resources',
  flags: [...fileFlags, fieldManagerFlag('kubectl-client-side-apply')],
  async run(invocation) {
    const { client } = invocation;
    const { targets, errors } = await targetsOf(invocation, { args: invocation.args });
    throwAll(errors);
    for (const { resource, namespace, name } of targets) {
      const live = await client.get(resource, namespace, name);
      const applied = lastAppliedOf(live);
      if (applied === undefined)
        throw new CommandError(`no last-applied-configuration annotation found on resource: ${name}`);
      const before = sortKeys(parseDocument(applied));
      await edit(invocation, {
        heading,
        original: before,
        named: `${resource.plural} ${JSON.stringify(name)}`,
        async save(value, results) {
          const after = sortKeys(value) as KubeObject;
          const annotations = { [lastAppliedAnnotation]: lastAppliedOf(withLastApplied(after)) };
          const query = { fieldManager: invocation.flags.text('field-manager') };
          const patch = { metadata: { annotations } };
          try {
            await client.patch(resource, namespace, name, patch, { type: 'merge', query });
          } catch (error) {
            const sentence = results.add(error, `${resource.plural} ${JSON.stringify(name)}`);
            await invocation.err(`${sentence}\n`);
            return;
          }
          await invocation.out(`${nameOf(live)} edited\n`);
        },
      });
    }
  },
};

const heading = `# Please edit the 'last-applied-configuration' annotations below.
# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.
#
`;

export const applySubcommands: readonly Command[] = [editLastApplied, setLastApplied, viewLastApplied];
