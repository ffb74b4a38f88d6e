import type { ContainerScope } from '#world/machine/image.ts';
import type { Process } from '#world/machine/program.ts';
import type { NetworkStack } from '#world/network/networkStack.ts';

const account = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

/** What a request needs of the container that sends it. */
type Sender = Pick<ContainerScope, 'files' | 'environment'> & { readonly network: NetworkStack | undefined };

/** One request to the API server, over the pod's network, as the pod's service account; the wait for it is the caller's. */
export function send(
  { files, environment, network }: Sender,
  userAgent: string,
  method: string,
  path: string,
  body?: unknown,
  accept = 'application/json',
): Answered & { readonly latencyMs: number } {
  // As client-go's in-cluster configuration finds it: without asking the cluster's DNS.
  const host = environment.get('KUBERNETES_SERVICE_HOST') ?? 'kubernetes.default.svc';
  const port = Number(environment.get('KUBERNETES_SERVICE_PORT') ?? 443);
  const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const exchange = network?.request(host, port, {
    method,
    path,
    headers: {
      host,
      accept,
      authorization: `Bearer ${files.read(`${account}/token`).trim()}`,
      'user-agent': userAgent,
      ...(body !== undefined && { 'content-type': contentType }),
    },
    body: body === undefined ? '' : JSON.stringify(body),
  });
  if (exchange?.outcome !== 'answered') {
    const message = `no answer from ${host}: ${exchange?.outcome ?? 'no network'}`;
    return { status: 503, body: { message }, latencyMs: 0 };
  }
  const { response, latencyMs } = exchange;
  try {
    return { status: response.status, body: JSON.parse(response.body) as unknown, latencyMs };
  } catch {
    return { status: response.status, body: { message: response.body }, latencyMs };
  }
}

/** The same for a program, which waits for the answer. */
export async function ask(
  process: Process,
  userAgent: string,
  method: string,
  path: string,
  body?: unknown,
  accept?: string,
): Promise<Answered> {
  const { latencyMs, ...answered } = send(process, userAgent, method, path, body, accept);
  await process.sleep(latencyMs);
  return answered;
}

export function messageOf({ body }: Answered): string {
  return (body as { message?: string }).message ?? 'no reason given';
}
