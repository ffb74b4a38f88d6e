// Upstream: the errors of Go's net and net/http, as apiserver/pkg/util/webhook hands them on
import type { WebhookTransport } from '#kubernetes/apiserver/admission/webhook/transport.ts';
import type { Network } from '#world/network/network.ts';
import { apiServerStack } from './apiServerStack.ts';
import { dialFailure } from './dialFailure.ts';

/** Webhooks as the API server's machine reaches them: through its own rules, to Services, pods and addresses. */
export function webhookTransport(network: Network): WebhookTransport {
  const stack = apiServerStack(network);
  return ({ host, port, path, body }) => {
    const headers = {
      host: `${host}:${port}`,
      'content-type': 'application/json',
      accept: 'application/json, */*',
      'user-agent': 'kube-apiserver-admission',
    };
    const exchange = stack.request(host, port, { method: 'POST', path, headers, body });
    if (exchange.outcome === 'timeout') return 'timeout';
    if (exchange.outcome !== 'answered') return dialFailure(exchange, port, host);
    const { response, latencyMs } = exchange;
    return { status: response.status, body: response.body, latencyMs };
  };
}
