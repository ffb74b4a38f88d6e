// Upstream: kubectl/pkg/cmd/{label/label,annotate/annotate}.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import { checkLabelValue } from '#kubernetes/apimachinery/names.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import type { Command } from '../command.ts';
import { CommandError, throwAll } from '../errors.ts';
import { bool, text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { patchLocally } from '../localPatch.ts';
import { printFlags } from '../output/printer.ts';
import type { Target } from '../target.ts';
import { allNamespacesFlag, fieldSelectorFlag, fileFlags, selectorFlag, targetsOf } from '../targets.ts';
import { dryRunFlag, dryRunOf, dryRunQuery, fieldManagerFlag, resultPrinter } from '../writing.ts';

/** What tells `label` from `annotate`. */
interface Marks {
  readonly field: 'labels' | 'annotations';
  readonly noun: 'label' | 'annotation';
}

interface Changes {
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

const flags = [
  ...fileFlags,
  ...printFlags,
  selectorFlag,
  fieldSelectorFlag,
  allNamespacesFlag,
  dryRunFlag,
  bool('all', 'Select all resources, in the namespace of the specified resource types'),
  bool('list', 'If true, display the labels for a given resource.'),
  bool('local', 'If true, the command will NOT contact the api-server but run locally.'),
  bool(
    'overwrite',
    'If true, allow labels to be overwritten, otherwise reject label updates that overwrite existing labels.',
  ),
  text(
    'resource-version',
    'If non-empty, the update will only succeed if this is the current resource-version for the object.',
  ),
];

export const label: Command = {
  name: 'label',
  group: 'Settings Commands',
  summary: 'Update the labels on a resource',
  examples: [
    [
      "Update pod 'foo' with the label 'unhealthy' and the value 'true'",
      'kubectl label pods foo unhealthy=true',
    ],
    ["Update pod 'foo' by removing a label named 'bar' if it exists", 'kubectl label pods foo bar-'],
  ],
  usage:
    'label [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  arguments: 'resources',
  flags: [...flags, fieldManagerFlag('kubectl-label')],
  run: (invocation) => mark(invocation, { field: 'labels', noun: 'label' }),
};

export const annotate: Command = {
  name: 'annotate',
  group: 'Settings Commands',
  summary: 'Update the annotations on a resource',
  examples: [
    [
      "Update pod 'foo' with the annotation 'description' and the value 'my frontend'",
      "kubectl annotate pods foo description='my frontend'",
    ],
  ],
  usage:
    'annotate [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  arguments: 'resources',
  flags: [...flags, fieldManagerFlag('kubectl-annotate')],
  run: (invocation) => mark(invocation, { field: 'annotations', noun: 'annotation' }),
};

/** Splits the arguments into resources and changes: `key=value` and `key-` come after the resources. */
function readArguments(args: readonly string[], { noun }: Marks): { resources: string[]; changes: Changes } {
  const first = args.findIndex((arg) => arg.includes('=') || (arg.endsWith('-') && arg !== '-'));
  const resources = first < 0 ? [...args] : args.slice(0, first);
  const set: Record<string, string> = {};
  const remove: string[] = [];
  for (const arg of first < 0 ? [] : args.slice(first)) {
    const at = arg.indexOf('=');
    if (noun === 'label' && at !== arg.lastIndexOf('=')) throw new CommandError(`invalid label spec: ${arg}`);
    if (at < 0 && arg.endsWith('-')) remove.push(arg.slice(0, -1));
    else if (at <= 0)
      throw new CommandError(
        noun === 'label'
          ? 'all resources must be specified before label changes: ' + arg
          : 'all resources must be specified before annotation changes: ' + arg,
      );
    else set[arg.slice(0, at)] = arg.slice(at + 1);
  }
  const both = [...new Set(remove.filter((key) => key in set))].sort();
  if (both.length > 0)
    throw new CommandError(
      noun === 'label'
        ? 'can not both modify and remove a label in the same command'
        : `can not both modify and remove the following annotation(s) in the same command: ${both.join(', ')}`,
    );
  return { resources, changes: { set, remove } };
}

function checkMarks({ set }: Changes, { noun }: Marks): void {
  if (noun !== 'label') return;
  for (const [key, value] of Object.entries(set)) {
    // The kubectl that ours prints like still counts characters where servers count bytes.
    const wrong = checkLabelValue(value).map((one) => one.replace(/ bytes$/, ' characters'));
    if (wrong.length > 0)
      throw new CommandError(`invalid label value: ${JSON.stringify(`${key}=${value}`)}: ${wrong.join(';')}`);
  }
}

async function mark(invocation: Invocation, marks: Marks): Promise<void> {
  const { flags: given, args } = invocation;
  const { resources, changes } = readArguments(args, marks);
  const count = Object.keys(changes.set).length + changes.remove.length;
  if (resources.length === 0 && given.list('filename').length === 0) {
    throw new CommandError(
      'one or more resources must be specified as <resource> <name> or <resource>/<name>',
    );
  }
  if (count === 0 && !given.bool('list'))
    throw new CommandError(`at least one ${marks.noun} update is required`);
  checkMarks(changes, marks);
  const dryRun = await dryRunOf(invocation);
  const { targets, errors } = await targetsOf(invocation, {
    args: resources,
    all: given.bool('all'),
    labelSelector: given.text('selector'),
    fieldSelector: given.text('field-selector'),
    allNamespaces: given.bool('all-namespaces'),
    fetch: !given.bool('local'),
  });
  const print = resultPrinter(invocation, dryRun);
  const isQuery = given.text('selector') !== '' || given.bool('all');
  for (const target of targets) {
    try {
      const { before, after } = await markOne(invocation, target, changes, marks, dryRun);
      if (given.bool('list')) await listMarks(invocation, after, marks, isQuery || targets.length > 1);
      else await print(after, operationOf(before, after, changes, marks));
    } catch (error) {
      errors.push(error);
    }
  }
  throwAll(errors);
}

async function markOne(
  invocation: Invocation,
  { resource, namespace, name, source, object }: Target,
  changes: Changes,
  { field, noun }: Marks,
  dryRun: 'none' | 'client' | 'server',
): Promise<{ before: KubeObject; after: KubeObject }> {
  const { client, flags: given } = invocation;
  const local = given.bool('local') || given.bool('list') || dryRun === 'client';
  const before = source === '' || given.bool('local') ? object : await client.get(resource, namespace, name);
  const present: Readonly<Record<string, string>> = before.metadata[field] ?? {};
  const clashes = Object.keys(changes.set).filter(
    (key) => present[key] !== undefined && present[key] !== changes.set[key],
  );
  if (clashes.length > 0 && !given.bool('overwrite')) {
    const list = clashes.map((key) => `'${key}' already has a value (${present[key]})`);
    throw new CommandError(
      noun === 'label'
        ? `${list[0]}, and --overwrite is false`
        : `--overwrite is false but found the following declared annotation(s): ${list.join('; ')}`,
    );
  }
  for (const key of noun === 'label' ? changes.remove : [])
    if (present[key] === undefined) await invocation.out(`${noun} ${JSON.stringify(key)} not found.\n`);
  const patch = {
    metadata: {
      [field]: { ...changes.set, ...Object.fromEntries(changes.remove.map((key) => [key, null])) },
    },
  };
  if (Object.keys(patch.metadata[field]!).length === 0) return { before, after: before };
  const after = patchLocally(before, patch, 'merge');
  if (local || deepEqual(before, after)) return { before, after };
  const query = { ...dryRunQuery(dryRun), fieldManager: given.text('field-manager') };
  const version = given.text('resource-version');
  const guarded = version ? { metadata: { ...patch.metadata, resourceVersion: version } } : patch;
  return { before, after: await client.patch(resource, namespace, name, guarded, { type: 'merge', query }) };
}

function operationOf(
  before: KubeObject,
  after: KubeObject,
  { set, remove }: Changes,
  { field, noun }: Marks,
): string {
  if (noun === 'annotation') return 'annotated';
  if (deepEqual(before.metadata[field] ?? {}, after.metadata[field] ?? {})) return 'not labeled';
  return remove.length > 0 && Object.keys(set).length === 0 ? 'unlabeled' : 'labeled';
}

async function listMarks(
  invocation: Invocation,
  { kind, apiVersion, metadata }: KubeObject,
  { field, noun }: Marks,
  several: boolean,
): Promise<void> {
  const group = apiVersion.includes('/') ? `.${apiVersion.slice(0, apiVersion.indexOf('/'))}` : '.';
  const pairs = Object.entries(metadata[field] ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  if (several) await invocation.out(`Listing ${noun}s for ${kind}${group}/${metadata.name}:\n`);
  await invocation.out(pairs.map(([key, value]) => `${several ? ' ' : ''}${key}=${value}\n`).join(''));
}
