// Upstream: kubectl/pkg/cmd/wait/{wait,condition,create}.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import { Jsonpath } from '#kubernetes/apimachinery/jsonpath.ts';
import { Timeout } from '../apiStream.ts';
import type { Command } from '../command.ts';
import { CommandError, throwAll } from '../errors.ts';
import { bool, duration, text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { goFormat } from '../output/goFormat.ts';
import { printerOf, printFlags } from '../output/printer.ts';
import { relaxedPath } from '../output/relaxedPath.ts';
import { typeName } from '../restMapper.ts';
import type { Target } from '../target.ts';
import { allNamespacesFlag, fieldSelectorFlag, fileFlags, selectorFlag, targetsOf } from '../targets.ts';
import { waitUntilGone, weekMs } from '../waitUntilGone.ts';

/** How often `--for=create` looks again. */
const createPollMs = 500;

export const wait: Command = {
  name: 'wait',
  group: 'Advanced Commands',
  summary: 'Experimental: Wait for a specific condition on one or many resources',
  examples: [
    [
      'Wait for the pod "busybox1" to contain the status condition of type "Ready"',
      'kubectl wait --for=condition=Ready pod/busybox1',
    ],
    [
      'Wait for the pod "busybox1" to be deleted, with a timeout of 60s, after having issued the "delete" command',
      'kubectl wait --for=delete pod/busybox1 --timeout=60s',
    ],
    [
      'Wait for the pod "busybox1" to contain the status phase to be "Running"',
      "kubectl wait --for=jsonpath='{.status.phase}'=Running pod/busybox1",
    ],
  ],
  usage:
    "wait ([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]",
  arguments: 'resources',
  flags: [
    ...fileFlags,
    ...printFlags,
    selectorFlag,
    fieldSelectorFlag,
    allNamespacesFlag,
    bool('all', 'Select all resources in the namespace of the specified resource types'),
    text(
      'for',
      "The condition to wait on: [create|delete|condition=condition-name[=condition-value]|jsonpath='{JSONPath expression}'=[JSONPath value]].",
      { values: ['condition=', 'create', 'delete', 'jsonpath='] },
    ),
    duration(
      'timeout',
      "The length of time to wait before giving up.  Zero means check once and don't wait, negative means wait for a week.",
      { initial: '30s' },
    ),
  ],
  run: runWait,
};

const unexpectedPath =
  "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'";

type Met = (object: KubeObject) => boolean;

function conditionOf(wanted: string): Met {
  if (wanted.startsWith('condition=')) {
    const [type = '', value = 'true'] = wanted.slice('condition='.length).split('=');
    return (object) => {
      const { status } = object as KubeObject & {
        status?: {
          observedGeneration?: number;
          conditions?: { type: string; status: string; observedGeneration?: number }[];
        };
      };
      const found = status?.conditions?.find((one) => one.type.toLowerCase() === type.toLowerCase());
      const seen = found?.observedGeneration ?? status?.observedGeneration;
      if (!found || (seen !== undefined && seen < (object.metadata.generation ?? 0))) return false;
      return found.status.toLowerCase() === value.toLowerCase();
    };
  }
  if (wanted.startsWith('jsonpath=')) {
    const input = wanted.slice('jsonpath='.length);
    if (/^\{[^}]*$/.test(input)) throw new CommandError(unexpectedPath);
    const split = /^(\{[^}]*\}|[^={]+)(?:=(.*))?$/s.exec(input);
    if (!split)
      throw new CommandError(
        `jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'`,
      );
    const [, expression = '', value] = split;
    const path = new Jsonpath(relaxedPath(expression));
    return (object) => {
      const results = path.find(object, { allowMissingKeys: true }).flat();
      return value === undefined
        ? results.length > 0
        : results.length === 1 && goFormat(results[0]) === value.replace(/^(['"])(.*)\1$/, '$2');
    };
  }
  throw new CommandError(`unrecognized condition: ${JSON.stringify(wanted)}`);
}

async function runWait(invocation: Invocation): Promise<void> {
  const { flags, args } = invocation;
  const wanted = flags.text('for');
  const met = ['delete', 'create'].includes(wanted.toLowerCase()) ? null : conditionOf(wanted);
  const timeoutMs = flags.durationMs('timeout');
  const deadlineMs = invocation.nowMs + (timeoutMs < 0 ? weekMs : timeoutMs);
  const creating = wanted.toLowerCase() === 'create';
  const find = () =>
    targetsOf(invocation, {
      args,
      all: flags.bool('all'),
      labelSelector: flags.text('selector'),
      fieldSelector: flags.text('field-selector'),
      allNamespaces: flags.bool('all-namespaces'),
      ignoreNotFound: wanted.toLowerCase() === 'delete',
    });
  let { targets, errors } = await find();
  const lookUntilMs = creating ? deadlineMs : 0;
  while (targets.length === 0 && invocation.nowMs < lookUntilMs) {
    await invocation.process.sleep(createPollMs);
    ({ targets, errors } = await find());
  }
  if (creating && targets.length === 0) throw new CommandError('timed out waiting for the condition');
  throwAll(errors);
  if (targets.length === 0 && wanted.toLowerCase() !== 'delete')
    throw new CommandError('no matching resources found');
  const printer = printerOf(invocation);
  for (const target of targets) {
    try {
      if (wanted.toLowerCase() === 'delete')
        await waitUntilGone(invocation, target, target.object.metadata.uid, deadlineMs);
      else if (met) await waitFor(invocation, target, met, deadlineMs);
      await invocation.out(
        printer ? printer(target.object) : `${typeName(target.resource)}/${target.name} condition met\n`,
      );
    } catch (error) {
      errors.push(error);
    }
  }
  throwWaits(errors);
}

async function waitFor(
  invocation: Invocation,
  { resource, namespace, name }: Target,
  met: Met,
  deadlineMs: number,
): Promise<void> {
  const { client } = invocation;
  if (met(await client.get(resource, namespace, name))) return;
  if (invocation.flags.durationMs('timeout') === 0)
    throw new CommandError(`condition not met for ${resource.plural}/${name}`);
  const query = { fieldSelector: `metadata.name=${name}`, resourceVersion: '0' };
  try {
    for await (const { object } of client.watch(resource, namespace, query, { deadlineMs }))
      if (met(object)) return;
  } catch (error) {
    if (!(error instanceof Timeout)) throw error;
  }
  throw new CommandError(`timed out waiting for the condition on ${resource.plural}/${name}`);
}

/** What was waited for in vain; of several kubectl lists the bare sentences. */
function throwWaits(errors: readonly unknown[]): void {
  throwAll(
    errors.length === 1
      ? errors
      : errors.map((error) =>
          error instanceof CommandError ? new CommandError(error.message, 1, '') : error,
        ),
  );
}
