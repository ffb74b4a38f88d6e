// Upstream: kubectl/pkg/cmd/create/{create_secret,create_secret_docker,create_secret_tls}.go
import { encodeBase64 } from '#kubernetes/api/base64.ts';
import type { Command } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { text } from '../../flags.ts';
import { newMetadata, subcommandOf, type Composed } from './generator.ts';
import type { Invocation } from '../../invocation.ts';
import { appendHashFlag } from './nameHash.ts';
import { literalFlags, readFile, readPairs } from './pairs.ts';

const resource = { group: '', version: 'v1', plural: 'secrets', namespaced: true };
const failure = 'failed to create secret ';

function secret(name: string, type: string, plain: Readonly<Record<string, string>>): Composed {
  const data = Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, encodeBase64(value)]));
  return {
    kind: 'Secret',
    apiVersion: 'v1',
    metadata: newMetadata(name),
    ...(Object.keys(data).length > 0 && { data }),
    ...(type && { type }),
  };
}

const generic = subcommandOf({
  name: 'generic',
  summary: 'Create a secret from a local file, directory, or literal value',
  usage:
    'secret generic NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  example: [
    'Create a new secret named my-secret with key1=supersecret',
    'kubectl create secret generic my-secret --from-literal=key1=supersecret',
  ],
  resource,
  flags: [...literalFlags, text('type', 'The type of secret to create')],
  failure,
  compose: (invocation, name) =>
    secret(
      name,
      invocation.flags.text('type'),
      readPairs(invocation, (key) => {
        throw new CommandError(`cannot add key ${key}, another key by that name already exists`);
      }),
    ),
});

/** A file that must be there; the sentence is the certificate loader's. */
function readPem(invocation: Invocation, path: string): string {
  try {
    return readFile(invocation, path);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new CommandError(`Cannot read file ${path}, open ${path}: no such file or directory`);
  }
}

const tls = subcommandOf({
  name: 'tls',
  summary: 'Create a TLS secret',
  usage: 'secret tls NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]',
  example: [
    'Create a new TLS secret named tls-secret with the given key pair',
    'kubectl create secret tls tls-secret --cert=path/to/tls.crt --key=path/to/tls.key',
  ],
  resource,
  flags: [
    appendHashFlag,
    text('cert', 'Path to PEM encoded public key certificate.'),
    text('key', 'Path to private key associated with given certificate.'),
  ],
  failure,
  compose(invocation, name) {
    const { flags } = invocation;
    if (!flags.text('key') || !flags.text('cert')) throw new CommandError('key and cert must be specified');
    const cert = readPem(invocation, flags.text('cert'));
    const key = readPem(invocation, flags.text('key'));
    if (!cert.includes('-----BEGIN'))
      throw new CommandError('tls: failed to find any PEM data in certificate input');
    if (!key.includes('-----BEGIN')) throw new CommandError('tls: failed to find any PEM data in key input');
    return secret(name, 'kubernetes.io/tls', { 'tls.crt': cert, 'tls.key': key });
  },
});

const dockerRegistry = subcommandOf({
  name: 'docker-registry',
  summary: 'Create a secret for use with a Docker registry',
  usage:
    'secret docker-registry NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string]',
  example: [
    'Create a secret for a registry',
    'kubectl create secret docker-registry my-secret --docker-server=DOCKER_REGISTRY_SERVER --docker-username=DOCKER_USER --docker-password=DOCKER_PASSWORD',
  ],
  resource,
  flags: [
    appendHashFlag,
    text('docker-server', 'Server location for Docker registry', { initial: 'https://index.docker.io/v1/' }),
    text('docker-username', 'Username for Docker registry authentication'),
    text('docker-password', 'Password for Docker registry authentication'),
    text('docker-email', 'Email for Docker registry'),
  ],
  failure,
  compose({ flags }, name) {
    const username = flags.text('docker-username');
    const password = flags.text('docker-password');
    const email = flags.text('docker-email');
    if (!username || !password) {
      throw new CommandError(
        'either --from-file or the combination of --docker-username, --docker-password and --docker-server is required',
      );
    }
    const auth = encodeBase64(`${username}:${password}`);
    const auths = { [flags.text('docker-server')]: { username, password, ...(email && { email }), auth } };
    return secret(name, 'kubernetes.io/dockerconfigjson', { '.dockerconfigjson': JSON.stringify({ auths }) });
  },
});

export const createSecret: Command = {
  name: 'secret',
  summary: 'Create a secret using a specified subcommand',
  long: 'Create a secret with specified type.\n\n A docker-registry type secret is for accessing a container registry.\n\n A generic type secret indicate an Opaque secret type.\n\n A tls type secret holds TLS certificate and its associated key.',
  usage: 'create secret (docker-registry | generic | tls)',
  subcommands: [dockerRegistry, generic, tls],
};
