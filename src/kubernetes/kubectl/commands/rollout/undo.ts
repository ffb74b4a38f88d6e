// Upstream: kubectl/pkg/cmd/rollout/rollout_undo.go, kubectl/pkg/polymorphichelpers/rollback.go
import type { ControllerRevision, Deployment, ReplicaSet } from '#generated/types/apps.v1.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import type { Command } from '../../command.ts';
import { isRevisioned, revisionsOf, templateOf, type RevisionedSet } from '../../controllerRevisions.ts';
import { CommandError, throwAll } from '../../errors.ts';
import { int } from '../../flags.ts';
import type { Invocation } from '../../invocation.ts';
import { lastAppliedAnnotation } from '../../lastApplied.ts';
import { printFlags } from '../../output/printer.ts';
import { isSameTemplate, noVisitor, replicaSetsOf, revisionOf, withoutHash } from '../../replicaSets.ts';
import type { Target } from '../../target.ts';
import { dryRunFlag, dryRunOf, dryRunQuery, resultPrinter, type DryRun } from '../../writing.ts';
import { templateText } from './history.ts';
import { rolloutFlags, rolloutTargets } from './rolloutTargets.ts';

/** Annotations that stay the deployment's own in a rollback. */
const kept = new Set([
  lastAppliedAnnotation,
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
]);

export const rolloutUndo: Command = {
  name: 'undo',
  summary: 'Undo a previous rollout',
  long: 'Roll back to a previous rollout.',
  examples: [
    ['Roll back to the previous deployment', 'kubectl rollout undo deployment/abc'],
    ['Roll back to daemonset revision 3', 'kubectl rollout undo daemonset/abc --to-revision=3'],
  ],
  usage: 'rollout undo (TYPE NAME | TYPE/NAME) [flags]',
  arguments: 'resources',
  flags: [
    ...rolloutFlags,
    ...printFlags,
    dryRunFlag,
    int('to-revision', 'The revision to rollback to. Default to 0 (last revision).'),
  ],
  async run(invocation) {
    const dryRun = await dryRunOf(invocation);
    const print = resultPrinter(invocation, dryRun);
    const { targets, errors } = await rolloutTargets(invocation);
    for (const target of targets) {
      try {
        await print(target.object, await rollBack(invocation, target, dryRun));
      } catch (error) {
        errors.push(error);
      }
    }
    throwAll(errors);
  },
};

function chooseRevision(sets: readonly ReplicaSet[], name: string, toRevision: number): ReplicaSet {
  const sorted = [...sets].sort((a, b) => revisionOf(b) - revisionOf(a));
  if (toRevision > 0) {
    const found = sorted.find((set) => revisionOf(set) === toRevision);
    if (!found) throw new CommandError(`unable to find specified revision ${toRevision} in history`);
    return found;
  }
  const previous = sorted[1];
  if (!previous) throw new CommandError(`no rollout history found for deployment ${JSON.stringify(name)}`);
  return previous;
}

/** The revision that a set goes back to: the one that was asked for, or the last but one. */
function chooseKept(kept: readonly ControllerRevision[], toRevision: number): ControllerRevision {
  if (toRevision === 0 && kept.length <= 1) throw new CommandError('no last revision to roll back to');
  const found = toRevision === 0 ? kept.at(-2) : kept.find(({ revision }) => revision === toRevision);
  if (!found) throw new CommandError(`unable to find specified revision ${toRevision} in history`);
  return found;
}

/** Puts back what a ControllerRevision keeps: its data is the patch that does it. */
async function rollBackSet(
  invocation: Invocation,
  { resource, namespace, name }: Target,
  set: RevisionedSet,
  dryRun: DryRun,
): Promise<string> {
  const toRevision = invocation.flags.int('to-revision');
  if (toRevision < 0) throw new CommandError(`unable to find specified revision ${toRevision} in history`);
  const kept = chooseKept(await revisionsOf(set, invocation), toRevision);
  if (deepEqual(templateOf(kept), set.spec.template))
    return `skipped rollback (current template already matches revision ${toRevision})`;
  if (dryRun === 'client') return `will roll back to ${templateText(templateOf(kept), undefined)}`;
  const options = { type: 'strategic', query: dryRunQuery(dryRun) } as const;
  await invocation.client.patch(resource, namespace, name, kept.data, options);
  return 'rolled back';
}

/** Puts the template of an older revision back; says what was done. */
async function rollBack(invocation: Invocation, target: Target, dryRun: DryRun): Promise<string> {
  const { resource, namespace, name, object } = target;
  if (isRevisioned(object)) return await rollBackSet(invocation, target, object, dryRun);
  if (object.kind !== 'Deployment') throw new CommandError(noVisitor('rollbacker', object));
  const deployment = object as Deployment;
  const toRevision = invocation.flags.int('to-revision');
  if (toRevision < 0) throw new CommandError(`unable to find specified revision ${toRevision} in history`);
  const { all } = await replicaSetsOf(deployment, invocation);
  const set = chooseRevision(all, name, toRevision);
  if (deployment.spec.paused) {
    throw new CommandError(
      `you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again`,
    );
  }
  if (isSameTemplate(set.spec.template, deployment.spec.template)) {
    return `skipped rollback (current template already matches revision ${revisionOf(set)})`;
  }
  const own = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => kept.has(key));
  const old = Object.entries(set.metadata.annotations ?? {}).filter(([key]) => !kept.has(key));
  const patch = [
    { op: 'replace', path: '/spec/template', value: withoutHash(set.spec.template) },
    { op: 'replace', path: '/metadata/annotations', value: Object.fromEntries([...own, ...old]) },
  ];
  // Upstream prints the template that would come back.
  if (dryRun === 'client') return templateText(set.spec.template ?? {}, undefined).trimEnd();
  await invocation.client.patch(resource, namespace, name, patch, {
    type: 'json',
    query: dryRunQuery(dryRun),
  });
  return 'rolled back';
}
