// Upstream: apiserver/pkg/endpoints/handlers/{negotiation,responsewriters}
import type { ApiRequest, Impersonation, Transport } from '#kubernetes/api/request.ts';
import type { HttpRequest, HttpResponse } from '#world/network/http.ts';

const anonymous = { name: 'system:anonymous', groups: ['system:unauthenticated'] };
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * The API server's port in the simulated network: what `curl` in a pod reaches. An answer there is whole, so that what
 * streams is refused with a word.
 */
export function answerHttp(transport: Transport, request: HttpRequest): HttpResponse {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  if (!methods.includes(method)) return plain(405, 'Method Not Allowed\n');
  const response = transport(apiRequestOf({ ...request, method }));
  if (response.stream !== undefined) {
    response.stream.close();
    return plain(501, 'Podarium does not simulate watches and other streams over the cluster’s network\n');
  }
  const warnings = response.warnings.map((text) => `299 - ${JSON.stringify(text)}`);
  const headers = { ...(warnings.length > 0 && { warning: warnings.join(', ') }) };
  if (typeof response.body === 'string') return plain(response.status, response.body);
  // People read what curl and browsers get.
  const isPretty = /^(curl|Wget|Mozilla)\//.test(request.headers['user-agent'] ?? '');
  const body = isPretty ? JSON.stringify(response.body, null, 2) : `${JSON.stringify(response.body)}\n`;
  return { status: response.status, headers: { 'content-type': 'application/json', ...headers }, body };
}

function apiRequestOf({ method, path, headers, body }: HttpRequest): ApiRequest {
  const at = path.indexOf('?');
  const token = /^bearer +(\S+)$/i.exec(headers['authorization'] ?? '')?.[1];
  const impersonate = impersonationOf(headers);
  return {
    method: method as ApiRequest['method'],
    path: at < 0 ? path : path.slice(0, at),
    query: at < 0 ? {} : readQuery(path.slice(at + 1)),
    accept: headers['accept'] ?? '*/*',
    contentType: headers['content-type'] ?? 'application/json',
    userAgent: headers['user-agent'] ?? '',
    ...(body !== '' && { body }),
    user: anonymous,
    credentials: token === undefined ? {} : { token },
    ...(impersonate && { impersonate }),
  };
}

function readQuery(text: string): Record<string, string> {
  const decode = (part: string) => {
    try {
      return decodeURIComponent(part.replaceAll('+', ' '));
    } catch {
      return part;
    }
  };
  const pairs = text.split('&').filter((pair) => pair !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [decode(name), decode(value.join('='))];
    }),
  );
}

function impersonationOf(headers: HttpRequest['headers']): Impersonation | undefined {
  const user = headers['impersonate-user'];
  if (user === undefined) return undefined;
  const group = headers['impersonate-group'];
  return { user, groups: group === undefined ? [] : [group] };
}

function plain(status: number, body: string): HttpResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}
