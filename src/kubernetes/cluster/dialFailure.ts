// Upstream: the errors of Go's net and net/http
import type { Exchange } from '#world/network/networkStack.ts';

/** Upstream: the dialer of apiserver's transports. */
const dialTimeoutMs = 30_000;

/** What a Go client says of a request to `host:port` that got no answer, and after how long. */
export function dialFailure(
  exchange: Exclude<Exchange, { outcome: 'answered' }>,
  port: number,
  host = '',
): { readonly error: string; readonly latencyMs: number } {
  switch (exchange.outcome) {
    case 'timeout':
      return { error: `dial tcp ${exchange.address}:${port}: i/o timeout`, latencyMs: dialTimeoutMs };
    case 'not found':
      return { error: `dial tcp: lookup ${host}: no such host`, latencyMs: 0 };
    case 'not http':
      return {
        error: 'net/http: HTTP/1.x transport connection broken: malformed HTTP response',
        latencyMs: exchange.latencyMs,
      };
    default: {
      const why = exchange.outcome === 'refused' ? 'connection refused' : 'no route to host';
      return {
        error: `dial tcp ${exchange.address}:${port}: connect: ${why}`,
        latencyMs: exchange.latencyMs,
      };
    }
  }
}
