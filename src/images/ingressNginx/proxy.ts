// Upstream: k8s.io/ingress-nginx/rootfs/etc/nginx/{template/nginx.tmpl,lua}
import type { ContainerScope } from '#world/machine/image.ts';
import { type HttpRequest, type HttpResponse, statusPhrase } from '#world/network/http.ts';
import type { Exchange } from '#world/network/networkStack.ts';
import { accessLogTime } from '../accessLog.ts';
import { findRoute, noRoutes, type Routes, type Upstream } from './routes.ts';

/** Upstream: proxy-connect-timeout, and how many servers are tried. */
const connectTimeoutMs = 5_000;
const triesMax = 3;

/** How a request went, for the log. */
interface Passed {
  readonly response: HttpResponse;
  readonly upstream: string;
  readonly server: string;
  readonly latencyMs: number;
}

/** Answers a request by what Ingresses say of its host and path. */
export function serve(request: HttpRequest, container: ContainerScope, isTls: boolean): HttpResponse {
  const [path = '/', ...search] = request.path.split('?');
  const query = search.length === 0 ? '' : `?${search.join('?')}`;
  const host = request.headers['host'] ?? '';
  const found = findRoute((container.memory.get('routes') as Routes | undefined) ?? noRoutes, host, path);
  const passed: Passed =
    found === null
      ? own(404, 'upstream-default-backend')
      : found.isSecure && !isTls
        ? redirect(`https://${host.replace(/:\d+$/, '')}${path}${query}`, found.upstream)
        : pass({ ...request, path: found.path + query }, found.upstream, container, isTls);
  log(request, passed, container);
  return { ...passed.response, delayMs: passed.latencyMs };
}

function own(status: number, upstream: string): Passed {
  const title = `${status} ${statusPhrase(status) || 'Service Temporarily Unavailable'}`;
  const phrase =
    status === 503 ? '503 Service Temporarily Unavailable' : status === 504 ? '504 Gateway Time-out' : title;
  const body = `<html>\r\n<head><title>${phrase}</title></head>\r\n<body>\r\n<center><h1>${phrase}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
  const headers = { 'content-type': 'text/html', 'content-length': String(body.length) };
  return { response: { status, headers, body }, upstream, server: '-', latencyMs: 0 };
}

function redirect(location: string, { name }: Upstream): Passed {
  const { response } = own(308, name);
  return {
    response: { ...response, headers: { ...response.headers, location } },
    upstream: name,
    server: '-',
    latencyMs: 0,
  };
}

/** Hands a request on to one endpoint after the other, beginning where the one before ended. */
function pass(
  request: HttpRequest,
  { name, endpoints }: Upstream,
  container: ContainerScope,
  isTls: boolean,
): Passed {
  if (endpoints.length === 0) return own(503, name);
  const turn = (container.memory.get(name) as number | undefined) ?? 0;
  container.memory.set(name, turn + 1);
  let latencyMs = 0;
  let last: Exchange['outcome'] = 'refused';
  for (let tries = 0; tries < Math.min(triesMax, endpoints.length); tries++) {
    const { host, port } = endpoints[(turn + tries) % endpoints.length]!;
    const exchange = container.network.request(host, port, {
      method: request.method,
      path: request.path,
      headers: forwarded(request, isTls),
      body: request.body,
    });
    last = exchange.outcome;
    latencyMs += exchange.outcome === 'timeout' ? connectTimeoutMs : exchange.latencyMs;
    if (exchange.outcome === 'answered' && exchange.response.status !== 0)
      return {
        response: exchange.response,
        upstream: name,
        server: `${exchange.address}:${port}`,
        latencyMs,
      };
  }
  return { ...own(last === 'timeout' ? 504 : 502, name), latencyMs };
}

function forwarded(
  { headers, clientAddress }: HttpRequest,
  isTls: boolean,
): Readonly<Record<string, string>> {
  const [scheme, port] = isTls ? ['https', '443'] : ['http', '80'];
  return {
    ...headers,
    'x-real-ip': clientAddress,
    'x-forwarded-for': clientAddress,
    'x-forwarded-host': headers['host'] ?? '',
    'x-forwarded-port': port,
    'x-forwarded-proto': scheme,
    'x-forwarded-scheme': scheme,
    'x-scheme': scheme,
  };
}

function log(
  { clientAddress, method, path, headers }: HttpRequest,
  passed: Passed,
  container: ContainerScope,
): void {
  const { response, upstream, server, latencyMs } = passed;
  const { nowMs } = container.simulation;
  const id = Array.from({ length: 4 }, () =>
    container.simulation
      .random('request-ids')
      .below(2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
  const seconds = (latencyMs / 1000).toFixed(3);
  container.log(
    `${clientAddress} - - [${accessLogTime(nowMs)}] "${method} ${path} HTTP/1.1" ${response.status} ${response.body.length} "${headers['referer'] ?? '-'}" "${headers['user-agent'] ?? '-'}" ${path.length + 80} ${seconds} [${upstream}] [] ${server} ${server === '-' ? '- - -' : `${response.body.length} ${seconds} ${response.status}`} ${id}\n`,
  );
}
