// Upstream: kubectl/pkg/cmd/clusterinfo/clusterinfo.go
import type { Service } from '#generated/types/core.v1.ts';
import type { Command } from '../command.ts';
import { clusterInfoDump } from './clusterInfoDump.ts';

export const clusterInfo: Command = {
  name: 'cluster-info',
  group: 'Cluster Management Commands',
  summary: 'Display cluster information',
  long: "Display addresses of the control plane and services with label kubernetes.io/cluster-service=true. To further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.",
  examples: [['Print the address of the control plane and cluster services', 'kubectl cluster-info']],
  usage: 'cluster-info',
  arguments: 'none',
  subcommands: [clusterInfoDump],
  async run(invocation) {
    const context = invocation.config.contexts.find(
      ({ name }) => name === invocation.config['current-context'],
    )?.context;
    const server =
      invocation.config.clusters.find(({ name }) => name === context?.cluster)?.cluster.server ?? '';
    const colors = invocation.process.stdout.terminal !== null;
    const paint = (code: number, text: string) => (colors ? `\u001B[0;${code}m${text}\u001B[0m` : text);
    const services = (await invocation.mapper()).get('', 'services');
    const { items } = await invocation.client.list<Service>(services, 'kube-system', {
      labelSelector: 'kubernetes.io/cluster-service=true',
    });
    await invocation.out(`${paint(32, 'Kubernetes control plane')} is running at ${paint(33, server)}\n`);
    for (const { metadata, spec } of items) {
      const name = metadata.labels?.['kubernetes.io/name'] || metadata.name;
      const [port] = spec.ports ?? [];
      const target = `${port?.name === 'https' || port?.port === 443 ? 'https:' : ''}${metadata.name}:${port?.name ?? ''}`;
      const url = `${server}/api/v1/namespaces/${metadata.namespace}/services/${target}/proxy`;
      await invocation.out(`${paint(32, name)} is running at ${paint(33, url)}\n`);
    }
    await invocation.out(
      "\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n",
    );
  },
};
