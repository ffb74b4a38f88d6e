// Upstream: pkg/registry/core/{pod,service}/rest/proxy.go, apimachinery/pkg/util/proxy/{upgradeaware,transport}.go
import type { ApiRequest, ApiResponse } from '#kubernetes/api/request.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Extension } from '#kubernetes/apiserver/context.ts';
import type { HttpResponse } from '#world/network/http.ts';
import type { NetworkStack } from '#world/network/networkStack.ts';
import { dialFailure } from '../dialFailure.ts';
import type { ProxyLocation } from './location.ts';
import { rewritten } from './rewritten.ts';

/** What a client shows the API server of itself is nothing to the servers behind it. */
const ownHeaders = /^(authorization|connection|content-length|host|impersonate-.*)$/;

/**
 * Answers `…/proxy/PATH` of an object with what a server in the cluster says to PATH: `locate` finds it by the name
 * that the request gives, and `stack` is the network as the API server sees it.
 */
export function proxyTo(
  locate: (namespace: string, name: string) => ProxyLocation,
  stack: NetworkStack,
): Extension {
  return (request, info) => {
    const location = locate(info.namespace, info.name);
    const path = info.rest.length === 0 ? '' : `/${info.rest.join('/')}`;
    const method = request.http?.method ?? request.method;
    if (path === '' && (method === 'GET' || method === 'HEAD')) return toDirectory(request);
    return forward(request, method, location, path === '' ? '/' : path, stack);
  };
}

/** Links in a page are relative to what it is in, which needs a slash at its end. */
function toDirectory(request: ApiRequest): ApiResponse {
  const headers = { Location: `${request.path}/${searchOf(request)}` };
  return { status: 301, warnings: [], body: '', headers, latencyMs: 1 };
}

function forward(
  request: ApiRequest,
  method: string,
  { address, port }: ProxyLocation,
  path: string,
  stack: NetworkStack,
): ApiResponse {
  // One proxy's path ends where that of the server behind it begins.
  const prefix = request.path.endsWith(path) ? request.path.slice(0, -path.length) : request.path;
  const asked = headersOf(request);
  const host = asked['host'] ?? address;
  const exchange = stack.request(address, port, {
    method,
    path: `${path}${searchOf(request)}`,
    headers: {
      ...Object.fromEntries(Object.entries(asked).filter(([name]) => !ownHeaders.test(name))),
      host,
      'x-forwarded-uri': `${prefix}${path}`,
    },
    body: bodyOf(request),
  });
  if (exchange.outcome !== 'answered') {
    const { error, latencyMs } = dialFailure(exchange, port);
    return unreachable(error, latencyMs);
  }
  const { response, latencyMs } = exchange;
  if (response.status === 0) return unreachable('EOF', latencyMs);
  return answerOf(rewritten(response, { prefix, hosts: [`${address}:${port}`, address, host] }), latencyMs);
}

function unreachable(error: string, latencyMs: number): ApiResponse {
  const status = new StatusError('ServiceUnavailable', `error trying to reach service: ${error}`);
  return { status: status.code, warnings: [], body: status.toStatus(), latencyMs };
}

function answerOf({ status, headers, body }: HttpResponse, latencyMs: number): ApiResponse {
  const { 'content-length': _, ...rest } = headers;
  return { status, warnings: [], body, headers: rest, latencyMs };
}

function headersOf({
  http,
  accept,
  contentType,
  userAgent,
  body,
}: ApiRequest): Readonly<Record<string, string>> {
  if (http !== undefined) return http.headers;
  return {
    ...(accept !== undefined && { accept }),
    ...(userAgent !== undefined && { 'user-agent': userAgent }),
    ...(body !== undefined && contentType !== undefined && { 'content-type': contentType }),
  };
}

function bodyOf({ body }: ApiRequest): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function searchOf({ http, query = {} }: ApiRequest): string {
  if (http !== undefined) return http.search;
  const pairs = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}
