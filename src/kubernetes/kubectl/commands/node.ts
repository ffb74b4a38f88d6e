// Upstream: kubectl/pkg/cmd/drain/drain.go, kubectl/pkg/drain, kubectl/pkg/cmd/taint
import type { Node, Pod, Taint } from '#generated/types/core.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { formatDuration } from '#kubernetes/apimachinery/duration.ts';
import { checkLabelKey } from '#kubernetes/apimachinery/names.ts';
import { pathOf } from '#kubernetes/api/kind.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Command } from '../command.ts';
import { CommandError, Exit, throwAll, usageError } from '../errors.ts';
import { bool, duration, int, text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { modifyTargets } from '../modifying.ts';
import { printFlags } from '../output/printer.ts';
import type { Target } from '../target.ts';
import { selectorFlag, targetsOf } from '../targets.ts';
import { waitUntilGone, weekMs } from '../waitUntilGone.ts';
import { dryRunFlag, dryRunOf, dryRunQuery, fieldManagerFlag, type DryRun } from '../writing.ts';

/** How long an eviction that a disruption budget refuses waits for its next try. */
const evictionRetryMs = 5000;

const suffixes = { none: '', client: ' (dry run)', server: ' (server dry run)' } as const;

async function nodeTargets(invocation: Invocation): Promise<Target[]> {
  const { args, flags, path } = invocation;
  const selector = flags.text('selector');
  const verb = path.split(' ').at(-1)!;
  if (args.length === 0 && selector === '') throw usageError(path, `USAGE: ${verb} NODE [flags]`);
  if (args.length > 0 && selector !== '')
    throw new CommandError('error: cannot specify both a node name and a --selector option');
  const { targets, errors } = await targetsOf(
    invocation,
    selector
      ? { args: ['nodes'], labelSelector: selector }
      : { args: args.some((arg) => arg.includes('/')) ? args : ['nodes', ...args] },
  );
  throwAll(errors);
  return targets;
}

/** Marks a node, or says that it was marked before. */
async function setUnschedulable(
  invocation: Invocation,
  { resource, name, object }: Target,
  wanted: boolean,
  dryRun: DryRun,
): Promise<void> {
  const done = wanted ? 'cordoned' : 'uncordoned';
  const is = (object as Node).spec.unschedulable ?? false;
  if (is === wanted) return await invocation.out(`node/${name} already ${done}${suffixes[dryRun]}\n`);
  const patch = { spec: { unschedulable: wanted ? true : null } };
  if (dryRun !== 'client')
    await invocation.client.patch(resource, '', name, patch, {
      type: 'strategic',
      query: dryRunQuery(dryRun),
    });
  await invocation.out(`node/${name} ${done}${suffixes[dryRun]}\n`);
}

function cordonCommand(name: 'cordon' | 'uncordon'): Command {
  const wanted = name === 'cordon';
  return {
    name,
    group: 'Cluster Management Commands',
    summary: wanted ? 'Mark node as unschedulable' : 'Mark node as schedulable',
    examples: [[`Mark node "foo" as ${wanted ? 'un' : ''}schedulable`, `kubectl ${name} foo`]],
    usage: `${name} NODE`,
    arguments: 'nodes',
    flags: [selectorFlag, dryRunFlag],
    async run(invocation) {
      const dryRun = await dryRunOf(invocation);
      for (const target of await nodeTargets(invocation))
        await setUnschedulable(invocation, target, wanted, dryRun);
    },
  };
}

export const cordon = cordonCommand('cordon');
export const uncordon = cordonCommand('uncordon');

export const drain: Command = {
  name: 'drain',
  group: 'Cluster Management Commands',
  summary: 'Drain node in preparation for maintenance',
  long: "Drain node in preparation for maintenance.\n\n The given node will be marked unschedulable to prevent new pods from arriving. 'drain' evicts the pods if the API server supports eviction.",
  examples: [
    [
      'Drain node "foo", even if there are pods not managed by a replication controller, replica set, job, daemon set, or stateful set on it',
      'kubectl drain foo --force',
    ],
    [
      'As above, but abort if there are pods not managed by a replication controller, replica set, job, daemon set, or stateful set, and use a grace period of 15 minutes',
      'kubectl drain foo --grace-period=900',
    ],
  ],
  usage: 'drain NODE',
  arguments: 'nodes',
  flags: [
    selectorFlag,
    dryRunFlag,
    bool(
      'delete-emptydir-data',
      'Continue even if there are pods using emptyDir (local data that will be deleted when the node is drained).',
    ),
    bool('disable-eviction', 'Force drain to use delete, even if eviction is supported.'),
    bool('force', 'Continue even if there are pods that do not declare a controller.'),
    int(
      'grace-period',
      'Period of time in seconds given to each pod to terminate gracefully. If negative, the default value specified in the pod will be used.',
      { initial: '-1' },
    ),
    bool('ignore-daemonsets', 'Ignore DaemonSet-managed pods.'),
    text('pod-selector', 'Label selector to filter pods on the node'),
    duration('timeout', 'The length of time to wait before giving up, zero means infinite'),
  ],
  async run(invocation) {
    const dryRun = await dryRunOf(invocation);
    const targets = await nodeTargets(invocation);
    for (const target of targets) await setUnschedulable(invocation, target, true, dryRun);
    const failures: [string, string][] = [];
    for (const { name } of targets) {
      try {
        await drainOne(invocation, name, dryRun);
        await invocation.out(`node/${name} drained${suffixes[dryRun]}\n`);
      } catch (error) {
        if (!(error instanceof CommandError || error instanceof StatusError)) throw error;
        await invocation.err(
          `error: unable to drain node ${JSON.stringify(name)} due to error: ${error.message}, continuing command...\n`,
        );
        failures.push([name, error instanceof DrainRefusal ? error.refusals.join('\n') : error.message]);
      }
    }
    if (failures.length === 0) return;
    await invocation.err(
      `There are pending nodes to be drained:\n${failures.map(([name]) => ` ${name}\n`).join('')}`,
    );
    await invocation.err(failures.map(([, message]) => `${message}\n`).join(''));
    throw new Exit(1);
  },
};

/** Why a node is not drained, in one sentence or several. */
class DrainRefusal extends CommandError {
  readonly refusals: readonly string[];
  constructor(refusals: readonly string[]) {
    super(refusals.length === 1 ? refusals[0]! : `[${refusals.join(', ')}]`);
    this.refusals = refusals;
  }
}

interface Verdict {
  readonly pods: Pod[];
  readonly refusals: ReadonlyMap<string, string[]>;
  readonly warnings: ReadonlyMap<string, string[]>;
}

/** Which pods of a node go, and why others forbid the drain. Upstream: kubectl/pkg/drain/filters.go */
function judge(pods: readonly Pod[], { flags }: Invocation): Verdict {
  const going: Pod[] = [];
  const refusals = new Map<string, string[]>();
  const warnings = new Map<string, string[]>();
  const note = (list: Map<string, string[]>, why: string, pod: Pod) =>
    list.set(why, [...(list.get(why) ?? []), `${pod.metadata.namespace}/${pod.metadata.name}`]);
  for (const pod of pods) {
    const controller = pod.metadata.ownerReferences?.find((owner) => owner.controller);
    const finished = pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';
    if (pod.metadata.annotations?.['kubernetes.io/config.mirror']) continue;
    if (controller?.kind === 'DaemonSet' && !finished) {
      if (flags.bool('ignore-daemonsets')) note(warnings, 'ignoring DaemonSet-managed Pods', pod);
      else note(refusals, 'cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)', pod);
      continue;
    }
    const local = !finished && (pod.spec.volumes ?? []).some((volume) => volume.emptyDir);
    if (local && !flags.bool('delete-emptydir-data')) {
      note(refusals, 'cannot delete Pods with local storage (use --delete-emptydir-data to override)', pod);
    } else if (!controller && !finished) {
      if (flags.bool('force')) note(warnings, 'deleting Pods that declare no controller', pod);
      else
        note(
          refusals,
          'cannot delete cannot delete Pods that declare no controller (use --force to override)',
          pod,
        );
    }
    going.push(pod);
  }
  return { pods: going, refusals, warnings };
}

const sentence = (list: ReadonlyMap<string, string[]>) =>
  [...list].map(([why, pods]) => `${why}: ${pods.join(', ')}`);

async function drainOne(invocation: Invocation, node: string, dryRun: DryRun): Promise<void> {
  const { client, flags } = invocation;
  const resource = (await invocation.mapper()).get('', 'pods');
  const labelSelector = flags.text('pod-selector') || undefined;
  const { items } = await client.list<Pod>(resource, '', {
    fieldSelector: `spec.nodeName=${node}`,
    labelSelector,
  });
  const { pods, refusals, warnings } = judge(items, invocation);
  const refused = sentence(refusals);
  if (refused.length > 0) throw new DrainRefusal(refused);
  if (warnings.size > 0) await invocation.err(`Warning: ${sentence(warnings).join('; ')}\n`);
  const deadlineMs = invocation.nowMs + (flags.durationMs('timeout') || weekMs);
  const verb = flags.bool('disable-eviction') ? 'deleting' : 'evicting';
  for (const pod of pods) {
    await invocation.out(`${verb} pod ${pod.metadata.namespace}/${pod.metadata.name}${suffixes[dryRun]}\n`);
    if (dryRun !== 'client') await removePod(invocation, pod, dryRun, deadlineMs);
  }
  if (dryRun !== 'none') return;
  for (const { metadata } of pods) {
    const target = { resource, namespace: metadata.namespace ?? '', name: metadata.name };
    await waitUntilGone(invocation, target, metadata.uid, deadlineMs);
    await invocation.out(`pod/${metadata.name} ${flags.bool('disable-eviction') ? 'deleted' : 'evicted'}\n`);
  }
}

async function removePod(
  invocation: Invocation,
  { metadata, spec }: Pod,
  dryRun: DryRun,
  deadlineMs: number,
): Promise<void> {
  const { client, flags } = invocation;
  const { name, namespace = '' } = metadata;
  const resource = (await invocation.mapper()).get('', 'pods');
  const grace = flags.int('grace-period');
  const options = grace >= 0 ? { gracePeriodSeconds: grace } : {};
  for (;;) {
    try {
      if (flags.bool('disable-eviction'))
        await client.delete(resource, namespace, name, options, dryRunQuery(dryRun));
      else {
        const body = {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { name, namespace },
          deleteOptions: options,
        };
        await client.send({
          method: 'POST',
          path: pathOf(resource, namespace, name, 'eviction'),
          query: dryRunQuery(dryRun),
          contentType: 'application/json',
          body,
        });
      }
      return;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (error.reason === 'NotFound') return;
      const what = `error when evicting pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)}`;
      if (error.reason !== 'TooManyRequests') throw new CommandError(`${what}: ${error.message}`);
      await invocation.err(`${what} (will retry after 5s): ${error.message}\n`);
      await invocation.process.sleep(evictionRetryMs);
      await invocation.out(`evicting pod ${namespace}/${name}\n`);
      if (invocation.nowMs < deadlineMs) continue;
      const late = `${what}: global timeout reached: ${formatDuration(flags.durationMs('timeout'))}`;
      await invocation.err(
        `There are pending pods in node ${JSON.stringify(spec.nodeName)} when an error occurred: ${late}\npod/${name}\n`,
      );
      throw new CommandError(late);
    }
  }
}

export const taint: Command = {
  name: 'taint',
  group: 'Cluster Management Commands',
  summary: 'Update the taints on one or more nodes',
  examples: [
    [
      "Update node 'foo' with a taint with key 'dedicated' and value 'special-user' and effect 'NoSchedule'",
      'kubectl taint nodes foo dedicated=special-user:NoSchedule',
    ],
    [
      "Remove from node 'foo' the taint with key 'dedicated' and effect 'NoSchedule' if one exists",
      'kubectl taint nodes foo dedicated:NoSchedule-',
    ],
  ],
  usage: 'taint NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N',
  arguments: 'resources',
  flags: [
    ...printFlags,
    selectorFlag,
    dryRunFlag,
    fieldManagerFlag('kubectl-taint'),
    bool('all', 'Select all nodes in the cluster'),
    bool(
      'overwrite',
      'If true, allow taints to be overwritten, otherwise reject taint updates that overwrite existing taints.',
    ),
  ],
  run: runTaint,
};

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

function readTaint(spec: string): Taint {
  const [, key = '', value, effect = ''] = /^([^=:]+)(?:=([^:]*))?(?::(.*))?$/.exec(spec) ?? [];
  if (key === '') throw new CommandError(`invalid taint spec: ${spec}`);
  if (effect !== '' && !effects.includes(effect))
    throw usageError('kubectl taint', `invalid taint effect: ${effect}, unsupported taint effect`);
  const wrong = checkLabelKey(key);
  if (wrong.length > 0) throw usageError('kubectl taint', `invalid taint spec: ${spec}, ${wrong.join('; ')}`);
  return { key, ...(value && { value }), effect } as Taint;
}

/** Refuses a key and effect that come twice, or to be added and removed at once. */
function checkTaints(added: readonly Taint[], removed: readonly Taint[]): void {
  const seen = new Set<string>();
  for (const { key, value = '', effect } of added) {
    if (seen.has(`${key}:${effect}`))
      throw usageError(
        'kubectl taint',
        `duplicated taints with the same key and effect: {${key} ${value} ${effect} <nil>}`,
      );
    seen.add(`${key}:${effect}`);
  }
  const both = removed.filter(({ key, effect }) =>
    added.some((one) => one.key === key && ((effect as string) === '' || one.effect === effect)),
  );
  if (both.length === 0) return;
  const list = both.map(({ key, effect }) => `${key}=${effect}`).join(',');
  throw new CommandError(
    `can not both modify and remove the following taint(s) in the same command: ${list}`,
  );
}

async function runTaint(invocation: Invocation): Promise<void> {
  const { flags, args } = invocation;
  const isSpec = (arg: string) => arg.includes('=') || arg.includes(':') || arg.endsWith('-');
  const names = args.filter((arg) => !isSpec(arg));
  const specs = args.filter(isSpec);
  if (names.length === 0)
    throw new CommandError('one or more resources must be specified as <resource> <name>');
  if (specs.length === 0) throw new CommandError('at least one taint update is required');
  const type = names[0]!.split('/')[0]!;
  const { plural } = (await invocation.mapper()).resource(type);
  if (plural !== 'nodes')
    throw new CommandError(`invalid resource type ${plural}, only node types are supported`);
  const byName = names.some((arg) => arg.includes('/')) ? names.length > 0 : names.length > 1;
  if (!byName && !flags.bool('all') && !flags.text('selector'))
    throw new CommandError("at least one resource name must be specified since '--all' parameter is not set");
  const removed = specs.filter((spec) => spec.endsWith('-')).map((spec) => readTaint(spec.slice(0, -1)));
  const added = specs.filter((spec) => !spec.endsWith('-')).map(readTaint);
  const bad = added.find(({ effect }) => effect === undefined || (effect as string) === '');
  if (bad) throw new CommandError(`invalid taint spec: ${bad.key}${bad.value ? `=${bad.value}` : ''}`);
  checkTaints(added, removed);
  const same = (a: Taint, b: Taint) =>
    a.key === b.key && ((b.effect as string) === '' || a.effect === b.effect);
  const mixed = (added.length > 0 && removed.length > 0) || flags.bool('overwrite');
  const operation = mixed ? 'modified' : added.length > 0 ? 'tainted' : 'untainted';
  await modifyTargets(invocation, { args: names }, operation, ({ name, object }) => {
    const { spec } = object as Node;
    const present = spec.taints ?? [];
    const missing = removed.filter((one) => !present.some((taint) => same(taint, one)));
    if (missing.length > 0)
      throw new CommandError(
        missing.map(({ key, effect }) => `taint "${key}${effect ? `:${effect}` : ''}" not found`).join('\n'),
      );
    const clash = added.find((one) => present.some((taint) => same(taint, one)));
    if (clash && !flags.bool('overwrite')) {
      throw new CommandError(
        `node ${name} already has ${clash.key} taint(s) with same effect(s) and --overwrite is false`,
      );
    }
    const kept = present.filter(
      (taint) => !removed.some((one) => same(taint, one)) && !added.some((one) => same(taint, one)),
    );
    return { ...object, spec: { ...spec, taints: [...added, ...kept] } } as KubeObject;
  });
}
