// Upstream: kubectl/pkg/cmd/attach/attach.go
import type { Command } from '../command.ts';
import { CommandError } from '../errors.ts';
import { bool, duration, text } from '../flags.ts';
import { defaultContainer, podsFor } from '../podFor.ts';
import { openSession } from './exec.ts';

export const attach: Command = {
  name: 'attach',
  group: 'Troubleshooting and Debugging Commands',
  summary: 'Attach to a running container',
  long: 'Attach to a process that is already running inside an existing container.',
  examples: [
    [
      'Get output from running pod mypod; use the default container annotation or the first container',
      'kubectl attach mypod',
    ],
  ],
  usage: 'attach (POD | TYPE/NAME) -c CONTAINER',
  arguments: 'pods',
  flags: [
    text('container', 'Container name.', { short: 'c' }),
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
    const { flags, args } = invocation;
    if (args.length === 0) throw new CommandError('at least 1 argument is required for attach');
    const [pod] = await podsFor(invocation, args[0]!, flags.durationMs('pod-running-timeout'), true);
    const { phase } = pod!.status;
    if (phase === 'Succeeded' || phase === 'Failed')
      throw new CommandError(`cannot attach a container in a completed pod; current phase is ${phase}`);
    const choice = flags.text('container')
      ? { name: flags.text('container'), note: '' }
      : defaultContainer(pod!);
    if (choice.note !== '' && !flags.bool('quiet')) await invocation.err(choice.note);
    if (!flags.bool('quiet'))
      await invocation.err("If you don't see a command prompt, try pressing enter.\n");
    await openSession(invocation, `${pod!.metadata.namespace}/${pod!.metadata.name}`, 'attach', {
      container: choice.name,
    });
  },
};
