import schemas from '#generated/schemas.json';
import type { Cluster } from '#kubernetes/cluster/cluster.ts';
import { createKubectl } from '#kubernetes/kubectl/kubectl.ts';
import type { Process, Program } from '#world/machine/program.ts';
import { learner } from './learner.ts';

/** What is on the workstation's PATH. */
export function workstationPrograms(cluster: Cluster): ReadonlyMap<string, Program> {
  const kubectl = createKubectl({
    transport: cluster.apiServer.handle,
    user: learner,
    clusterName: 'podarium',
    serverUrl: 'https://10.0.0.2:6443',
    version: `v${schemas.version}.0`,
  });
  return new Map([
    ['bash', lineShell],
    ['kubectl', kubectl],
  ]);
}

async function lineShell(process: Process): Promise<number> {
  for (;;) {
    await process.stdout.write('learner@workstation:~$ ');
    const line = await process.stdin.readLine();
    if (line === null) return 0;
    const args = line.trim().split(/\s+/);
    const program = process.lookUp(args[0]!);
    if (program === undefined)
      await process.stderr.write(args[0] === '' ? '' : `${args[0]}: command not found\n`);
    else await process.waitFor(process.spawn(program, { args }));
  }
}
