// Upstream: apiserver/pkg/endpoints/handlers/{negotiation,responsewriters}
import type {
  ApiRequest,
  ApiResponse,
  ApiStream,
  HttpMessage,
  Impersonation,
  Transport,
  WatchEvent,
} from '#kubernetes/api/request.ts';
import { upgradeRequired } from '#kubernetes/apiserver/wire/upgrade.ts';
import { isPrettyAgent } from '#kubernetes/apiserver/wire/negotiation.ts';
import type { HttpRequest, HttpResponse } from '#world/network/http.ts';

const anonymous = { name: 'system:anonymous', groups: ['system:unauthenticated'] };
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * The API server's port in the simulated network: what `curl` in a pod reaches. A client that reads streams gets watches
 * and logs as they come; others, such as a proxy, are refused them with a word.
 */
export function answerHttp(transport: Transport, request: HttpRequest): HttpResponse {
  const isProxied = proxied.test(request.path);
  const reads = request.method === 'HEAD' || (isProxied && request.method === 'OPTIONS');
  const method = reads ? 'GET' : request.method;
  if (!methods.includes(method)) return plain(405, 'Method Not Allowed\n');
  const http = isProxied ? messageOf(request) : undefined;
  const response = transport({ ...apiRequestOf({ ...request, method }), ...(http && { http }) });
  const warnings = response.warnings.map((text) => `299 - ${JSON.stringify(text)}`);
  const headers = { ...(warnings.length > 0 && { warning: warnings.join(', ') }) };
  if (response.stream !== undefined) return streamed(response.stream, request, headers);
  if (typeof response.body === 'string') return texted(response, response.body);
  const isPretty = isPrettyAgent(request.headers['user-agent'] ?? '');
  const body = isPretty ? JSON.stringify(response.body, null, 2) : `${JSON.stringify(response.body)}\n`;
  return { status: response.status, headers: { 'content-type': 'application/json', ...headers }, body };
}

/** Requests that are handed on to other servers. */
const proxied = /^\/api\/v1\/.*\/proxy(?:\/|\?|$)/;

function messageOf({ method, path, headers }: HttpRequest): HttpMessage {
  const at = path.indexOf('?');
  return { method, search: at < 0 ? '' : path.slice(at), headers };
}

/** Text, which may be another server's answer with headers of its own. */
function texted({ status, headers = {} }: ApiResponse, body: string): HttpResponse {
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const answer = plain(status, body);
  return own.length === 0
    ? answer
    : { ...answer, headers: { ...answer.headers, ...Object.fromEntries(own) } };
}

function streamed(
  stream: ApiStream,
  { path, streams, method }: HttpRequest,
  headers: Readonly<Record<string, string>>,
): HttpResponse {
  const [target = ''] = path.split('?');
  const refusal = upgradeRequired(target);
  if (refusal !== null) {
    stream.close();
    return {
      status: refusal.code,
      headers: { 'content-type': 'application/json' },
      body: `${JSON.stringify(refusal.toStatus())}\n`,
    };
  }
  const isLog = target.endsWith('/log');
  const type = isLog ? 'text/plain' : 'application/json';
  if (method === 'HEAD' || streams !== true) {
    stream.close();
    if (method === 'HEAD') return { status: 200, headers: { 'content-type': type, ...headers }, body: '' };
    return plain(
      501,
      'Podarium does not simulate watches and other streams through a proxy in the cluster\n',
    );
  }
  const textOf = isLog ? String : eventLine;
  return {
    status: 200,
    headers: { 'content-type': type, ...headers },
    body: '',
    stream: {
      open: (onText, onEnd) => stream.open((batch) => onText(batch.map(textOf).join('')), onEnd),
      close: () => stream.close(),
    },
  };
}

/** Without the trail of causes, which Kubernetes' events do not have. */
function eventLine(item: unknown): string {
  const { type, object } = item as WatchEvent<unknown>;
  return `${JSON.stringify({ type, object })}\n`;
}

function apiRequestOf({ method, path, headers, body, clientCertificate }: HttpRequest): ApiRequest {
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
    credentials: {
      ...(clientCertificate !== undefined && { certificate: clientCertificate }),
      ...(token !== undefined && { token }),
    },
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
