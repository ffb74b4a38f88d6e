// Upstream: OpenSSH's ssh(1)
import { bash } from '#shell/bash.ts';
import type { Process, Program } from '#world/machine/program.ts';
import type { NodeHosts } from './nodeHosts.ts';

/** Linux gives up a connection that nobody answers after this. */
const connectTimeoutMs = 127_000;
const failed = 255;
/** Flags whose value is the next word. */
const valued = 'bcDEeFIiJLlmOopQRSWw';

/** `ssh NODE [COMMAND]`: a shell on a node, as root; keys are in place everywhere. */
export function ssh(hosts: NodeHosts): Program {
  return async (process) => {
    const words = process.args.slice(1);
    while (words[0]?.startsWith('-')) {
      const flag = words.shift()!;
      if (flag.length === 2 && valued.includes(flag[1]!)) words.shift();
    }
    const [destination, ...command] = words;
    if (destination === undefined) {
      await process.stderr.write('usage: ssh [user@]destination [command [argument ...]]\n');
      return failed;
    }
    const host = destination.replace(/^[^@]*@/, '');
    const node = hosts.find(host);
    if (node === undefined) {
      await process.stderr.write(`ssh: Could not resolve hostname ${host}: Name or service not known\n`);
      return failed;
    }
    if (!hosts.isReached(node)) {
      await process.sleep(connectTimeoutMs);
      await process.stderr.write(`ssh: connect to host ${host} port 22: Connection timed out\n`);
      return failed;
    }
    return run(process, hosts, node, command);
  };
}

async function run(
  process: Process,
  hosts: NodeHosts,
  node: string,
  command: readonly string[],
): Promise<number> {
  const machine = hosts.machine(node);
  const isControlPlane = machine.files.status('/etc/kubernetes/admin.conf') !== null;
  const child = machine.start(bash, {
    args: command.length === 0 ? ['bash'] : ['bash', '-c', command.join(' ')],
    environment: new Map([
      ['HOME', '/root'],
      ['USER', 'root'],
      ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      ...(isControlPlane ? ([['KUBECONFIG', '/etc/kubernetes/admin.conf']] as const) : []),
    ]),
    workingDirectory: '/root',
    stdin: process.stdin.source,
    stdout: process.stdout.sink,
    stderr: process.stderr.sink,
  });
  for (const signal of ['INT', 'TERM', 'HUP'] as const) process.onSignal(signal, () => child.signal(signal));
  const exitCode = await process.waitFor(child);
  if (hosts.isReached(node)) return exitCode;
  await process.stderr.write(`Connection to ${node} closed by remote host.\n`);
  return failed;
}
