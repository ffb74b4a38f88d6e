// Upstream: kubectl/pkg/cmd/cp/{cp,filespec}.go
import type { ExecMessage, ExecStream } from '#kubernetes/api/request.ts';
import { pathOf } from '#kubernetes/api/kind.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import { resolvePath } from '#world/machine/fileSystem.ts';
import { readTar, type TarMember, writeTar } from '#world/machine/tarArchive.ts';
import { readStream } from '../apiStream.ts';
import type { Command } from '../command.ts';
import { CommandError } from '../errors.ts';
import { bool, int, text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { defaultContainer } from '../podFor.ts';

export const cp: Command = {
  name: 'cp',
  group: 'Troubleshooting and Debugging Commands',
  summary: 'Copy files and directories to and from containers',
  examples: [
    [
      'Copy /tmp/foo local file to /tmp/bar in a remote pod in namespace <some-namespace>',
      'kubectl cp /tmp/foo <some-namespace>/<some-pod>:/tmp/bar',
    ],
    [
      'Copy /tmp/foo from a remote pod to /tmp/bar locally',
      'kubectl cp <some-namespace>/<some-pod>:/tmp/foo /tmp/bar',
    ],
  ],
  usage: 'cp <file-spec-src> <file-spec-dest>',
  flags: [
    text(
      'container',
      'Container name. If omitted, use the kubectl.kubernetes.io/default-container annotation for selecting the container to be attached or the first container in the pod will be chosen',
      { short: 'c' },
    ),
    bool(
      'no-preserve',
      "The copied file/directory's ownership and permissions will not be preserved in the container",
    ),
    int(
      'retries',
      'Set number of retries to complete a copy operation from a container. Specify 0 to disable or any negative value for infinite retrying. The default is 0 (no retry).',
    ),
  ],
  async run(invocation) {
    const { args } = invocation;
    if (args.length !== 2) throw new CommandError('source and destination are required');
    const [source, target] = args.map(readSpec) as [FileSpec, FileSpec];
    if (source.pod !== '' && target.pod !== '')
      throw new CommandError('one of src or dest must be a local file specification');
    if (source.file === '' || target.file === '') throw new CommandError('filepath can not be empty');
    if (source.pod !== '') await copyFrom(invocation, source, target.file);
    else if (target.pod !== '') await copyTo(invocation, source.file, target);
    else throw new CommandError('one of src or dest must be a remote file specification');
  },
};

/** `[[namespace/]pod:]file`; a local file has no pod. */
interface FileSpec {
  readonly namespace: string;
  readonly pod: string;
  readonly file: string;
}

function readSpec(spec: string): FileSpec {
  const colon = spec.indexOf(':');
  if (colon < 0) return { namespace: '', pod: '', file: spec };
  const [first = '', second, more] = spec.slice(0, colon).split('/');
  if (colon === 0 || more !== undefined)
    throw new CommandError('filespec must match the canonical format: [[namespace/]pod:]file/path');
  const file = spec.slice(colon + 1);
  return second === undefined ? { namespace: '', pod: first, file } : { namespace: first, pod: second, file };
}

async function copyTo(invocation: Invocation, source: string, target: FileSpec): Promise<void> {
  const { files, workingDirectory } = invocation.process;
  const local = resolvePath(workingDirectory, source);
  if (files.status(local) === null) throw new CommandError(`${source} doesn't exist in local filesystem`);
  const isDirectory = await runIn(invocation, target, ['test', '-d', target.file], { quiet: true });
  const wanted = target.file.replace(/(.)\/+$/, '$1');
  const whole = isDirectory.code === 0 ? `${wanted}/${baseName(local)}` : wanted;
  const folder = whole.slice(0, whole.lastIndexOf('/'));
  const members: TarMember[] = [];
  gather(invocation, local, baseName(whole), members);
  const preserve = invocation.flags.bool('no-preserve')
    ? ['--no-same-permissions', '--no-same-owner', '-xmf']
    : ['-xmf'];
  const command = ['tar', ...preserve, '-', ...(folder === '' ? [] : ['-C', folder])];
  const { code } = await runIn(invocation, target, command, { input: writeTar(members) });
  if (code !== 0) throw new CommandError(`command terminated with exit code ${code}`, code, '');
}

async function copyFrom(invocation: Invocation, source: FileSpec, target: string): Promise<void> {
  const { files, workingDirectory } = invocation.process;
  // Whether the container's tar complained is not asked: it has said so.
  const { output } = await runIn(invocation, source, ['tar', 'cf', '-', source.file]);
  const local = resolvePath(workingDirectory, target);
  const into = files.status(local)?.type === 'directory' ? `${local}/${baseName(source.file)}` : local;
  const prefix = source.file.replace(/^\/+/, '').replace(/\/+$/, '');
  for (const { name, text: body } of readTar(output)) {
    const rest = name.replace(/\/$/, '').slice(prefix.length);
    const path = resolvePath('/', into + rest);
    files.makeDirectory(body === null ? path : path.slice(0, path.lastIndexOf('/')) || '/', {
      parents: true,
    });
    if (body !== null) files.write(path, body);
  }
}

function gather(invocation: Invocation, path: string, name: string, members: TarMember[]): void {
  const { files } = invocation.process;
  const { type, modifiedMs, mode } = files.status(path)!;
  members.push({ name, text: type === 'directory' ? null : files.read(path), modifiedMs, mode });
  if (type === 'directory')
    for (const child of files.list(path)) gather(invocation, `${path}/${child}`, `${name}/${child}`, members);
}

function baseName(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  return trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

/** Runs a command in the pod; what it complains of is printed unless nobody asked. */
async function runIn(
  invocation: Invocation,
  { namespace, pod: name }: FileSpec,
  command: readonly string[],
  { input, quiet = false }: { readonly input?: string; readonly quiet?: boolean } = {},
): Promise<{ output: string; code: number }> {
  const { client, flags, process } = invocation;
  const pods = (await invocation.mapper()).get('', 'pods');
  const where = namespace || invocation.namespace;
  const pod = await client.get<Pod>(pods, where, name);
  const container = flags.text('container') || defaultContainer(pod).name;
  const path = pathOf(pods, where, name, 'exec');
  const body = { container, command, ...(input !== undefined && { stdin: true }) };
  const stream = (await client.send({ method: 'POST', path, body })).stream as ExecStream;
  if (input !== undefined) {
    stream.write(input);
    stream.write(null);
  }
  let output = '';
  let code = 0;
  for await (const message of readStream<ExecMessage>(process, stream)) {
    if (message.channel === 'stdout') output += message.text;
    else if (message.channel === 'stderr' && !quiet) await invocation.err(message.text);
    else if (message.channel === 'error' && message.status.status !== 'Success') {
      const cause = message.status.details?.causes?.find(({ reason }) => reason === 'ExitCode');
      code = Number(cause?.message ?? 1);
    }
  }
  return { output, code };
}
