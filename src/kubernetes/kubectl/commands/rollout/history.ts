// Upstream: kubectl/pkg/cmd/rollout/rollout_history.go, kubectl/pkg/polymorphichelpers/history.go
import type { Deployment } from '#generated/types/apps.v1.ts';
import type { PodTemplateSpec } from '#generated/types/core.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { Command } from '../../command.ts';
import { isRevisioned, revisionsOf, templateOf } from '../../controllerRevisions.ts';
import { DescribeWriter } from '../../describe/describeWriter.ts';
import { writePodTemplate } from '../../describe/podTemplate.ts';
import { CommandError, throwAll } from '../../errors.ts';
import { int } from '../../flags.ts';
import type { Invocation } from '../../invocation.ts';
import { nameOf, printerOf, printFlags } from '../../output/printer.ts';
import { alignColumns } from '../../output/tabWriter.ts';
import { groupKindOf, noVisitor, replicaSetsOf, revisionOf } from '../../replicaSets.ts';
import type { Target } from '../../target.ts';
import { rolloutFlags, rolloutTargets } from './rolloutTargets.ts';

/** Kinds that upstream's visitor knows, without a history. */
const visited = new Set(['CronJob', 'Job', 'Pod', 'ReplicaSet', 'ReplicationController']);

const changeCause = 'kubernetes.io/change-cause';

export const rolloutHistory: Command = {
  name: 'history',
  summary: 'View rollout history',
  long: 'View previous rollout revisions and configurations.',
  examples: [
    ['View the rollout history of a deployment', 'kubectl rollout history deployment/abc'],
    ['View the details of daemonset revision 3', 'kubectl rollout history daemonset/abc --revision=3'],
  ],
  usage: 'rollout history (TYPE NAME | TYPE/NAME) [flags]',
  arguments: 'resources',
  flags: [
    ...rolloutFlags,
    ...printFlags,
    int('revision', 'See the details, including podTemplate of the revision specified'),
  ],
  async run(invocation) {
    const revision = invocation.flags.int('revision');
    if (revision < 0) throw new CommandError(`revision must be a positive integer: ${revision}`);
    const printer = printerOf(invocation);
    const { targets, errors } = await rolloutTargets(invocation);
    for (const target of targets) {
      if (printer) {
        const rollouts = await rolloutsOf(invocation, target.object);
        const chosen = revision > 0 ? [rolloutAt(rollouts, revision)] : rollouts;
        for (const { keeper } of chosen) await invocation.out(printer(keeper));
        continue;
      }
      const shown = await historyOf(invocation, target, revision);
      const which = revision > 0 ? `with revision #${revision}` : '';
      await invocation.out(`${nameOf(target.object)} ${which}\n${shown}\n`);
    }
    throwAll(errors);
  },
};

/** One template that was rolled out. */
interface Rollout {
  /** The object that keeps it. */
  readonly keeper: KubeObject;
  readonly revision: number;
  readonly template: PodTemplateSpec;
  readonly cause: string | undefined;
}

async function rolloutsOf(invocation: Invocation, object: KubeObject): Promise<Rollout[]> {
  if (isRevisioned(object)) {
    return (await revisionsOf(object, invocation)).map((kept) => ({
      keeper: kept,
      revision: kept.revision,
      template: templateOf(kept),
      cause: kept.metadata.annotations?.[changeCause],
    }));
  }
  if (object.kind !== 'Deployment') {
    const kind = JSON.stringify(groupKindOf(object));
    throw new CommandError(
      visited.has(object.kind)
        ? `no history viewer has been implemented for ${kind}`
        : noVisitor('history', object),
    );
  }
  const { all } = await replicaSetsOf(object as Deployment, invocation);
  return all.map((set) => ({
    keeper: set,
    revision: revisionOf(set),
    template: set.spec.template ?? {},
    cause: set.metadata.annotations?.[changeCause],
  }));
}

function rolloutAt(rollouts: Iterable<Rollout>, wanted: number): Rollout {
  const found = [...rollouts].find(({ revision }) => revision === wanted);
  if (!found) throw new CommandError('unable to find the specified revision');
  return found;
}

async function historyOf(invocation: Invocation, { object }: Target, revision: number): Promise<string> {
  const byRevision = new Map(
    (await rolloutsOf(invocation, object)).map((rollout) => [rollout.revision, rollout]),
  );
  if (byRevision.size === 0 && revision === 0) return 'No rollout history found.';
  if (revision > 0) {
    const rollout = rolloutAt(byRevision.values(), revision);
    return templateText(rollout.template, isRevisioned(object) ? undefined : rollout.cause);
  }
  const lines = [...byRevision]
    .sort(([a], [b]) => a - b)
    .map(([number, { cause }]) => `${number}\t${cause || '<none>'}\n`);
  return alignColumns(`REVISION\tCHANGE-CAUSE\n${lines.join('')}`, { minWidth: 0, padding: 2 });
}

/** The template with its tabs as they are: upstream does not align them here. */
export function templateText(template: PodTemplateSpec, cause: string | undefined): string {
  const { metadata = {} } = template;
  const annotations = cause ? { ...metadata.annotations, [changeCause]: cause } : metadata.annotations;
  const writer = new DescribeWriter();
  writePodTemplate(writer, {
    ...template,
    metadata: { ...metadata, ...(annotations && { annotations }) },
  });
  return writer.unaligned();
}
