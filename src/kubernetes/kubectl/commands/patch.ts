// Upstream: kubectl/pkg/cmd/patch/patch.go
import type { Command } from '../command.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { badRequest, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { resolvePath } from '#world/machine/fileSystem.ts';
import { CommandError, throwAll } from '../errors.ts';
import { bool, text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { parseDocument } from '#kubernetes/apimachinery/yamlDocument.ts';
import { printFlags } from '../output/printer.ts';
import { patchLocally, type LocalPatchType } from '../localPatch.ts';
import { fileFlags, targetsOf } from '../targets.ts';
import { dryRunFlag, dryRunOf, dryRunQuery, fieldManagerFlag, resultPrinter } from '../writing.ts';

const types = ['json', 'merge', 'strategic'];

export const patch: Command = {
  name: 'patch',
  group: 'Advanced Commands',
  summary: 'Update fields of a resource',
  long: 'Update fields of a resource using strategic merge patch, a JSON merge patch, or a JSON patch.\n\n JSON and YAML formats are accepted.',
  examples: [
    [
      'Partially update a node using a strategic merge patch, specifying the patch as JSON',
      `kubectl patch node k8s-node-1 -p '{"spec":{"unschedulable":true}}'`,
    ],
    [
      "Update a container's image; spec.containers[*].name is required because it's a merge key",
      `kubectl patch pod valid-pod -p '{"spec":{"containers":[{"name":"kubernetes-serve-hostname","image":"new image"}]}}'`,
    ],
    [
      "Update a container's image using a JSON patch with positional arrays",
      `kubectl patch pod valid-pod --type='json' -p='[{"op": "replace", "path": "/spec/containers/0/image", "value":"new image"}]'`,
    ],
    [
      "Update a deployment's replicas through the 'scale' subresource using a merge patch",
      `kubectl patch deployment nginx-deployment --subresource='scale' --type='merge' -p '{"spec":{"replicas":2}}'`,
    ],
  ],
  usage: 'patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]',
  arguments: 'resources',
  flags: [
    ...fileFlags,
    ...printFlags,
    dryRunFlag,
    fieldManagerFlag('kubectl-patch'),
    text('patch', 'The patch to be applied to the resource JSON file.', { short: 'p' }),
    text('patch-file', 'A file containing a patch to be applied to the resource.'),
    text('type', 'The type of patch being provided; one of [json merge strategic]', {
      initial: 'strategic',
      values: types,
    }),
    text('subresource', 'If specified, patch will operate on the subresource of the requested object.'),
    bool('local', 'If true, patch will operate on the content of the file, not the server-side resource.'),
  ],
  run: runPatch,
};

async function runPatch(invocation: Invocation): Promise<void> {
  const { flags, args } = invocation;
  const dryRun = await dryRunOf(invocation);
  const type = flags.text('type').toLowerCase() as LocalPatchType;
  const content = patchOf(invocation);
  if (!types.includes(type))
    throw new CommandError(
      `--type must be one of [${types.join(' ')}], not ${JSON.stringify(flags.text('type'))}`,
    );
  const { targets, errors } = await targetsOf(invocation, { args, fetch: false });
  throwAll(errors);
  const subresource = flags.text('subresource') || undefined;
  // Upstream says of no patch that it was tried only.
  const print = resultPrinter(invocation, 'none');
  for (const { resource, namespace, name, object, source } of targets) {
    if (flags.bool('local')) {
      await print(patchedLocally(object, content, type), 'patched');
      continue;
    }
    // Without a server there is nothing but the file, where there is one.
    const fromFile = dryRun === 'client' && source !== '';
    const before = fromFile
      ? object
      : await invocation.client.get(resource, namespace, name, subresource ? { subresource } : {});
    const after: KubeObject =
      dryRun === 'client'
        ? patchLocally(before, content, type)
        : await invocation.client
            .patch(resource, namespace, name, content, {
              type,
              query: { ...dryRunQuery(dryRun), fieldManager: flags.text('field-manager') },
              ...(subresource && { subresource }),
            })
            .catch((error: unknown) => {
              throw unsupported(error, before, type);
            });
    await print(after, deepEqual(before, after) ? 'patched (no change)' : 'patched');
  }
  if (targets.length === 0) throw new CommandError('no objects passed to patch');
}

/** What the server would say of a patch is an error of kubectl's own here. */
function patchedLocally(object: KubeObject, patch: unknown, type: LocalPatchType): KubeObject {
  try {
    return patchLocally(object, patch, type);
  } catch (error) {
    throw error instanceof StatusError ? new CommandError(error.message) : error;
  }
}

/** Says which kind does not know this type of patch: custom resources know no strategic one. */
function unsupported(error: unknown, { apiVersion, kind }: KubeObject, type: string): unknown {
  if (!(error instanceof StatusError) || error.reason !== 'UnsupportedMediaType') return error;
  const mediaType = `application/${type === 'strategic' ? 'strategic-merge' : type}-patch+json`;
  return new CommandError(`${mediaType} is not supported by ${apiVersion}, Kind=${kind}: ${error.message}`);
}

function patchOf({ flags, process }: Invocation): unknown {
  const file = flags.text('patch-file');
  const given = flags.text('patch');
  if (file === '' && given === '')
    throw new CommandError('must specify --patch or --patch-file containing the contents of the patch');
  if (file !== '' && given !== '') throw new CommandError('cannot specify --patch and --patch-file together');
  const path = resolvePath(process.workingDirectory, file);
  if (file !== '' && process.files.status(path) === null)
    throw new CommandError(`unable to read patch file: open ${file}: no such file or directory`);
  try {
    return parseDocument(file === '' ? given : process.files.read(path));
  } catch (error) {
    const text = given || file;
    // What looks like JSON is sent as it is, so that the server is the one who refuses it.
    if (/^\s*[{[]/.test(text)) throw badRequest(jsonComplaint(text));
    const why = (error as Error).message.replace('error converting YAML to JSON: ', '');
    throw new CommandError(`unable to parse ${JSON.stringify(text)}: ${why}`);
  }
}

/** What Go's decoder says of the commonest slip, a shell that ate the quotes, or else of a text that ends too soon. */
function jsonComplaint(text: string): string {
  const bare = /[{,]\s*([^"\s}])/.exec(text)?.[1];
  return bare
    ? `invalid character '${bare}' looking for beginning of object key string`
    : 'unexpected end of JSON input';
}
