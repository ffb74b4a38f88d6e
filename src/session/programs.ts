import schemas from '#generated/schemas.json';
import type { Cluster } from '#kubernetes/cluster/cluster.ts';
import { createKubectl } from '#kubernetes/kubectl/kubectl.ts';
import { networkTools } from '#shell/network/networkTools.ts';
import { notSimulated } from '#shell/notSimulated.ts';
import { programs } from '#shell/programs.ts';
import type { Program } from '#world/machine/program.ts';
import { learner } from './learner.ts';

/** What is on the workstation's PATH: a shell with its tools, the network's, kubectl, and what says that it is not there. */
export function workstationPrograms(cluster: Cluster): ReadonlyMap<string, Program> {
  const kubectl = createKubectl({
    transport: cluster.apiServer.handle,
    user: learner,
    clusterName: 'podarium',
    serverUrl: 'https://10.0.0.2:6443',
    version: `v${schemas.version}.0`,
  });
  return new Map([...notSimulated, ...programs, ...networkTools, ['kubectl', kubectl], ['k', kubectl]]);
}
