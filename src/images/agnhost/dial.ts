// Upstream: test/images/agnhost/netexec dialHandler
import type { ContainerScope } from '#world/machine/image.ts';
import type { HttpRequest, HttpResponse } from '#world/network/http.ts';
import { queryValue } from '../flaskApp.ts';
import { respond } from './respond.ts';

/** Upstream: the timeouts of its HTTP client and of a datagram's answer. */
const timeoutMs = 5_000;
const triesMax = 1_000;

/** What came back, or why nothing did, and after how long. */
interface Dialled {
  readonly response?: string;
  readonly error?: string;
  readonly latencyMs: number;
}

/** `/dial`: asks another server, as often as it is told to, and says what came back. */
export function dial(request: HttpRequest, { network }: ContainerScope): HttpResponse {
  const value = (name: string) => queryValue(request, name) ?? '';
  const [host, port, asked, protocol] = [
    value('host'),
    Number(value('port')),
    value('request'),
    value('protocol').toLowerCase() || 'http',
  ];
  const tries = Number(value('tries') || 1);
  if (asked === '') return respond('request parameter not specified. <nil>\n', 400);
  if (!Number.isInteger(tries)) return respond(`tries parameter is invalid. ${value('tries')}\n`, 400);
  if (protocol !== 'http' && protocol !== 'udp') return respond(`unsupported protocol. ${protocol}\n`, 400);
  const found = network.lookUp(host);
  const address = found.addresses?.[0];
  if (address === undefined)
    return respond(`host and/or port param are invalid. lookup ${host}: no such host\n`, 400);
  const once = () =>
    protocol === 'http' ? dialHttp(network, address, port, asked) : dialUdp(network, address, port, asked);
  const all = Array.from({ length: Math.min(tries, triesMax) }, once);
  const responses = all.flatMap(({ response }) => (response === undefined ? [] : [response]));
  const errors = all.flatMap(({ error }) => (error === undefined ? [] : [error]));
  const body = { ...(errors.length > 0 && { errors }), ...(responses.length > 0 && { responses }) };
  return {
    ...respond(JSON.stringify(body)),
    delayMs: all.reduce((sum, { latencyMs }) => sum + latencyMs, found.latencyMs),
  };
}

/** A GET of `path` at an address, as a Go program sees its end. */
export function dialHttp(
  network: ContainerScope['network'],
  address: string,
  port: number,
  path: string,
): Dialled {
  const where = `${address}:${port}`;
  const url = `http://${where}/${path.replace(/^\//, '')}`;
  const headers = { host: where, 'user-agent': 'Go-http-client/1.1' };
  const target = `/${path.replace(/^\//, '')}`;
  const exchange = network.request(address, port, { method: 'GET', path: target, headers, body: '' });
  if (exchange.outcome === 'answered')
    return { response: exchange.response.body, latencyMs: exchange.latencyMs };
  const latencyMs = exchange.outcome === 'timeout' ? timeoutMs : exchange.latencyMs;
  const why =
    exchange.outcome === 'timeout'
      ? `dial tcp ${where}: i/o timeout`
      : exchange.outcome === 'not http'
        ? 'net/http: HTTP/1.x transport connection broken: malformed HTTP response'
        : `dial tcp ${where}: connect: ${exchange.outcome === 'refused' ? 'connection refused' : 'no route to host'}`;
  return { error: `Get ${JSON.stringify(url)}: ${why}`, latencyMs };
}

function dialUdp(network: ContainerScope['network'], address: string, port: number, text: string): Dialled {
  const connection = network.connect(address, port, 'UDP');
  const failed = (why: string, latencyMs: number) => ({
    error: `reading from udp connection failed. err:'read udp ${network.address}->${address}:${port}: ${why}'`,
    latencyMs,
  });
  if (connection.outcome === 'refused') return failed('read: connection refused', connection.latencyMs);
  if (connection.outcome !== 'open') return failed('i/o timeout', timeoutMs);
  const answer = connection.listener.converse?.(text, connection.clientAddress) ?? null;
  if (answer === null) return failed('i/o timeout', timeoutMs);
  return { response: answer, latencyMs: connection.latencyMs };
}
