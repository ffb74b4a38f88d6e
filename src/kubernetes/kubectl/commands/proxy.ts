// Upstream: kubectl/pkg/cmd/proxy/proxy.go
import type { Command } from '../command.ts';
import { CommandError } from '../errors.ts';
import { bool, duration, int, text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { klogLine } from '../klog.ts';
import { ProxyServer } from '../proxyServer.ts';
import { FileError, resolvePath } from '#world/machine/fileSystem.ts';

const defaultPort = '8001';

export const proxy: Command = {
  name: 'proxy',
  group: 'Troubleshooting and Debugging Commands',
  summary: 'Run a proxy to the Kubernetes API server',
  long: 'Creates a proxy server or application-level gateway between localhost and the Kubernetes API server. It also allows serving static content over specified HTTP path. All incoming data enters through one port and gets forwarded to the remote Kubernetes API server port, except for the path matching the static content path.',
  examples: [
    ['To proxy all of the Kubernetes API and nothing else', 'kubectl proxy --api-prefix=/'],
    [
      "To proxy only part of the Kubernetes API and also some static files\n# You can get pods info with 'curl localhost:8001/api/v1/pods'",
      'kubectl proxy --www=/my/files --www-prefix=/static/ --api-prefix=/api/',
    ],
    [
      "To proxy the entire Kubernetes API at a different root\n# You can get pods info with 'curl localhost:8001/custom/api/v1/pods'",
      'kubectl proxy --api-prefix=/custom/',
    ],
    [
      'Run a proxy to the Kubernetes API server on port 8011, serving static content from ./local/www/',
      'kubectl proxy --port=8011 --www=./local/www/',
    ],
    [
      'Run a proxy to the Kubernetes API server on an arbitrary local port\n# The chosen port for the server will be output to stdout',
      'kubectl proxy --port=0',
    ],
    [
      'Run a proxy to the Kubernetes API server, changing the API prefix to k8s-api\n# This makes e.g. the pods API available at localhost:8001/k8s-api/v1/pods/',
      'kubectl proxy --api-prefix=/k8s-api',
    ],
  ],
  usage: 'proxy [--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]',
  flags: [
    text('accept-hosts', 'Regular expression for hosts that the proxy should accept.', {
      initial: '^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$',
    }),
    text('accept-paths', 'Regular expression for paths that the proxy should accept.', { initial: '^.*' }),
    text('address', 'The IP address on which to serve on.', { initial: '127.0.0.1' }),
    text('api-prefix', 'Prefix to serve the proxied API under.', { initial: '/' }),
    bool(
      'append-server-path',
      'If true, enables automatic path appending of the kube context server path to each request.',
    ),
    bool(
      'disable-filter',
      'If true, disable request filtering in the proxy. This is dangerous, and can leave you vulnerable to XSRF attacks, when used with an accessible port.',
    ),
    duration(
      'keepalive',
      'keepalive specifies the keep-alive period for an active network connection. Set to 0 to disable keepalive.',
    ),
    int('port', 'The port on which to run the proxy. Set to 0 to pick a random port.', {
      short: 'p',
      initial: defaultPort,
    }),
    text(
      'reject-methods',
      "Regular expression for HTTP methods that the proxy should reject (example --reject-methods='POST,PUT,PATCH').",
      { initial: '^$' },
    ),
    text(
      'reject-paths',
      'Regular expression for paths that the proxy should reject. Paths specified here will be rejected even accepted by --accept-paths.',
      { initial: '^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach' },
    ),
    text('unix-socket', 'Unix socket on which to run the proxy.', { short: 'u' }),
    text('www', 'Also serve static files from the given directory under the specified prefix.', {
      short: 'w',
    }),
    text('www-prefix', 'Prefix to serve static files under, if static file directory is specified.', {
      short: 'P',
      initial: '/static/',
    }),
  ],
  async run(invocation) {
    const { flags, process } = invocation;
    const socket = flags.text('unix-socket');
    if (flags.bool('disable-filter') && socket === '')
      await invocation.err(
        klogLine(
          process,
          'W',
          'proxy.go:177',
          'Request filter disabled, your proxy is vulnerable to XSRF attacks, please be cautious',
        ),
      );
    if (socket !== '' && flags.text('port') !== defaultPort)
      throw new CommandError('cannot set --unix-socket and --port at the same time');
    const server = new ProxyServer(invocation);
    const { address, close } =
      socket === '' ? listen(invocation, server) : listenAt(invocation, server, socket);
    try {
      await invocation.out(`Starting to serve on ${address}\n`);
      await process.wait(() => () => {});
    } finally {
      close();
    }
  },
};

interface Listening {
  /** As it is printed. */
  readonly address: string;
  close(): void;
}

function listen({ flags, process }: Invocation, server: ProxyServer): Listening {
  const address = flags.text('address');
  const port = flags.int('port');
  const fail = (why: string) => new CommandError(`listen tcp ${address}:${port}: ${why}`);
  const ports = process.network?.ports;
  if (ports === undefined || !['127.0.0.1', 'localhost', '0.0.0.0', ''].includes(address))
    throw fail('bind: cannot assign requested address');
  if (port < 0 || port > 65_535) throw new CommandError(`listen tcp: address ${port}: invalid port`);
  const chosen = ports.listen(port, server.listener);
  if (chosen === null) throw fail('bind: address already in use');
  const shown =
    address === 'localhost' ? '127.0.0.1' : address === '' || address === '0.0.0.0' ? '[::]' : address;
  return { address: `${shown}:${chosen}`, close: () => ports.close(chosen) };
}

function listenAt({ process }: Invocation, server: ProxyServer, path: string): Listening {
  const full = resolvePath(process.workingDirectory, path);
  const ports = process.network?.ports;
  const fail = (why: string) => new CommandError(`listen unix ${path}: bind: ${why}`);
  const isTaken = process.files.status(full) !== null && ports?.isSocket(full) !== true;
  if (ports === undefined || isTaken) throw fail('address already in use');
  try {
    process.files.write(full, '');
  } catch (error) {
    throw error instanceof FileError ? fail(error.message.toLowerCase()) : error;
  }
  ports.listenAt(full, server.listener);
  return { address: path, close: () => ports.closeAt(full) };
}
