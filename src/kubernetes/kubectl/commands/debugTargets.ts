// Upstream: kubectl/pkg/cmd/debug/debug.go
import type { Container, EphemeralContainer, Pod, PodSpec } from '#generated/types/core.v1.ts';
import { CommandError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { patchBetween } from '../objectPatch.ts';
import { asCopy, onNode, withProfile } from './debugProfiles.ts';

/** `name=image` pairs of `--set-image`; `*` stands for every container. */
export function imagePairs(list: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    list
      .flatMap((value) => value.split(','))
      .map((pair) => {
        const [name = '', image] = pair.split(/=(.*)/s);
        if (image === undefined)
          throw new CommandError(
            `invalid argument ${JSON.stringify(pair)} for "--set-image" flag: ${pair} must be formatted as key=value`,
          );
        return [name, image];
      }),
  );
}

/** What the flags say of the debugging container. */
function fromFlags({ flags }: Invocation, name: string, command: readonly string[]): Container {
  const env = flags.list('env').flatMap((value) => value.split(','));
  return {
    name,
    ...(command.length > 0 && { [flags.bool('arguments-only') ? 'args' : 'command']: command }),
    ...(env.length > 0 && {
      env: env.map((pair) => {
        const [key = '', value = ''] = pair.split(/=(.*)/s);
        return { name: key, value };
      }),
    }),
    ...(flags.text('image') && { image: flags.text('image') }),
    ...(flags.text('image-pull-policy') && {
      imagePullPolicy: flags.text('image-pull-policy') as Container['imagePullPolicy'],
    }),
    ...(flags.bool('stdin') && { stdin: true }),
    ...(flags.bool('tty') && { tty: true }),
    terminationMessagePolicy: 'File',
  };
}

const suffixLetters = 'bcdfghjklmnpqrstvwxz2456789';

function suffix({ process }: Invocation): string {
  const random = process.simulation.random('kubectl-debug');
  return Array.from({ length: 5 }, () => suffixLetters[random.below(suffixLetters.length)]!).join('');
}

/** The name that was asked for, or one that no container of the pod has. */
async function debuggerName(invocation: Invocation, { spec }: Pod): Promise<string> {
  const { flags } = invocation;
  if (flags.text('container')) return flags.text('container');
  const { containers, initContainers = [], ephemeralContainers = [] } = spec;
  const taken = new Set([...containers, ...initContainers, ...ephemeralContainers].map(({ name }) => name));
  let name: string;
  do name = `debugger-${suffix(invocation)}`;
  while (taken.has(name));
  if (!flags.bool('quiet')) await invocation.out(`Defaulting debug container name to ${name}.\n`);
  return name;
}

/** Adds an ephemeral container to a running pod. */
export async function debugInside(
  invocation: Invocation,
  pod: Pod,
  command: readonly string[],
): Promise<[Pod, string]> {
  const { flags, client } = invocation;
  const name = await debuggerName(invocation, pod);
  const visitor: EphemeralContainer = {
    ...fromFlags(invocation, name, command),
    ...(flags.text('target') && { targetContainerName: flags.text('target') }),
  };
  const before = pod.spec.ephemeralContainers ?? [];
  const ephemeralContainers = [
    ...before.filter((known) => known.name !== name),
    withProfile(visitor, flags.text('profile'), 'ephemeral'),
  ];
  const { patch } = patchBetween(pod, { ...pod, spec: { ...pod.spec, ephemeralContainers } } as Pod);
  const pods = (await invocation.mapper()).get('', 'pods');
  const { namespace = '' } = pod.metadata;
  const options = { type: 'strategic', subresource: 'ephemeralcontainers' } as const;
  return [await client.patch<Pod>(pods, namespace, pod.metadata.name, patch, options), name];
}

/** Makes a copy of a pod, with a container more or with one changed. */
export async function debugCopy(
  invocation: Invocation,
  pod: Pod,
  command: readonly string[],
): Promise<[Pod, string]> {
  const { flags, client } = invocation;
  const pods = (await invocation.mapper()).get('', 'pods');
  const images = imagePairs(flags.list('set-image'));
  const { ephemeralContainers: _visitors, nodeName, ...spec } = pod.spec;
  const containers = spec.containers.map((container) => {
    const image = images.get(container.name) ?? images.get('*');
    return image === undefined ? container : { ...container, image };
  });
  const { labels, annotations } = pod.metadata;
  const { namespace = '' } = pod.metadata;
  const metadata = {
    name: flags.text('copy-to'),
    namespace,
    ...(annotations && { annotations }),
    ...(labels && { labels }),
  };
  const plain = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: {
      ...spec,
      containers,
      ...(nodeName && flags.bool('same-node') && { nodeName }),
      ...(flags.changed('share-processes') && { shareProcessNamespace: flags.bool('share-processes') }),
    },
  } as unknown as Pod;
  const existing = containers.findIndex(({ name }) => name === flags.text('container'));
  let name = '';
  let changed: readonly Container[] = containers;
  if (existing >= 0 || flags.text('image') || images.size === 0) {
    if (existing < 0 && !flags.text('image'))
      throw new CommandError('you must specify image when creating new container');
    name = existing >= 0 ? containers[existing]!.name : await debuggerName(invocation, plain);
    const { args, ...before } = containers[existing] ?? { name };
    const made = {
      ...before,
      ...(args && command.length === 0 && { args }),
      ...fromFlags(invocation, name, command),
    };
    const profiled = withProfile<Container>(made, flags.text('profile'), 'copy');
    changed = existing >= 0 ? containers.with(existing, profiled) : [...containers, profiled];
  }
  const kept = (what: string) => flags.bool(`keep-${what}`);
  const copy =
    name === ''
      ? plain
      : asCopy({ ...plain, spec: { ...plain.spec, containers: changed } }, flags.text('profile'), {
          labels: kept('labels'),
          annotations: kept('annotations'),
          liveness: kept('liveness'),
          readiness: kept('readiness'),
          startup: kept('startup'),
          initContainers: kept('init-containers'),
        });
  const created = await client.create<Pod>(pods, namespace, copy);
  if (flags.bool('replace'))
    await client.delete(pods, namespace, pod.metadata.name, { gracePeriodSeconds: 0 });
  return [created, name];
}

/** Makes a pod on a node, in the node's own namespaces. */
export async function debugNode(
  invocation: Invocation,
  node: string,
  command: readonly string[],
): Promise<[Pod, string]> {
  const { flags, client, namespace } = invocation;
  const container = flags.text('container') || 'debugger';
  const name = `node-debugger-${node}-${suffix(invocation)}`;
  if (!flags.bool('quiet'))
    await invocation.out(`Creating debugging pod ${name} with container ${container} on node ${node}.\n`);
  const profile = flags.text('profile');
  const debugging = withProfile<Container>(fromFlags(invocation, container, command), profile, 'node');
  const spec: PodSpec = {
    ...onNode({ containers: [debugging] }, profile),
    nodeName: node,
    restartPolicy: 'Never',
    tolerations: [{ operator: 'Exists' }],
  };
  const metadata = { name, labels: { 'app.kubernetes.io/managed-by': 'kubectl-debug' } };
  const pods = (await invocation.mapper()).get('', 'pods');
  return [
    await client.create<Pod>(pods, namespace, { apiVersion: 'v1', kind: 'Pod', metadata, spec }),
    container,
  ];
}
