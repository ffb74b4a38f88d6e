// Upstream: kubectl/pkg/cmd/util/editor/editoptions.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import type { Command } from '../command.ts';
import { edit as editValue, type EditResults } from '../editing.ts';
import { CommandError, throwAll } from '../errors.ts';
import { bool, text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { withLastApplied } from '../lastApplied.ts';
import { patchBetween } from '../objectPatch.ts';
import { sortKeys, toCompactJson } from '../output/json.ts';
import { withoutManagedFields } from '../output/managedFields.ts';
import { printFlags } from '../output/printer.ts';
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
    bool('save-config', 'If true, the configuration of current object will be saved in its annotation.'),
    text('subresource', 'If specified, edit will operate on the subresource of the requested object.'),
  ],
  async run(invocation) {
    const { args } = invocation;
    // A type alone stands for all of them.
    const all = args.length === 1 && !args[0]!.includes('/');
    const { targets, errors } = await targetsOf(invocation, { args, all });
    throwAll(errors);
    await editAll(invocation, targets);
  },
};

/** A live object as it was when the editor opened. */
type Live = Target & { readonly live: KubeObject };

async function editAll(invocation: Invocation, targets: readonly Target[]): Promise<void> {
  const found: Live[] = [];
  const subresource = subresourceOf(invocation);
  for (const target of targets) {
    const { resource, namespace, name } = target;
    const live = await invocation.client.get(resource, namespace, name, subresource);
    found.push({ ...target, live });
  }
  const [first] = found;
  if (first === undefined) return;
  const shown = found.map(({ live }) => withoutManagedFields(live));
  const list = { apiVersion: 'v1', items: shown, kind: 'List', metadata: {} };
  await editValue(invocation, {
    heading,
    original: shown.length === 1 ? shown[0] : list,
    named: namedAs(first),
    async save(value, results) {
      const { items } = value as { readonly items?: readonly KubeObject[] };
      for (const object of found.length > 1 && items ? items : [value as KubeObject])
        await saveOne(invocation, object, found, results);
    },
  });
}

function namedAs({ resource, name }: Target): string {
  return `${resource.plural} ${JSON.stringify(name)}`;
}

function subresourceOf({ flags }: Invocation): { subresource?: string } {
  const subresource = flags.text('subresource');
  return subresource === '' ? {} : { subresource };
}

async function saveOne(
  invocation: Invocation,
  written: KubeObject,
  found: readonly Live[],
  results: EditResults,
): Promise<void> {
  const { client, flags } = invocation;
  const target = found.find(({ live }) => live.metadata.uid === written.metadata?.uid);
  if (target === undefined)
    throw new CommandError(`no original object found for ${toCompactJson(sortKeys(written))}`);
  const { resource, namespace, name, live } = target;
  const { managedFields } = live.metadata;
  const whole = { ...written, metadata: { ...written.metadata, ...(managedFields && { managedFields }) } };
  const after = flags.bool('save-config') ? withLastApplied(whole) : whole;
  const print = resultPrinter(invocation, 'none');
  if (deepEqual(after, live)) return await print(live, 'skipped');
  const isOther =
    after.apiVersion !== live.apiVersion ||
    after.kind !== live.kind ||
    after.metadata.name !== live.metadata.name;
  if (isOther) throw new CommandError('At least one of apiVersion, kind and name was changed');
  const { patch, type } = patchBetween(live, after);
  const query = { fieldManager: flags.text('field-manager'), fieldValidation: 'Strict' };
  let stored: KubeObject;
  try {
    stored = await client.patch(resource, namespace, name, patch, {
      type,
      query,
      ...subresourceOf(invocation),
    });
  } catch (error) {
    await invocation.err(`${results.add(error, namedAs(target))}\n`);
    return;
  }
  await print(stored, 'edited');
}
