import { kubeadm } from '#kubernetes/kubeadm/kubeadm.ts';
import { bash } from '#shell/bash.ts';
import { machineTools } from '#shell/machineTools.ts';
import { networkTools } from '#shell/network/networkTools.ts';
import { programs as shellPrograms } from '#shell/programs.ts';
import { gpuPrograms } from '#kubernetes/node/devices/gpus.ts';
import { Machine } from '#world/machine/machine.ts';
import type { Program } from '#world/machine/program.ts';
import { NetworkStack } from '#world/network/networkStack.ts';
import type { Cluster } from '../cluster.ts';
import { aptTools } from './apt.ts';
import { crictl } from './crictl.ts';
import { kubeadmHost } from './kubeadmHost.ts';
import { manifestDirectory } from './manifestDirectory.ts';
import { Packages } from './packages.ts';
import { sudo } from './sudo.ts';
import { kubeletCommand, rebootCommand, systemctl } from './systemctl.ts';

/** The nodes as machines with a shell, each made when somebody first comes to it. */
export class NodeHosts {
  readonly #cluster: Cluster;
  readonly #kubectlOf: (version: string) => Program;
  readonly #machines = new Map<string, Machine>();

  /** `kubectlOf` makes the kubectl of a release. */
  constructor(cluster: Cluster, kubectlOf: (version: string) => Program) {
    this.#cluster = cluster;
    this.#kubectlOf = kubectlOf;
    cluster.nodes.onPowerOff = (name) => this.#machines.get(name)?.stop();
  }

  /** The node of that name or address; undefined where there is none. */
  find(host: string): string | undefined {
    for (const { name, hostIp } of this.#cluster.nodes.kubelets.values())
      if (name === host || hostIp === host) return name;
    return undefined;
  }

  /** Whether the workstation, beside the first node of the control plane, reaches a node. */
  isReached(node: string): boolean {
    const { nodes, network, controlPlanes } = this.#cluster;
    return nodes.kubelets.get(node)!.isUp && !network.isCut(controlPlanes[0]!.name, node);
  }

  machine(node: string): Machine {
    const known = this.#machines.get(node);
    if (known !== undefined) return known;
    const { simulation, network, nodes, controlPlanes, etcdTools } = this.#cluster;
    const kubelet = nodes.kubelets.get(node)!;
    const files = kubelet.volumes.hostFiles;
    for (const directory of ['/root', '/tmp', manifestDirectory])
      files.makeDirectory(directory, { parents: true });
    files.write('/etc/hostname', `${node}\n`);
    const hosts = [...nodes.kubelets.values()].map(({ name, hostIp }) => [name, hostIp] as const);
    const packages = new Packages(kubelet, this.#cluster.version);
    const kubectl: Program = (process) => this.#kubectlOf(packages.versionOf('kubectl'))(process);
    const { hardware } = kubelet;
    const machine = new Machine(simulation, {
      hostname: node,
      ...(hardware && { hardware }),
      files,
      programs: new Map<string, Program>([
        ...shellPrograms,
        ...networkTools,
        ...machineTools,
        ...aptTools(packages),
        ...(controlPlanes.some(({ name }) => name === node) ? etcdTools : []),
        ...(kubelet.identity.gpus ? gpuPrograms : []),
        ['bash', bash],
        ['crictl', crictl(kubelet)],
        ['kubeadm', kubeadm(kubeadmHost(this.#cluster, node, packages))],
        ['kubectl', kubectl],
        ['k', kubectl],
        ['kubelet', kubeletCommand(kubelet)],
        ['reboot', rebootCommand(this.#cluster, node)],
        ['sudo', sudo],
        ['systemctl', systemctl(this.#cluster, node)],
      ]),
      network: new NetworkStack(network, {
        address: kubelet.hostIp,
        machine: node,
        resolver: { nameservers: [], search: [], ndots: 1 },
        hosts: new Map([['localhost', '127.0.0.1'], ...hosts]),
      }),
    });
    this.#machines.set(node, machine);
    return machine;
  }
}
