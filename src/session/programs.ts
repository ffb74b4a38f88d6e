import type { Fault, Input } from '#classroom/recipe.ts';
import descriptions from '#generated/descriptions.json' with { type: 'json' };
import schemas from '#generated/schemas.json' with { type: 'json' };
import type { Cluster, ClusterParts } from '#kubernetes/cluster/cluster.ts';
import { NodeHosts } from '#kubernetes/cluster/hosts/nodeHosts.ts';
import { ssh } from '#kubernetes/cluster/hosts/ssh.ts';
import { laterParts } from '#kubernetes/cluster/laterParts.ts';
import '#images/installedTools.ts';
import { images } from '#images/registry.ts';
import type { AnyKind } from '#kubernetes/api/kind.ts';
import { warningsFor } from '#kubernetes/api/notSimulated.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { kubectlCompleter } from '#kubernetes/kubectl/completion.ts';
import {
  currentNamespace,
  kubeconfigPath,
  newKubeconfig,
  readKubeconfig,
} from '#kubernetes/kubectl/kubeconfig.ts';
import { createKubectl } from '#kubernetes/kubectl/kubectl.ts';
import { toYaml } from '#kubernetes/apimachinery/yamlText.ts';
import type { Answers } from '#protocol/messages.ts';
import { shellProgram } from '#shell/bash.ts';
import { complete, completionContext, type WordCompleter } from '#shell/completion.ts';
import { networkTools } from '#shell/network/networkTools.ts';
import { notSimulated } from '#shell/notSimulated.ts';
import { programs } from '#shell/programs.ts';
import type { Shell } from '#shell/shell.ts';
import type { Image } from '#world/machine/image.ts';
import type { Program } from '#world/machine/program.ts';
import { LocalPorts } from '#world/network/localPorts.ts';
import { breakCluster } from './breakCluster.ts';
import { describeInput } from './inputWords.ts';
import { learner } from './learner.ts';
import { RemoteClients } from './remoteClients.ts';

/** As the kubeconfig names it. */
const clusterName = 'podarium';

/** The second load: what a session needs before the first input is admitted, and a cluster can start without. */
export interface Software {
  /** The rest of the cluster. */
  readonly parts: ClusterParts;
  readonly programs: ReadonlyMap<string, Program>;
  /** What programs listen on. */
  readonly ports: LocalPorts;
  /** The learner's own files that need the rest of the cluster to be written, by path from home. */
  files(): Readonly<Record<string, string>>;
  /** What the nodes can pull. */
  readonly images: readonly Image[];
  /** Warnings for what is stored and not simulated. */
  unsimulated(kind: AnyKind, object: KubeObject): readonly string[];
  /** An input in words, for the trail of causes and the strip. */
  describe(input: Input): string;
  breakCluster(cluster: Cluster, fault: Fault): void;
  /** Who drives the session from outside; `record` makes what they do an input. */
  remoteClients(record: (input: Input) => void): RemoteClients;
  /** It only reads: no event, no random draw, no change. */
  complete(line: string, cursor: number): Answers['complete'];
}

/** A shell with its tools, the network's, kubectl, and what says that it is not simulated. */
export function workstationPrograms(cluster: Cluster): Software {
  const { serverUrl } = cluster;
  const kubectlOf = (version: string) =>
    createKubectl({
      transport: cluster.dial,
      user: learner,
      certificate: () => cluster.adminCertificate,
      clusterName,
      serverUrl,
      version,
      descriptions,
    });
  const kubectl = kubectlOf(`v${schemas.version}.0`);
  const hosts = new NodeHosts(cluster, kubectlOf);
  let prompt: Shell | null = null;
  const kubeconfig = () => {
    const fresh = newKubeconfig(clusterName, serverUrl, learner.name);
    if (prompt === null) return fresh;
    try {
      return readKubeconfig(prompt.process, kubeconfigPath(prompt.process, ''), fresh);
    } catch {
      // A broken file is what a command complains of; completion goes on without it.
      return fresh;
    }
  };
  const kubectlWords = kubectlCompleter({
    transport: cluster.observe,
    user: learner,
    namespace: () => currentNamespace(kubeconfig()),
    contexts: () => kubeconfig().contexts.map(({ name }) => name),
  });
  const completers = new Map<string, WordCompleter>([
    ['kubectl', kubectlWords],
    ['k', kubectlWords],
  ]);
  const bash = shellProgram((shell) => {
    if (shell.process.stdin.terminal) prompt = shell;
  });
  return {
    parts: laterParts,
    files() {
      const { adminCertificate } = cluster;
      return {
        '.kube/config': toYaml(newKubeconfig(clusterName, serverUrl, learner.name, adminCertificate)),
      };
    },
    images,
    ports: new LocalPorts('workstation', (bound) => cluster.simulation.random('local-ports').below(bound)),
    unsimulated: warningsFor,
    describe: describeInput,
    breakCluster,
    remoteClients: (record) =>
      new RemoteClients(cluster.simulation, (request) => cluster.dial(request), record),
    programs: new Map([
      ...notSimulated,
      ...programs,
      ...networkTools,
      ['bash', bash],
      ['kubectl', kubectl],
      ['k', kubectl],
      ...['etcdctl', 'etcdutl'].map((name): [string, Program] => [
        name,
        (process) => cluster.etcdTools.get(name)!(process),
      ]),
      ['ssh', ssh(hosts)],
    ]),
    complete(line, cursor) {
      if (prompt === null) return { from: cursor, choices: [] };
      const { from, candidates } = complete(line, cursor, completionContext(prompt, completers));
      const choices = candidates.map(({ insert, label, whole }) => ({
        text: insert + (whole ? ' ' : ''),
        hint: label,
      }));
      return { from, choices };
    },
  };
}
