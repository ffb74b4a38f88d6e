import schemas from '#generated/schemas.json';
import type { Cluster } from '#kubernetes/cluster/cluster.ts';
import { createKubectl } from '#kubernetes/kubectl/kubectl.ts';
import { programs as shellPrograms } from '#shell/programs.ts';
import type { Program } from '#world/machine/program.ts';
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
  return new Map([...shellPrograms, ['kubectl', kubectl]]);
}
