// Upstream: kubectl/pkg/cmd/logs/logs.go, kubectl/pkg/polymorphichelpers/logsforobject.go
import type { Pod } from '#generated/types/core.v1.ts';
import { pathOf } from '#kubernetes/api/kind.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { readStream } from '../apiStream.ts';
import type { Command } from '../command.ts';
import { CommandError, usageError } from '../errors.ts';
import { bool, duration, int, text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { defaultContainer, podsFor } from '../podFor.ts';
import { selectorFlag } from '../targets.ts';

export const logs: Command = {
  name: 'logs',
  group: 'Troubleshooting and Debugging Commands',
  summary: 'Print the logs for a container in a pod',
  long: 'Print the logs for a container in a pod or specified resource. If the pod has only one container, the container name is optional.',
  examples: [
    ['Return snapshot logs from pod nginx with only one container', 'kubectl logs nginx'],
    [
      'Return snapshot of previous terminated ruby container logs from pod web-1',
      'kubectl logs -p -c ruby web-1',
    ],
    ['Begin streaming the logs from pod nginx', 'kubectl logs -f nginx'],
    ['Display only the most recent 20 lines of output in pod nginx', 'kubectl logs --tail=20 nginx'],
    ['Return snapshot logs from all pods of a deployment', 'kubectl logs deployment/nginx --all-pods=true'],
  ],
  usage: 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]',
  arguments: 'pods',
  flags: [
    selectorFlag,
    bool('follow', 'Specify if the logs should be streamed.', { short: 'f' }),
    bool(
      'previous',
      'If true, print the logs for the previous instance of the container in a pod if it exists.',
      { short: 'p' },
    ),
    bool('timestamps', 'Include timestamps on each line in the log output'),
    bool('all-containers', "Get all containers' logs in the pod(s)."),
    bool('all-pods', 'Get logs from all pod(s). Sets prefix to true.'),
    bool('prefix', 'Prefix each log line with the log source (pod name and container name)'),
    bool(
      'ignore-errors',
      'If watching / following pod logs, allow for any errors that occur to be non-fatal',
    ),
    text('container', 'Print the logs of this container', { short: 'c' }),
    int(
      'tail',
      'Lines of recent log file to display. Defaults to -1 with no selector, showing all log lines otherwise 10, if a selector is provided.',
      { initial: '-1' },
    ),
    int('limit-bytes', 'Maximum bytes of logs to return. Defaults to no limit.'),
    int(
      'max-log-requests',
      'Specify maximum number of concurrent logs to follow when using by a selector. Defaults to 5.',
      { initial: '5' },
    ),
    duration('since', 'Only return logs newer than a relative duration like 5s, 2m, or 3h.'),
    duration(
      'pod-running-timeout',
      'The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running',
      { initial: '20s' },
    ),
    text('since-time', 'Only return logs after a specific date (RFC3339).'),
  ],
  run: runLogs,
};

/** Lines shown of each pod that a selector finds. */
const selectorTail = 10;

interface Source {
  readonly pod: Pod;
  readonly container: string;
}

async function runLogs(invocation: Invocation): Promise<void> {
  const { flags, args, path } = invocation;
  const selector = flags.text('selector');
  if (args.length === 0 && selector === '') {
    throw usageError(
      path,
      "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command",
    );
  }
  if (args.length > 2)
    throw usageError(
      path,
      "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command",
    );
  if (args.length === 1 && selector !== '')
    throw usageError(path, 'only a selector (-l) or a POD name is allowed');
  const container = args[1] ?? flags.text('container');
  if (container !== '' && flags.bool('all-containers'))
    throw new CommandError('--all-containers=true should not be specified with container name');
  if (flags.changed('since') && flags.changed('since-time'))
    throw new CommandError('at most one of `sinceTime` or `sinceSeconds` may be specified');
  const tail = flags.int('tail');
  if (tail < -1) throw new CommandError(`--tail must be greater than or equal to -1`);
  const pods = await podsOf(invocation, selector);
  const sources: Source[] = [];
  for (const pod of pods) sources.push(...(await containersOf(invocation, pod, container)));
  const concurrent = flags.int('max-log-requests');
  if (flags.bool('follow') && sources.length > concurrent) {
    throw new CommandError(
      `you are attempting to follow ${sources.length} log streams, but maximum allowed concurrency is ${concurrent}, use --max-log-requests to increase the limit`,
    );
  }
  const prefix = flags.bool('prefix') || flags.bool('all-pods');
  const query = queryOf(invocation, selector !== '' && !flags.changed('tail') ? selectorTail : tail);
  if (!flags.bool('follow')) for (const source of sources) await show(invocation, source, query, prefix);
  else await Promise.all(sources.map((source) => show(invocation, source, query, prefix)));
}

async function podsOf(invocation: Invocation, selector: string): Promise<Pod[]> {
  const { flags, args, client, namespace } = invocation;
  if (selector !== '') {
    const pods = (await invocation.mapper()).get('', 'pods');
    const { items } = await client.list<Pod>(pods, namespace, { labelSelector: selector });
    if (items.length === 0) await invocation.err(`No resources found in ${namespace} namespace.\n`);
    return [...items];
  }
  const found = await podsFor(invocation, args[0]!, flags.durationMs('pod-running-timeout')).catch(
    (error: unknown) => {
      const isMissing = error instanceof StatusError && error.reason === 'NotFound';
      throw isMissing
        ? new CommandError(
            `error from server (NotFound): ${error.message} in namespace ${JSON.stringify(namespace)}`,
          )
        : error;
    },
  );
  if (flags.bool('all-pods') || found.length === 1) return found;
  await invocation.err(`Found ${found.length} pods, using pod/${found[0]!.metadata.name}\n`);
  return [found[0]!];
}

async function containersOf(invocation: Invocation, pod: Pod, container: string): Promise<Source[]> {
  const { initContainers = [], containers, ephemeralContainers = [] } = pod.spec;
  const all = [...initContainers, ...containers, ...ephemeralContainers];
  if (invocation.flags.bool('all-containers')) {
    return all.map(({ name }) => ({ pod, container: name }));
  }
  if (container === '') {
    const { name, note } = defaultContainer(pod);
    if (note !== '') await invocation.err(note);
    return [{ pod, container: name }];
  }
  if (!all.some(({ name }) => name === container)) {
    throw new CommandError(`container ${container} is not valid for pod ${pod.metadata.name}`);
  }
  return [{ pod, container }];
}

function queryOf({ flags }: Invocation, tail: number): Record<string, string | undefined> {
  const since = Math.ceil(flags.durationMs('since') / 1000);
  return {
    follow: flags.bool('follow') ? 'true' : undefined,
    previous: flags.bool('previous') ? 'true' : undefined,
    timestamps: flags.bool('timestamps') ? 'true' : undefined,
    tailLines: tail >= 0 ? String(tail) : undefined,
    sinceSeconds: since > 0 ? String(since) : undefined,
    sinceTime: flags.text('since-time') || undefined,
    limitBytes: flags.int('limit-bytes') > 0 ? flags.text('limit-bytes') : undefined,
  };
}

async function show(
  invocation: Invocation,
  { pod, container }: Source,
  query: Record<string, string | undefined>,
  withPrefix: boolean,
): Promise<void> {
  const { client, process } = invocation;
  const pods = (await invocation.mapper()).get('', 'pods');
  const { name, namespace = '' } = pod.metadata;
  const response = await client.send({
    method: 'GET',
    path: pathOf(pods, namespace, name, 'log'),
    accept: 'application/json, */*',
    query: { container, ...query },
  });
  const prefix = withPrefix ? `[pod/${name}/${container}] ` : '';
  let atLineStart = true;
  const print = async (piece: string) => {
    if (prefix === '') return await invocation.out(piece);
    const body = piece.endsWith('\n')
      ? piece.slice(0, -1).replaceAll('\n', `\n${prefix}`) + '\n'
      : piece.replaceAll('\n', `\n${prefix}`);
    await invocation.out(atLineStart ? prefix + body : body);
    atLineStart = piece.endsWith('\n');
  };
  if (typeof response.body === 'string' && response.body !== '') await print(response.body);
  if (!response.stream) return;
  for await (const piece of readStream<string>(process, response.stream)) await print(piece);
}
