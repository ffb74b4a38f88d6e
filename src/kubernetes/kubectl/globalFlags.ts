import { parseDuration } from '#kubernetes/apimachinery/duration.ts';
import { array, bool, int, text, type Flag } from './flags.ts';

/** Flags that every command takes. */
export const globalFlags: readonly Flag[] = [
  text('as', 'Username to impersonate for the operation.'),
  array(
    'as-group',
    'Group to impersonate for the operation, this flag can be repeated to specify multiple groups.',
  ),
  text('as-uid', 'UID to impersonate for the operation.'),
  text('cache-dir', 'Default cache directory', { initial: '/root/.kube/cache' }),
  text('cluster', 'The name of the kubeconfig cluster to use'),
  text('context', 'The name of the kubeconfig context to use'),
  bool('insecure-skip-tls-verify', "If true, the server's certificate will not be checked for validity."),
  text('kubeconfig', 'Path to the kubeconfig file to use for CLI requests.'),
  text('namespace', 'If present, the namespace scope for this CLI request', { short: 'n' }),
  text('request-timeout', 'The length of time to wait before giving up on a single server request.', {
    initial: '0',
  }),
  text('server', 'The address and port of the Kubernetes API server', { short: 's' }),
  text('token', 'Bearer token for authentication to the API server'),
  text('user', 'The name of the kubeconfig user to use'),
  int('v', 'number for the log level verbosity', { short: 'v' }),
  bool(
    'warnings-as-errors',
    'Treat warnings received from the server as errors and exit with a non-zero exit code',
  ),
];

/** `--request-timeout` in ms, 0 for none; a bare number counts seconds. */
export function requestTimeoutMs(text: string): number {
  return parseDuration(/^\d+$/.test(text) ? `${text}s` : text || '0s');
}
