// Upstream: kubectl/pkg/cmd/util/editor/editoptions.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Command } from '../command.ts';
import { CommandError, messageOf, throwAll } from '../errors.ts';
import { text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { parseDocument } from '#kubernetes/apimachinery/yamlDocument.ts';
import { patchBetween } from '../objectPatch.ts';
import { nameOf, printFlags } from '../output/printer.ts';
import { toYaml } from '../output/yaml.ts';
import type { Target } from '../target.ts';
import { fileFlags, targetsOf } from '../targets.ts';
import { fieldManagerFlag } from '../writing.ts';

const heading = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

export const edit: Command = {
  name: 'edit',
  group: 'Basic Commands (Intermediate)',
  summary: 'Edit a resource on the server',
  long: 'Edit a resource from the default editor.\n\n The edit command allows you to directly edit any API resource you can retrieve via the command-line tools. It will open the editor defined by your KUBE_EDITOR, or EDITOR environment variables.',
  examples: [["Edit the service named 'registry'", 'kubectl edit svc/registry']],
  usage: 'edit (RESOURCE/NAME | -f FILENAME)',
  arguments: 'resources',
  flags: [
    ...fileFlags,
    ...printFlags,
    fieldManagerFlag('kubectl-edit'),
    text('subresource', 'If specified, edit will operate on the subresource of the requested object.'),
  ],
  async run(invocation) {
    const { targets, errors } = await targetsOf(invocation, { args: invocation.args });
    throwAll(errors);
    for (const target of targets) await editOne(invocation, target);
  },
};

function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

async function openEditor({ process }: Invocation, path: string): Promise<void> {
  const command = process.environment.get('KUBE_EDITOR') || process.environment.get('EDITOR') || 'vi';
  const [name = '', ...args] = command.split(/\s+/);
  const program = process.lookUp(name);
  if (!program) throw new CommandError(`unable to launch the editor ${JSON.stringify(command)}`);
  const code = await process.waitFor(process.spawn(program, { args: [name, ...args, path] }));
  if (code !== 0) throw new CommandError(`there was a problem with the editor ${JSON.stringify(command)}`);
}

/** Opens an object in the editor until it is saved, left as it was, or emptied. */
async function editOne(invocation: Invocation, { resource, namespace, name }: Target): Promise<void> {
  const { process, client, flags } = invocation;
  const before = withoutManagedFields(await client.get(resource, namespace, name));
  const path = `/tmp/kubectl-edit-${process.simulation.random('kubectl-edit').uint32()}.yaml`;
  process.files.makeDirectory('/tmp', { parents: true });
  let shown = heading + toYaml(before);
  let failed = false;
  for (;;) {
    process.files.write(path, shown);
    await openEditor(invocation, path);
    const written = process.files.read(path);
    if (written === shown) {
      if (!failed) return await invocation.err('Edit cancelled, no changes made.\n');
      await invocation.err(`A copy of your changes has been stored to ${JSON.stringify(path)}\n`);
      throw new CommandError('Edit cancelled, no valid changes were saved.');
    }
    const body = written
      .split('\n')
      .filter((line) => !line.startsWith('#'))
      .join('\n');
    if (body.trim() === '') return await invocation.err('Edit cancelled, saved file was empty.\n');
    try {
      const { patch, type } = patchBetween(before, parseDocument(body) as KubeObject);
      if (Object.keys(patch).length === 0) return await invocation.err('Edit cancelled, no changes made.\n');
      const query = { fieldManager: flags.text('field-manager'), fieldValidation: 'Strict' };
      await client.patch(resource, namespace, name, patch, { type, query });
      process.files.remove(path);
      return await invocation.out(`${nameOf(before)} edited\n`);
    } catch (error) {
      const known = error instanceof StatusError || error instanceof CommandError;
      const why = known ? messageOf(error) : (error as Error).message;
      await invocation.err(`${why}\n`);
      shown = `${heading}# ${resource.plural} ${JSON.stringify(name)} was not valid:\n${why
        .split('\n')
        .map((line) => `# * ${line}\n`)
        .join('')}#\n${body}`;
      failed = true;
    }
  }
}
