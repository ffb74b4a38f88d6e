// Upstream: kubectl/pkg/cmd/scale/scale.go, kubectl/pkg/scale/scale.go
import type { Scale } from '#generated/types/autoscaling.v1.ts';
import { pathOf } from '#kubernetes/api/kind.ts';
import { Timeout } from '../apiStream.ts';
import type { Command } from '../command.ts';
import { CommandError, innerMessage, throwAll } from '../errors.ts';
import { bool, duration, int, text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { printFlags } from '../output/printer.ts';
import type { Target } from '../target.ts';
import { fileFlags, selectorFlag, targetsOf } from '../targets.ts';
import { dryRunFlag, dryRunOf, dryRunQuery, resultPrinter, type DryRun } from '../writing.ts';

export const scale: Command = {
  name: 'scale',
  group: 'Deploy Commands',
  summary: 'Set a new size for a deployment, replica set, or replication controller',
  long: 'Set a new size for a deployment, replica set, replication controller, or stateful set.\n\n Scale also allows users to specify one or more preconditions for the scale action.',
  examples: [
    ["Scale a replica set named 'foo' to 3", 'kubectl scale --replicas=3 rs/foo'],
    [
      "If the deployment named mysql's current size is 2, scale mysql to 3",
      'kubectl scale --current-replicas=2 --replicas=3 deployment/mysql',
    ],
  ],
  usage:
    'scale [--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)',
  arguments: 'resources',
  flags: [
    ...fileFlags,
    ...printFlags,
    selectorFlag,
    dryRunFlag,
    bool('all', 'Select all resources in the namespace of the specified resource types'),
    text('resource-version', 'Precondition for resource version.'),
    int('current-replicas', 'Precondition for current size.', { initial: '-1' }),
    { ...int('replicas', 'The new desired number of replicas. Required.'), required: true },
    duration(
      'timeout',
      "The length of time to wait before giving up on a scale operation, zero means don't wait.",
    ),
  ],
  run: runScale,
};

async function runScale(invocation: Invocation): Promise<void> {
  const { flags, args } = invocation;
  const replicas = flags.int('replicas');
  if (replicas < 0)
    throw new CommandError(
      'The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0',
    );
  const dryRun = await dryRunOf(invocation);
  const { targets, errors } = await targetsOf(invocation, {
    args,
    all: flags.bool('all'),
    labelSelector: flags.text('selector'),
  });
  if (targets.length === 0)
    throw new CommandError(`no objects passed to scale ${errors.map(innerMessage).join(', ')}`);
  if (targets.length > 1 && flags.text('resource-version')) {
    throw new CommandError('cannot use --resource-version with multiple resources');
  }
  const print = resultPrinter(invocation, dryRun);
  for (const target of targets) {
    try {
      if (dryRun !== 'client') await scaleOne(invocation, target, replicas, dryRun);
      await print(target.object, 'scaled');
      if (dryRun === 'none' && flags.durationMs('timeout') > 0)
        await waitForReplicas(invocation, target, replicas);
    } catch (error) {
      errors.push(error);
    }
  }
  throwAll(errors);
}

async function scaleOne(
  invocation: Invocation,
  { resource, namespace, name }: Target,
  replicas: number,
  dryRun: DryRun,
): Promise<void> {
  const { client, flags } = invocation;
  const wanted = flags.int('current-replicas');
  const resourceVersion = flags.text('resource-version');
  if (wanted < 0 && resourceVersion === '') {
    const query = dryRunQuery(dryRun);
    await client.patch(
      resource,
      namespace,
      name,
      { spec: { replicas } },
      { type: 'merge', subresource: 'scale', query },
    );
    return;
  }
  const found = await client.get<Scale>(resource, namespace, name, { subresource: 'scale' });
  const current = found.spec?.replicas ?? 0;
  if (wanted >= 0 && current !== wanted) {
    throw new CommandError(`Expected replicas to be ${wanted}, was ${current}`);
  }
  if (resourceVersion !== '' && found.metadata.resourceVersion !== resourceVersion) {
    throw new CommandError(
      `Expected resource version to be ${resourceVersion}, was ${found.metadata.resourceVersion}`,
    );
  }
  await client.send({
    method: 'PUT',
    path: pathOf(resource, namespace, name, 'scale'),
    query: dryRunQuery(dryRun),
    body: { ...found, spec: { replicas } },
  });
}

async function waitForReplicas(
  invocation: Invocation,
  { resource, namespace, name }: Target,
  replicas: number,
): Promise<void> {
  const { client, flags } = invocation;
  const deadlineMs = invocation.nowMs + flags.durationMs('timeout');
  const query = { fieldSelector: `metadata.name=${name}`, resourceVersion: '0' };
  try {
    for await (const { object } of client.watch(resource, namespace, query, { deadlineMs })) {
      const { status } = object as { status?: { replicas?: number; observedGeneration?: number } };
      const seen = (status?.observedGeneration ?? 0) >= (object.metadata.generation ?? 0);
      if (seen && (status?.replicas ?? 0) === replicas) return;
    }
  } catch (error) {
    if (error instanceof Timeout) throw new CommandError('timed out waiting for the condition');
    throw error;
  }
}
