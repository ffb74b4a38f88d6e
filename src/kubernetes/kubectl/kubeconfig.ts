// Upstream: client-go/tools/clientcmd
import { encodeBase64 } from '#kubernetes/api/base64.ts';
import { FileError, resolvePath } from '#world/machine/fileSystem.ts';
import type { Process } from '#world/machine/program.ts';
import { CommandError } from './errors.ts';
import { parseDocument } from '#kubernetes/apimachinery/yamlDocument.ts';
import { toYaml } from '#kubernetes/apimachinery/yamlText.ts';

export interface NamedContext {
  readonly name: string;
  readonly context: { readonly cluster: string; readonly user: string; readonly namespace?: string };
}

/** What a user shows to the server. */
export interface AuthInfo {
  readonly 'client-certificate'?: string;
  readonly 'client-certificate-data'?: string;
  readonly 'client-key'?: string;
  readonly 'client-key-data'?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
}

/** A kubeconfig file. */
export interface Kubeconfig {
  readonly apiVersion: 'v1';
  readonly kind: 'Config';
  readonly preferences: object;
  readonly clusters: readonly { readonly name: string; readonly cluster: { readonly server: string } }[];
  readonly contexts: readonly NamedContext[];
  readonly users: readonly { readonly name: string; readonly user: AuthInfo }[];
  readonly 'current-context': string;
}

/** Nobody needs the key: the cluster's authority signs what it knows again, and nothing here is encrypted. */
const keyText = 'simulated: certificates are told by their signature alone\n';

/** The file that a fresh workstation has, in the names that kubeadm gives. `certificate` is the user's, in PEM. */
export function newKubeconfig(
  cluster: string,
  server: string,
  user: string,
  certificate?: string,
): Kubeconfig {
  const name = `${user}@${cluster}`;
  return {
    apiVersion: 'v1',
    kind: 'Config',
    preferences: {},
    clusters: [{ name: cluster, cluster: { server } }],
    contexts: [{ name, context: { cluster, user } }],
    users: [
      {
        name: user,
        user:
          certificate === undefined
            ? {}
            : {
                'client-certificate-data': encodeBase64(certificate),
                'client-key-data': encodeBase64(keyText),
              },
      },
    ],
    'current-context': name,
  };
}

/** Where the kubeconfig is: the flag, `$KUBECONFIG`, or `~/.kube/config`. */
export function kubeconfigPath(process: Process, flag: string): string {
  const home = process.environment.get('HOME') ?? '/root';
  const listed = (process.environment.get('KUBECONFIG') ?? '').split(':').find((path) => path !== '');
  return resolvePath(process.workingDirectory, flag || listed || `${home}/.kube/config`);
}

/** The file at `path`; `fresh` where there is none, as a pod has its own credentials without one. */
export function readKubeconfig(process: Process, path: string, fresh: Kubeconfig): Kubeconfig {
  let text: string;
  try {
    text = process.files.read(path);
  } catch (error) {
    if (error instanceof FileError && error.code === 'ENOENT') return fresh;
    throw error instanceof FileError
      ? new CommandError(`error loading config file "${path}": ${error.message}`)
      : error;
  }
  try {
    const read = (parseDocument(text) ?? {}) as Partial<Kubeconfig>;
    return {
      ...fresh,
      ...read,
      clusters: read.clusters ?? [],
      contexts: read.contexts ?? [],
      users: read.users ?? [],
      'current-context': read['current-context'] ?? '',
    };
  } catch (error) {
    throw new CommandError(`error loading config file "${path}": ${(error as Error).message}`);
  }
}

export function writeKubeconfig(process: Process, path: string, config: Kubeconfig): void {
  process.files.makeDirectory(path.slice(0, path.lastIndexOf('/')) || '/', { parents: true });
  process.files.write(path, toYaml(config));
}

/** The namespace that a context sets for commands without `-n`; the current context where none is named. */
export function currentNamespace(config: Kubeconfig, context = config['current-context']): string {
  return config.contexts.find(({ name }) => name === context)?.context.namespace || 'default';
}
