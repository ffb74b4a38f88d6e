// Upstream: kubectl/pkg/cmd/exec/exec.go
import { pathOf } from '#kubernetes/api/kind.ts';
import type { ExecMessage, ExecRequest, ExecStream } from '#kubernetes/api/request.ts';
import type { Status } from '#generated/types/meta.v1.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { readStream } from '../apiStream.ts';
import type { Command } from '../command.ts';
import { CommandError } from '../errors.ts';
import { bool, duration, text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { defaultContainer, podsFor } from '../podFor.ts';

export const exec: Command = {
  name: 'exec',
  group: 'Troubleshooting and Debugging Commands',
  summary: 'Execute a command in a container',
  examples: [
    [
      "Get output from running the 'date' command from pod mypod, using the first container by default",
      'kubectl exec mypod -- date',
    ],
    [
      "Get output from running the 'date' command in ruby-container from pod mypod",
      'kubectl exec mypod -c ruby-container -- date',
    ],
    ['Switch to raw terminal mode; sends stdin to a shell in the pod', 'kubectl exec -it mypod -- sh'],
    [
      "Get output from running 'date' command from the first pod of the deployment mydeployment",
      'kubectl exec deploy/mydeployment -- date',
    ],
  ],
  usage: 'exec (POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]',
  arguments: 'pods',
  flags: [
    text(
      'container',
      'Container name. If omitted, use the kubectl.kubernetes.io/default-container annotation for selecting the container to be attached or the first container in the pod will be chosen',
      { short: 'c' },
    ),
    duration(
      'pod-running-timeout',
      'The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running',
      { initial: '1m0s' },
    ),
    bool('quiet', 'Only print output from the remote session', { short: 'q' }),
    bool('stdin', 'Pass stdin to the container', { short: 'i' }),
    bool('tty', 'Stdin is a TTY', { short: 't' }),
  ],
  async run(invocation) {
    const { flags, args, dashAt } = invocation;
    if (args.length === 0 || dashAt === 0)
      throw new CommandError('pod, type/name or --filename must be specified');
    if (args.length === 1) throw new CommandError('you must specify at least one command for the container');
    if (dashAt < 0)
      throw new CommandError(
        "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\nSee 'kubectl exec -h' for help and examples",
      );
    const command = args.slice(1);
    const [pod] = await podsFor(invocation, args[0]!, flags.durationMs('pod-running-timeout'), true);
    const { name, namespace = '' } = pod!.metadata;
    const { phase } = pod!.status;
    if (phase === 'Succeeded' || phase === 'Failed') {
      throw new CommandError(`cannot exec into a container in a completed pod; current phase is ${phase}`);
    }
    const choice = flags.text('container')
      ? { name: flags.text('container'), note: '' }
      : defaultContainer(pod!);
    if (choice.note !== '' && !flags.bool('quiet')) await invocation.err(choice.note);
    await openSession(invocation, `${namespace}/${name}`, 'exec', { container: choice.name, command });
  },
};

/** Runs `exec` or `attach` on `namespace/pod`: what is typed goes there, what comes back is printed. */
export async function openSession(
  invocation: Invocation,
  key: string,
  subresource: 'exec' | 'attach',
  request: ExecRequest,
): Promise<void> {
  const { client, flags, process } = invocation;
  const [namespace = '', name = ''] = key.split('/');
  const wantsTty = flags.bool('tty');
  const tty = wantsTty && process.stdin.terminal;
  if (wantsTty && !tty)
    await invocation.err('Unable to use a TTY - input is not a terminal or the right kind of file\n');
  const stdin = flags.bool('stdin');
  const size = process.stdout.terminal;
  const pods = (await invocation.mapper()).get('', 'pods');
  const body = {
    ...request,
    ...(stdin && { stdin }),
    ...(tty && { tty, ...(size && { columns: size.columns, rows: size.rows }) }),
  };
  const path = pathOf(pods, namespace, name, subresource);
  const response = await client.send({ method: 'POST', path, body }).catch((error: unknown) => {
    // What the node says is no Status to upstream, but a sentence on the stream.
    throw isStatus(error, 'InternalError') ? new CommandError(error.message) : error;
  });
  const stream = response.stream as ExecStream | undefined;
  if (!stream) return;
  // In a raw terminal Ctrl-C belongs to the program in the container.
  if (tty) process.onSignal('INT', () => stream.write('\u0003'));
  let finished = false;
  if (stdin) void pump(invocation, stream, () => finished);
  for await (const message of readStream<ExecMessage>(process, stream)) {
    if (message.channel === 'stdout') await invocation.out(message.text);
    else if (message.channel === 'stderr') await invocation.err(message.text);
    else if (message.channel === 'error') {
      finished = true;
      // Attach tells nothing of how the container ended: that is the pod's status.
      if (subresource === 'exec' || message.status.reason !== 'NonZeroExitCode') endWith(message.status);
    }
  }
}

/** Hands standard input on, piece by piece, until either side ends. It is left behind in a read when the command ends first. */
async function pump({ process }: Invocation, stream: ExecStream, isFinished: () => boolean): Promise<void> {
  try {
    while (!isFinished()) {
      const piece = await process.stdin.read();
      if (isFinished()) return;
      stream.write(piece);
      if (piece === null) return;
    }
  } catch {
    // The process was killed or its input closed; the stream is closed by its reader.
  }
}

/** The exit code of the command becomes kubectl's own. */
function endWith(status: Status): void {
  if (status.status === 'Success') return;
  const code = Number(status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message);
  if (status.reason !== 'NonZeroExitCode' || !Number.isInteger(code))
    throw new CommandError(status.message ?? '');
  throw new ExecExit(code);
}

/** Upstream prints one line for a command that failed, and exits as it did. */
class ExecExit extends CommandError {
  constructor(code: number) {
    super(`command terminated with exit code ${code}`, code, '');
  }
}
