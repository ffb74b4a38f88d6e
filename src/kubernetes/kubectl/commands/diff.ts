// Upstream: kubectl/pkg/cmd/diff/diff.go
import { unifiedHunks } from '#text/lineChanges.ts';
import type { Secret } from '#generated/types/core.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Command } from '../command.ts';
import { Aggregate, CommandError, Exit, messageOf, throwAll } from '../errors.ts';
import { bool, int } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { withoutLastApplied } from '../lastApplied.ts';
import { withoutManagedFields } from '../output/managedFields.ts';
import { toYaml } from '#kubernetes/apimachinery/yamlText.ts';
import type { Target } from '../target.ts';
import { fileFlags, requireFiles, selectorFlag, targetsOf } from '../targets.ts';
import { threeWayPatch } from '../threeWayPatch.ts';
import { applyManagerOf, checkServerSide, serverSideFlags } from '../serverSideApply.ts';
import { fieldManagerFlag } from '../writing.ts';

export const diff: Command = {
  name: 'diff',
  group: 'Advanced Commands',
  summary: 'Diff the live version against a would-be applied version',
  long: 'Diff configurations specified by file name or stdin between the current online configuration, and the configuration as it would be if applied.\n\n The output is always YAML.\n\n Exit status: 0 No differences were found. 1 Differences were found. >1 Kubectl or diff failed with an error.',
  examples: [
    ['Diff resources included in pod.json', 'kubectl diff -f pod.json'],
    ['Diff file read from stdin', 'cat service.yaml | kubectl diff -f -'],
  ],
  usage: 'diff -f FILENAME',
  flags: [
    ...fileFlags,
    selectorFlag,
    fieldManagerFlag('kubectl-client-side-apply'),
    ...serverSideFlags,
    bool('show-managed-fields', 'If true, include managed fields in the diff.'),
    int('concurrency', 'Number of objects to process in parallel when diffing against the live version.', {
      initial: '1',
    }),
  ],
  async run(invocation) {
    try {
      if (await differs(invocation)) throw new Exit(1);
    } catch (error) {
      // Every failure of diff exits with 2: 1 says that there are differences.
      const known =
        error instanceof CommandError || error instanceof StatusError || error instanceof Aggregate;
      if (!known) throw error;
      await invocation.err(`${messageOf(error)}\n`);
      throw new Exit(2);
    }
  },
};

async function differs(invocation: Invocation): Promise<boolean> {
  const { args, flags } = invocation;
  requireFiles(invocation);
  checkServerSide(invocation);
  const { targets, errors } = await targetsOf(invocation, { args, labelSelector: flags.text('selector') });
  throwAll(errors);
  const random = invocation.process.simulation.random('kubectl-diff');
  const [live, merged] = ['LIVE', 'MERGED'].map((name) => `/tmp/${name}-${random.uint32()}`) as [
    string,
    string,
  ];
  const external = invocation.process.environment.get('KUBECTL_EXTERNAL_DIFF') ?? '';
  if (external !== '') return await differsBy(invocation, external, targets, { live, merged });
  let found = false;
  for (const target of targets) {
    const { before, after } = shownStates(invocation, await statesOf(invocation, target));
    const hunks = unifiedHunks(linesOf(before && toYaml(before)), linesOf(toYaml(after)));
    if (hunks === '') continue;
    found = true;
    const file = fileName(target);
    const time = new Date(invocation.nowMs)
      .toISOString()
      .replace('T', ' ')
      .replace(/\.\d+Z$/, '.000000000 +0000');
    await invocation.out(
      `diff -u -N ${live}/${file} ${merged}/${file}\n--- ${live}/${file}\t${time}\n+++ ${merged}/${file}\t${time}\n${hunks}`,
    );
  }
  return found;
}

/** Lets another program compare the two states, each a directory with a file per object. */
async function differsBy(
  invocation: Invocation,
  external: string,
  targets: readonly Target[],
  { live, merged }: { readonly live: string; readonly merged: string },
): Promise<boolean> {
  const { process } = invocation;
  for (const directory of [live, merged]) process.files.makeDirectory(directory, { parents: true });
  for (const target of targets) {
    const { before, after } = shownStates(invocation, await statesOf(invocation, target));
    process.files.write(`${live}/${fileName(target)}`, before && toYaml(before));
    process.files.write(`${merged}/${fileName(target)}`, toYaml(after));
  }
  const [name = '', ...words] = external.split(' ');
  const program = process.lookUp(name);
  if (!program)
    throw new CommandError(`failed to run ${JSON.stringify(name)}: executable file not found in $PATH`);
  // Upstream leaves out what could mean something to a shell.
  const args = [name, ...words.filter((word) => /^[\w-]+(=[\w-]*)?$/.test(word)), live, merged];
  const code = await process.waitFor(process.spawn(program, { args }));
  for (const directory of [live, merged]) process.files.remove(directory, { recursive: true });
  if (code > 1) throw new CommandError(`exit status ${code}`);
  return code === 1;
}

function fileName({ resource, namespace, name }: Target): string {
  return [resource.group, resource.version, resource.kind, namespace, name]
    .filter((part) => part !== '')
    .join('.');
}

/** The object as it is (`''` when there is none) and as it would be. */
async function statesOf(
  invocation: Invocation,
  { resource, namespace, name, object }: Target,
): Promise<States> {
  const { client, flags } = invocation;
  const query = { dryRun: 'All', fieldManager: applyManagerOf(invocation) };
  const live = await client.find(resource, namespace, name);
  if (flags.bool('server-side')) {
    const force = String(flags.bool('force-conflicts'));
    const options = { type: 'apply', query: { ...query, force } } as const;
    return masked(live ?? '', await client.patch(resource, namespace, name, object, options));
  }
  if (live === null) return masked('', await client.create(resource, namespace, object, query));
  // Without the annotation of what is applied: that is no difference.
  const { patch, type } = threeWayPatch(withoutLastApplied(object), live);
  // Of the state that is compared, whatever version the file speaks of.
  const { resourceVersion } = live.metadata;
  const metadata = { ...(patch['metadata'] as object | undefined), resourceVersion };
  return masked(live, await client.patch(resource, namespace, name, { ...patch, metadata }, { type, query }));
}

/** Without what is written at every change, unless it is asked for. */
function shownStates({ flags }: Invocation, states: States): States {
  if (flags.bool('show-managed-fields')) return states;
  const { before, after } = states;
  return {
    before: before && (withoutManagedFields(before) as KubeObject),
    after: withoutManagedFields(after) as KubeObject,
  };
}

interface States {
  /** `''` when there is no object. */
  readonly before: KubeObject | '';
  readonly after: KubeObject;
}

/** A secret's values are not shown, only that they change. */
function masked(before: KubeObject | '', after: KubeObject): States {
  if (after.kind !== 'Secret') return { before, after };
  const old = before === '' ? {} : ((before as Secret).data ?? {});
  const next = (after as Secret).data ?? {};
  const hide = (
    data: Readonly<Record<string, string>>,
    other: Readonly<Record<string, string>>,
    mark: string,
  ) =>
    Object.fromEntries(
      Object.keys(data).map((key) => [
        key,
        other[key] === undefined || other[key] === data[key] ? '***' : `*** (${mark})`,
      ]),
    );
  return {
    before: before === '' ? '' : ({ ...before, data: hide(old, next, 'before') } as KubeObject),
    after: { ...after, data: hide(next, old, 'after') } as KubeObject,
  };
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
