// Upstream: the errors of Go's net and net/http, as apiserver/pkg/util/webhook hands them on
import type { WebhookTransport } from '#kubernetes/apiserver/admission/webhook/transport.ts';
import type { Network } from '#world/network/network.ts';
import { NetworkStack } from '#world/network/networkStack.ts';
import { controlPlane } from './controlPlane.ts';

/** Webhooks as the API server's machine reaches them: through its own rules, to Services, pods and addresses. */
export function webhookTransport(network: Network): WebhookTransport {
  const stack = new NetworkStack(network, {
    address: controlPlane.address,
    machine: controlPlane.name,
    resolver: { nameservers: [], search: [], ndots: 1 },
  });
  return ({ host, port, path, body }) => {
    const headers = {
      host: `${host}:${port}`,
      'content-type': 'application/json',
      accept: 'application/json, */*',
      'user-agent': 'kube-apiserver-admission',
    };
    const exchange = stack.request(host, port, { method: 'POST', path, headers, body });
    switch (exchange.outcome) {
      case 'answered': {
        const { response, latencyMs } = exchange;
        return { status: response.status, body: response.body, latencyMs };
      }
      case 'timeout':
        return 'timeout';
      case 'not found':
        return { error: `dial tcp: lookup ${host}: no such host`, latencyMs: 0 };
      case 'refused':
      case 'unreachable': {
        const why = exchange.outcome === 'refused' ? 'connection refused' : 'no route to host';
        const error = `dial tcp ${exchange.address}:${port}: connect: ${why}`;
        return { error, latencyMs: exchange.latencyMs };
      }
      case 'not http':
        return {
          error: 'net/http: HTTP/1.x transport connection broken: malformed HTTP response',
          latencyMs: exchange.latencyMs,
        };
    }
  };
}
