// Upstream: kubectl/pkg/cmd/util/editor/editoptions.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Command } from '../command.ts';
import { CommandError, messageOf, throwAll } from '../errors.ts';
import { text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { parseDocument } from '#kubernetes/apimachinery/yamlDocument.ts';
import { patchBetween } from '../objectPatch.ts';
import { printFlags } from '../output/printer.ts';
import { toYaml } from '../output/yaml.ts';
import type { Target } from '../target.ts';
import { fileFlags, targetsOf } from '../targets.ts';
import { fieldManagerFlag, resultPrinter } from '../writing.ts';

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
    const { args } = invocation;
    // A type alone stands for all of them.
    const all = args.length === 1 && !args[0]!.includes('/');
    const { targets, errors } = await targetsOf(invocation, { args, all });
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

/** What one edit is about. */
export interface Edited {
  /** What the editor begins with; the heading is added. */
  readonly text: string;
  /** What the file is called in errors: `deployments "web"`. */
  readonly named: string;
  /** Stores what was written; false where there is nothing to store. Throws what is wrong with it. */
  save(body: string): Promise<boolean>;
}

/** Opens a text in the editor until it is saved, left as it was, or emptied. True when it was saved. */
export async function editText(
  invocation: Invocation,
  { text: initial, named, save }: Edited,
): Promise<boolean> {
  const { process } = invocation;
  const path = `/tmp/kubectl-edit-${process.simulation.random('kubectl-edit').uint32()}.yaml`;
  process.files.makeDirectory('/tmp', { parents: true });
  const cancelled = async (why: string) => {
    await invocation.err(`Edit cancelled, ${why}.\n`);
    return false;
  };
  let shown = heading + initial;
  let failed = false;
  for (;;) {
    process.files.write(path, shown);
    await openEditor(invocation, path);
    const written = process.files.read(path);
    if (written === shown) {
      if (!failed) return await cancelled('no changes made');
      await invocation.err(`A copy of your changes has been stored to ${JSON.stringify(path)}\n`);
      throw new CommandError('Edit cancelled, no valid changes were saved.');
    }
    const body = written
      .split('\n')
      .filter((line) => !line.startsWith('#'))
      .join('\n');
    if (body.trim() === '') return await cancelled('saved file was empty');
    try {
      if (!(await save(body))) return await cancelled('no changes made');
      process.files.remove(path);
      return true;
    } catch (error) {
      const known = error instanceof StatusError || error instanceof CommandError;
      const why = known ? messageOf(error) : (error as Error).message;
      await invocation.err(`${why}\n`);
      shown = `${heading}# ${named} was not valid:\n${why
        .split('\n')
        .map((line) => `# * ${line}\n`)
        .join('')}#\n${body}`;
      failed = true;
    }
  }
}

async function editOne(invocation: Invocation, { resource, namespace, name }: Target): Promise<void> {
  const { client, flags } = invocation;
  const before = withoutManagedFields(await client.get(resource, namespace, name));
  let after = before;
  const isSaved = await editText(invocation, {
    text: toYaml(before),
    named: `${resource.plural} ${JSON.stringify(name)}`,
    async save(body) {
      const { patch, type } = patchBetween(before, parseDocument(body) as KubeObject);
      if (Object.keys(patch).length === 0) return false;
      const query = { fieldManager: flags.text('field-manager'), fieldValidation: 'Strict' };
      after = await client.patch(resource, namespace, name, patch, { type, query });
      return true;
    },
  });
  if (isSaved) await resultPrinter(invocation, 'none')(after, 'edited');
}
