import type { Process } from '#world/machine/program.ts';

const account = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

/** One request to the API server, over the pod's network, as the pod's service account. */
export async function ask(
  process: Process,
  userAgent: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answered> {
  // As client-go's in-cluster configuration finds it: without asking the cluster's DNS.
  const host = process.environment.get('KUBERNETES_SERVICE_HOST') ?? 'kubernetes.default.svc';
  const port = Number(process.environment.get('KUBERNETES_SERVICE_PORT') ?? 443);
  const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const exchange = process.network?.request(host, port, {
    method,
    path,
    headers: {
      host,
      accept: 'application/json',
      authorization: `Bearer ${process.files.read(`${account}/token`).trim()}`,
      'user-agent': userAgent,
      ...(body !== undefined && { 'content-type': contentType }),
    },
    body: body === undefined ? '' : JSON.stringify(body),
  });
  if (exchange?.outcome !== 'answered') {
    return {
      status: 503,
      body: { message: `no answer from ${host}: ${exchange?.outcome ?? 'no network'}` },
    };
  }
  await process.sleep(exchange.latencyMs);
  const { status, body: text } = exchange.response;
  try {
    return { status, body: JSON.parse(text) as unknown };
  } catch {
    return { status, body: { message: text } };
  }
}

export function messageOf({ body }: Answered): string {
  return (body as { message?: string }).message ?? 'no reason given';
}
