// Upstream: client-go/tools/clientcmd/client_config.go
import type { Process } from '#world/machine/program.ts';
import type { Flags } from './flags.ts';
import type { Kubeconfig } from './kubeconfig.ts';

/** The URL of the API server that a command speaks to. */
export function serverOf(flags: Flags, config: Kubeconfig): string {
  const current = flags.text('context') || config['current-context'];
  const name = flags.text('cluster') || config.contexts.find((one) => one.name === current)?.context.cluster;
  return flags.text('server') || (config.clusters.find((one) => one.name === name)?.cluster.server ?? '');
}

/** Why there is no connection to a URL, in the words of Go's dialer; undefined where somebody listens there. */
export function dialError(process: Process, url: string): string | undefined {
  const [, scheme = '', host = '', given] = /^(https?):\/\/([^/:]+)(?::(\d+))?/.exec(url) ?? [];
  const { network } = process;
  if (host === '' || network === undefined) return undefined;
  const port = Number(given ?? (scheme === 'https' ? 443 : 80));
  const found = network.lookUp(host);
  if (found.addresses === null) return `dial tcp: lookup ${host}: no such host`;
  const address = found.addresses[0]!;
  const where = `dial tcp ${address}:${port}`;
  switch (network.connect(address, port).outcome) {
    case 'open':
      return undefined;
    case 'refused':
      return `${where}: connect: connection refused`;
    case 'unreachable':
      return `${where}: connect: no route to host`;
    case 'timeout':
      return `${where}: i/o timeout`;
  }
}
