// Upstream: kubectl/pkg/cmd/create/create_service.go
import type { Command } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { int, strings, text, type Flag } from '../../flags.ts';
import type { Invocation } from '../../invocation.ts';
import { type Generator, newMetadata, subcommandOf } from './generator.ts';

interface ServicePort {
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
  readonly targetPort: number | string;
  readonly nodePort?: number;
}

/** `80` or `80:8080`, `80:http`. */
function readPort(pair: string): ServicePort {
  const [from = '', to] = pair.split(':');
  if (!/^\d+$/.test(from))
    throw new CommandError(`strconv.ParseUint: parsing ${JSON.stringify(from)}: invalid syntax`);
  const target = to ?? from;
  return {
    name: pair.replaceAll(':', '-'),
    protocol: 'TCP',
    port: Number(from),
    targetPort: /^\d+$/.test(target) ? Number(target) : target,
  };
}

const tcp: Flag = strings('tcp', "Port pairs can be specified as '<port>:<targetPort>'.");

function subcommand(
  type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName',
  summary: string,
  usage: string,
  flags: readonly Flag[],
  specOf: (invocation: Invocation, ports: readonly ServicePort[]) => object,
): Command {
  const name = type.toLowerCase();
  const generator: Generator = {
    name,
    summary,
    usage: `service ${usage}`,
    example: [
      `Create a ${name} service`,
      `kubectl create service ${usage.split(' [')[0]!.replace('NAME', 'my-svc').replace('<port>:<targetPort>', '5678:8080')}`,
    ],
    resource: { group: '', version: 'v1', plural: 'services', namespaced: true },
    flags: [tcp, ...flags],
    failure: `failed to create ${type} service: `,
    compose(invocation, service) {
      const ports = invocation.flags.list('tcp').map(readPort);
      const extra = specOf(invocation, ports);
      const headless = 'clusterIP' in extra && extra.clusterIP === 'None';
      if (ports.length === 0 && !headless && type !== 'ExternalName') {
        throw new CommandError('at least one tcp port specifier must be provided');
      }
      const labels = { app: service };
      return {
        kind: 'Service',
        apiVersion: 'v1',
        metadata: newMetadata(service, labels),
        spec: { ...(ports.length > 0 && { ports }), selector: labels, type, ...extra },
        status: { loadBalancer: {} },
      };
    },
  };
  return subcommandOf(generator);
}

export const createService: Command = {
  name: 'service',
  aliases: ['svc'],
  summary: 'Create a service using a specified subcommand',
  usage: 'create service [flags]',
  subcommands: [
    subcommand(
      'ClusterIP',
      'Create a ClusterIP service',
      'clusterip NAME [--tcp=<port>:<targetPort>] [--dry-run=server|client|none]',
      [
        text(
          'clusterip',
          "Assign your own ClusterIP or set to 'None' for a 'headless' service (no loadbalancing).",
        ),
      ],
      ({ flags }) => (flags.text('clusterip') ? { clusterIP: flags.text('clusterip') } : {}),
    ),
    subcommand(
      'ExternalName',
      'Create an ExternalName service',
      'externalname NAME --external-name external.name [--dry-run=server|client|none]',
      [{ ...text('external-name', 'External name of service'), required: true }],
      ({ flags }) => ({ externalName: flags.text('external-name') }),
    ),
    subcommand(
      'LoadBalancer',
      'Create a LoadBalancer service',
      'loadbalancer NAME [--tcp=port:targetPort] [--dry-run=server|client|none]',
      [],
      () => ({}),
    ),
    subcommand(
      'NodePort',
      'Create a NodePort service',
      'nodeport NAME [--tcp=port:targetPort] [--dry-run=server|client|none]',
      [int('node-port', 'Port used to expose the service on each node in a cluster.')],
      ({ flags }, ports) => {
        const nodePort = flags.int('node-port');
        return nodePort > 0 ? { ports: ports.map((port) => ({ ...port, nodePort })) } : {};
      },
    ),
  ],
};
