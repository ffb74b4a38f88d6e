// Upstream: apiserver/pkg/util/webhook/client.go, client-go/rest/request.go
import type { ServiceReference } from '#generated/types/admissionregistration.v1.ts';
import type { Service } from '#generated/types/core.v1.ts';
import type { ServerContext } from '../../context.ts';

/** A webhook that could not be asked, in the words of the API server's own client. */
export class CallFailure extends Error {
  override name = 'CallFailure';
}

/** Where a webhook is: one of the two. */
export interface ClientConfig {
  readonly service?: ServiceReference;
  readonly url?: string;
}

/** Where a webhook is, and how its URL reads in errors. */
interface Target {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** The Service or URL behind a webhook, with the address that packets go to. */
function targetOf(
  { service, url = '' }: ClientConfig,
  timeoutSeconds: number,
  context: ServerContext,
): Target {
  const query = `?timeout=${timeoutSeconds}s`;
  if (service === undefined) {
    const [, host = '', port = '443', path = ''] = /^https:\/\/([^/:]+)(?::(\d+))?(.*)$/.exec(url) ?? [];
    return { url: url + query, host, port: Number(port), path: `${path || '/'}${query}` };
  }
  const { name, namespace, port = 443 } = service;
  const path = `${service.path?.startsWith('/') ? service.path : `/${service.path ?? ''}`}${query}`;
  const full = `https://${name}.${namespace}.svc:${port}${path}`;
  const services = context.kinds.findResource('', 'v1', 'services')!;
  const found = context.storage.get(services, namespace, name) as Service | undefined;
  if (found === undefined) throw new CallFailure(`Post "${full}": service ${JSON.stringify(name)} not found`);
  const { type, clusterIP = '', externalName = '', ports = [] } = found.spec;
  if (type !== 'ExternalName' && !ports.some((one) => one.port === port))
    throw new CallFailure(
      `Post "${full}": no service port ${port} found for service ${JSON.stringify(name)}`,
    );
  return { url: full, host: type === 'ExternalName' ? externalName : clusterIP, port, path };
}

/** How the client of the API server puts an answer that is no success. */
function statusText(status: number, body: string): string {
  const known: Readonly<Record<number, string>> = {
    400: 'the server rejected our request for an unknown reason',
    401: 'the server has asked for the client to provide credentials',
    403: 'forbidden: unknown',
    404: 'the server could not find the requested resource',
    405: 'the server does not allow this method on the requested resource',
    500: `an error on the server (${JSON.stringify(body.trim() || 'unknown')}) has prevented the request from succeeding`,
    503: 'the server is currently unable to handle the request',
    504: 'the server was unable to return a response in the time allotted, but may still be processing the request',
  };
  return (
    known[status] ?? `the server responded with the status code ${status} but did not return more information`
  );
}

/** Sends one review and returns what comes back, after how long. Throws a CallFailure, whose wait has been accounted. */
export function post(
  config: ClientConfig,
  timeoutSeconds: number,
  body: string,
  context: ServerContext,
): { readonly body: string; readonly latencyMs: number } {
  const target = targetOf(config, timeoutSeconds, context);
  const send = context.extensions.webhooks;
  if (send === undefined) throw new CallFailure(`Post "${target.url}": no network`);
  const answer = send({ host: target.host, port: target.port, path: target.path, body });
  const timeoutMs = timeoutSeconds * 1000;
  if (answer === 'timeout' || answer.latencyMs > timeoutMs) {
    context.wait(timeoutMs);
    throw new CallFailure(`Post "${target.url}": context deadline exceeded`);
  }
  if ('error' in answer) {
    context.wait(answer.latencyMs);
    throw new CallFailure(`Post "${target.url}": ${answer.error}`);
  }
  if (answer.status < 200 || answer.status > 299) {
    context.wait(answer.latencyMs);
    throw new CallFailure(statusText(answer.status, answer.body));
  }
  return answer;
}
