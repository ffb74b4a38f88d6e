// Upstream: kubectl/pkg/cmd/run/run.go
import type { Pod } from '#generated/types/core.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { applyMergePatch } from '#kubernetes/apimachinery/mergePatch.ts';
import { pathOf } from '#kubernetes/api/kind.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { readStream, Timeout } from '../apiStream.ts';
import type { Command } from '../command.ts';
import { CommandError, usageError } from '../errors.ts';
import { array, bool, duration, int, text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { withLastApplied } from '../lastApplied.ts';
import { parseDocument } from '#kubernetes/apimachinery/yamlDocument.ts';
import { printFlags } from '../output/printer.ts';
import { dryRunFlag, dryRunOf, dryRunQuery, fieldManagerFlag, resultPrinter } from '../writing.ts';
import { weekMs } from '../waitUntilGone.ts';
import { openSession } from './exec.ts';

export const run: Command = {
  name: 'run',
  group: 'Basic Commands (Beginner)',
  summary: 'Run a particular image on the cluster',
  long: 'Create and run a particular image in a pod.',
  examples: [
    ['Start a nginx pod', 'kubectl run nginx --image=nginx'],
    [
      'Start a hazelcast pod and let the container expose port 5701',
      'kubectl run hazelcast --image=hazelcast/hazelcast --port=5701',
    ],
    [
      'Dry run; print the corresponding API objects without creating them',
      'kubectl run nginx --image=nginx --dry-run=client',
    ],
    [
      "Start a busybox pod and keep it in the foreground, don't restart it if it exits",
      'kubectl run -i -t busybox --image=busybox --restart=Never',
    ],
  ],
  usage:
    'run NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]',
  arguments: 'none',
  flags: [
    ...printFlags,
    dryRunFlag,
    fieldManagerFlag('kubectl-run'),
    array('annotations', 'Annotations to apply to the pod.'),
    bool(
      'attach',
      "If true, wait for the Pod to start running, and then attach to the Pod as if 'kubectl attach ...' were called.",
    ),
    bool(
      'command',
      "If true and extra arguments are present, use them as the 'command' field in the container, rather than the 'args' field which is the default.",
    ),
    array('env', 'Environment variables to set in the container.'),
    bool('expose', 'If true, create a ClusterIP service associated with the pod.  Requires `--port`.'),
    int('grace-period', 'Period of time in seconds given to the resource to terminate gracefully.', {
      initial: '-1',
    }),
    { ...text('image', 'The image for the container to run.'), required: true },
    text('image-pull-policy', 'The image pull policy for the container.', {
      values: ['Always', 'IfNotPresent', 'Never'],
    }),
    text('labels', 'Comma separated labels to apply to the pod. Will override previous values.', {
      short: 'l',
    }),
    text('overrides', 'An inline JSON override for the generated object.'),
    duration(
      'pod-running-timeout',
      'The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running',
      { initial: '1m0s' },
    ),
    text('port', 'The port that this container exposes.'),
    bool('privileged', 'If true, run the container in privileged mode.'),
    bool('quiet', 'If true, suppress prompt messages.', { short: 'q' }),
    text('restart', 'The restart policy for this Pod.  Legal values [Always, OnFailure, Never].', {
      initial: 'Always',
      values: ['Always', 'OnFailure', 'Never'],
    }),
    bool(
      'rm',
      "If true, delete the pod after it exits.  Only valid when attaching to the container, e.g. with '--attach' or with '-i/--stdin'.",
    ),
    bool('save-config', 'If true, the configuration of current object will be saved in its annotation.'),
    bool('stdin', 'Keep stdin open on the container in the pod, even if nothing is attached.', {
      short: 'i',
    }),
    bool('tty', 'Allocate a TTY for the container in the pod.', { short: 't' }),
  ],
  run: runRun,
};

async function runRun(invocation: Invocation): Promise<void> {
  const { flags, args, path, client } = invocation;
  const [name] = args;
  if (name === undefined || invocation.dashAt === 0) throw usageError(path, 'NAME is required for run');
  if (args.length > 1 && invocation.dashAt < 0)
    throw new CommandError(
      `exactly one NAME is required, got ${args.length}\nSee 'kubectl run -h' for help and examples`,
    );
  const image = flags.text('image');
  if (!imageReference.test(image))
    throw new CommandError(`Invalid image name ${JSON.stringify(image)}: invalid reference format`);
  const attaches = flags.bool('attach') || flags.bool('stdin') || flags.bool('tty');
  if (flags.bool('rm') && !attaches)
    throw new CommandError('--rm should only be used for attached containers');
  if (flags.bool('tty') && !flags.bool('stdin'))
    throw new CommandError('-i/--stdin is required for containers with -t/--tty=true');
  const restart = flags.text('restart');
  if (!['Always', 'OnFailure', 'Never'].includes(restart))
    throw new CommandError(`invalid restart policy: ${restart}\nSee 'kubectl run -h' for help and examples`);
  if (flags.bool('expose') && !flags.text('port'))
    throw new CommandError(
      "--port must be set when exposing a service\nSee 'kubectl run -h' for help and examples",
    );
  const dryRun = await dryRunOf(invocation);
  if (dryRun !== 'none' && attaches)
    throw new CommandError(
      "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)\nSee 'kubectl run -h' for help and examples",
    );
  const pod = composePod(invocation, name, args.slice(1));
  const print = resultPrinter(invocation, dryRun, { sorted: false });
  const query = { ...dryRunQuery(dryRun), fieldManager: flags.text('field-manager') };
  const mapper = dryRun === 'client' ? null : await invocation.mapper();
  const created = mapper
    ? await client.create<Pod>(mapper.get('', 'pods'), invocation.namespace, pod, query)
    : pod;
  if (flags.bool('expose')) {
    const service = composeService(invocation, name, pod);
    await print(
      mapper
        ? await client.create(mapper.get('', 'services'), invocation.namespace, service, query)
        : service,
      'created',
    );
  }
  if (attaches) return await attachTo(invocation, created as Pod);
  await print(created, 'created');
}

/** `[host[:port]/]path[:tag][@digest]`. Upstream: github.com/distribution/reference ReferenceRegexp */
export const imageReference =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+|\/)[a-z0-9]+)*(?::\w[\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$/;

function labelsOf({ flags }: Invocation, name: string): Record<string, string> {
  const given = flags.text('labels');
  return given
    ? (Object.fromEntries(given.split(',').map((pair) => pair.split('='))) as Record<string, string>)
    : { run: name };
}

function composePod(invocation: Invocation, name: string, words: readonly string[]): KubeObject {
  const { flags } = invocation;
  const env = flags.list('env').map((pair) => {
    const [key = '', value] = pair.split(/=(.*)/s);
    if (value === undefined || key === '') throw new CommandError(`invalid env: ${pair}`);
    return { name: key, value };
  });
  const annotations = Object.fromEntries(
    flags.list('annotations').map((pair) => pair.split(/=(.*)/s).slice(0, 2)),
  );
  const container = {
    name,
    image: flags.text('image'),
    ...(words.length > 0 && { [flags.bool('command') ? 'command' : 'args']: words }),
    ...(flags.text('port') && { ports: [{ containerPort: Number(flags.text('port')) }] }),
    ...(env.length > 0 && { env }),
    resources: {},
    ...(flags.text('image-pull-policy') && { imagePullPolicy: flags.text('image-pull-policy') }),
    ...(flags.bool('privileged') && { securityContext: { privileged: true } }),
    ...(flags.bool('stdin') && {
      stdin: true,
      ...(flags.bool('attach') || flags.bool('stdin') ? { stdinOnce: true } : {}),
    }),
    ...(flags.bool('tty') && { tty: true }),
  };
  const pod = {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      name,
      ...(invocation.namespaceIsExplicit && { namespace: invocation.namespace }),
      creationTimestamp: null,
      labels: labelsOf(invocation, name),
      ...(Object.keys(annotations).length > 0 && { annotations: annotations as Record<string, string> }),
    },
    spec: { containers: [container], restartPolicy: flags.text('restart'), dnsPolicy: 'ClusterFirst' },
    status: {},
  } as unknown as KubeObject;
  const overrides = flags.text('overrides');
  const merged = overrides ? applyMergePatch(pod, parseDocument(overrides)) : pod;
  return flags.bool('save-config') ? withLastApplied(merged) : merged;
}

function composeService(invocation: Invocation, name: string, pod: KubeObject): KubeObject {
  const port = Number(invocation.flags.text('port'));
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: {
      name,
      ...(invocation.namespaceIsExplicit && { namespace: invocation.namespace }),
      creationTimestamp: null,
    },
    spec: { ports: [{ protocol: 'TCP', port, targetPort: port }], selector: pod.metadata.labels },
    status: { loadBalancer: {} },
  } as unknown as KubeObject;
}

/** Waits for the pod to start, joins it, tells how it ended, and takes it away with `--rm`. */
async function attachTo(invocation: Invocation, created: Pod): Promise<void> {
  const { flags, client } = invocation;
  const { name, namespace = '' } = created.metadata;
  const pods = (await invocation.mapper()).get('', 'pods');
  try {
    const pod = await waitForPhase(
      invocation,
      created,
      ['Running', 'Succeeded', 'Failed'],
      flags.durationMs('pod-running-timeout'),
    );
    if (pod.status.phase === 'Running') await join(invocation, pod);
    else await printLog(invocation, pod);
    if (flags.text('restart') === 'Always') return;
    const ended = await waitForPhase(invocation, created, ['Succeeded', 'Failed'], weekMs);
    if (ended.status.phase === 'Failed') throw failureOf(ended);
  } finally {
    if (flags.bool('rm')) {
      const grace = flags.int('grace-period');
      await client.delete(pods, namespace, name, {
        propagationPolicy: 'Background',
        ...(grace >= 0 && { gracePeriodSeconds: grace }),
      });
      await invocation.out(`pod ${JSON.stringify(name)} deleted\n`);
    }
  }
}

/** Attaches; a container that ended meanwhile has its log shown instead. */
async function join(invocation: Invocation, pod: Pod): Promise<void> {
  const { flags } = invocation;
  const { name, namespace } = pod.metadata;
  if (flags.bool('stdin') && !flags.bool('quiet'))
    await invocation.err("If you don't see a command prompt, try pressing enter.\n");
  try {
    await openSession(invocation, `${namespace}/${name}`, 'attach', {
      container: pod.spec.containers[0]!.name,
    });
  } catch (error) {
    if (!(error instanceof StatusError || error instanceof CommandError)) throw error;
    await invocation.err(
      `warning: couldn't attach to pod/${name}, falling back to streaming logs: ${error.message}\n`,
    );
    await printLog(invocation, pod);
  }
}

function failureOf({ metadata, status }: Pod): CommandError {
  const { name, namespace } = metadata;
  const ended = status.containerStatuses?.[0]?.state?.terminated;
  if (!ended || ended.exitCode === 0)
    return new CommandError(`pod ${namespace}/${name} failed with unknown exit code`);
  return new CommandError(
    `pod ${namespace}/${name} terminated (${ended.reason ?? ''})${ended.message ? `\n${ended.message}` : ''}`,
    ended.exitCode,
    '',
  );
}

async function waitForPhase(
  invocation: Invocation,
  { metadata }: Pod,
  phases: readonly string[],
  timeoutMs: number,
): Promise<Pod> {
  const { client } = invocation;
  const { name, namespace = '' } = metadata;
  const pods = (await invocation.mapper()).get('', 'pods');
  const query = { fieldSelector: `metadata.name=${name}`, resourceVersion: '0' };
  try {
    for await (const { type, object } of client.watch(pods, namespace, query, {
      deadlineMs: invocation.nowMs + timeoutMs,
    })) {
      const pod = object as Pod;
      if (type === 'DELETED') throw new CommandError(`pods ${JSON.stringify(name)} not found`);
      if (phases.includes(pod.status.phase ?? '')) return pod;
    }
  } catch (error) {
    if (!(error instanceof Timeout)) throw error;
  }
  throw new CommandError('timed out waiting for the condition');
}

async function printLog(invocation: Invocation, { metadata, spec }: Pod): Promise<void> {
  const pods = (await invocation.mapper()).get('', 'pods');
  const { body, stream } = await invocation.client.send({
    method: 'GET',
    path: pathOf(pods, metadata.namespace, metadata.name, 'log'),
    query: { container: spec.containers[0]!.name, follow: 'true' },
  });
  if (typeof body === 'string') await invocation.out(body);
  if (stream)
    for await (const piece of readStream<string>(invocation.process, stream)) await invocation.out(piece);
}
