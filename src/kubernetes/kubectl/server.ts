// Upstream: client-go/tools/clientcmd/client_config.go, kubectl/pkg/cmd/util/helpers.go StandardErrorMessage
import type { Process } from '#world/machine/program.ts';
import { CommandError } from './errors.ts';
import type { Flags } from './flags.ts';
import type { Kubeconfig } from './kubeconfig.ts';

/** The URL of the API server that a command speaks to. */
export function serverOf(flags: Flags, config: Kubeconfig): string {
  const current = flags.text('context') || config['current-context'];
  const name = flags.text('cluster') || config.contexts.find((one) => one.name === current)?.context.cluster;
  return flags.text('server') || (config.clusters.find((one) => one.name === name)?.cluster.server ?? '');
}

/** Refuses to go on where nobody listens at a URL. Throws CommandError in the words of the connection's failure. */
export function checkReachable(process: Process, url: string): void {
  const [, scheme = '', host = '', given] = /^(https?):\/\/([^/:]+)(?::(\d+))?/.exec(url) ?? [];
  const { network } = process;
  if (host === '' || network === undefined) return;
  const port = Number(given ?? (scheme === 'https' ? 443 : 80));
  const unable = (why: string) => new CommandError(`Unable to connect to the server: ${why}`, 1, '');
  const found = network.lookUp(host);
  if (found.addresses === null) throw unable(`dial tcp: lookup ${host}: no such host`);
  const address = found.addresses[0]!;
  switch (network.connect(address, port).outcome) {
    case 'open':
      return;
    case 'refused':
      throw new CommandError(
        `The connection to the server ${host}${given === undefined ? '' : `:${given}`} was refused - did you specify the right host or port?`,
        1,
        '',
      );
    case 'unreachable':
      throw unable(`dial tcp ${address}:${port}: connect: no route to host`);
    case 'timeout':
      throw unable(`dial tcp ${address}:${port}: i/o timeout`);
  }
}
