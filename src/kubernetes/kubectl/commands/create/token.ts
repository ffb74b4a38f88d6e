// Upstream: kubectl/pkg/cmd/create/create_token.go
import type { TokenRequest } from '#generated/types/authentication.v1.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Command } from '../../command.ts';
import { CommandError, usageError } from '../../errors.ts';
import { array, duration, text } from '../../flags.ts';
import type { Invocation } from '../../invocation.ts';
import { printerOf, printFlags } from '../../output/printer.ts';

const boundKinds = ['Node', 'Pod', 'Secret'];

export const createToken: Command = {
  name: 'token',
  summary: 'Request a service account token',
  examples: [
    [
      'Request a token to authenticate to the kube-apiserver as the service account "myapp" in the current namespace',
      'kubectl create token myapp',
    ],
    ['Request a token with a custom expiration', 'kubectl create token myapp --duration 10m'],
    ['Request a token with a custom audience', 'kubectl create token myapp --audience https://example.com'],
    [
      'Request a token bound to an instance of a Secret object',
      'kubectl create token myapp --bound-object-kind Secret --bound-object-name mysecret',
    ],
  ],
  usage: 'create token SERVICE_ACCOUNT_NAME',
  flags: [
    ...printFlags,
    array(
      'audience',
      'Audience of the requested token. If unset, defaults to requesting a token for use with the Kubernetes API server. May be repeated to request a token valid for multiple audiences.',
    ),
    text(
      'bound-object-kind',
      'Kind of an object to bind the token to. Supported kinds are Node, Pod, Secret. If set, --bound-object-name must be provided.',
    ),
    text(
      'bound-object-name',
      'Name of an object to bind the token to. The token will expire when the object is deleted. Requires --bound-object-kind.',
    ),
    text(
      'bound-object-uid',
      'UID of an object to bind the token to. Requires --bound-object-kind and --bound-object-name. If unset, the UID of the existing object is used.',
    ),
    duration(
      'duration',
      'Requested lifetime of the issued token. If not set or if set to 0, the lifetime will be determined by the server automatically. The server may return a token with a longer or shorter lifetime.',
    ),
  ],
  async run(invocation) {
    const { args, path, client, namespace, process } = invocation;
    if (args.length !== 1) throw usageError(path, `exactly one NAME is required, got ${args.length}`);
    const print = printerOf(invocation);
    const spec = specOf(invocation);
    let answer: TokenRequest;
    try {
      const { body } = await client.send({
        method: 'POST',
        path: `/api/v1/namespaces/${namespace}/serviceaccounts/${args[0]}/token`,
        contentType: 'application/json',
        body: { kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1', metadata: {}, spec },
      });
      answer = body as TokenRequest;
    } catch (error) {
      if (error instanceof StatusError) throw new CommandError(`failed to create token: ${error.message}`);
      throw error;
    }
    const { token } = answer.status;
    if (!token) throw new CommandError('failed to create token: no token in server response');
    await invocation.out(print ? print(answer) : process.stdout.terminal ? `${token}\n` : token);
  },
};

function specOf({ flags }: Invocation): object {
  const lifetimeMs = flags.durationMs('duration');
  if (lifetimeMs < 0) throw new CommandError('--duration must be greater than or equal to 0');
  if (lifetimeMs % 1000 !== 0)
    throw new CommandError('--duration cannot be expressed in units less than seconds');
  const audiences = flags.list('audience');
  if (audiences.includes('')) throw new CommandError('--audience must not be an empty string');
  const kind = flags.text('bound-object-kind');
  const name = flags.text('bound-object-name');
  const uid = flags.text('bound-object-uid');
  if (kind === '') {
    for (const [flag, value] of [
      ['name', name],
      ['uid', uid],
    ])
      if (value !== '')
        throw new CommandError(`--bound-object-${flag} can only be set if --bound-object-kind is provided`);
  } else if (!boundKinds.includes(kind)) {
    throw new CommandError(`supported --bound-object-kind values are ${boundKinds.join(', ')}`);
  } else if (name === '') {
    throw new CommandError('--bound-object-name is required if --bound-object-kind is provided');
  }
  return {
    audiences,
    ...(lifetimeMs > 0 && { expirationSeconds: lifetimeMs / 1000 }),
    ...(kind !== '' && { boundObjectRef: { kind, apiVersion: 'v1', name, ...(uid && { uid }) } }),
  };
}
