// Upstream: apiserver/pkg/endpoints/handlers/responsewriters, apiserver/pkg/endpoints/handlers/watch.go
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzip } from 'node:zlib';
import type { ApiResponse, ApiStream } from '#kubernetes/api/request.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { encodeBody } from './bodyEncoding.ts';

/** Upstream: responsewriters/writers.go defaultGzipThresholdBytes. */
const gzipBytesMin = 128 * 1024;
/** A client that reads a stream more slowly than it is written is let go when so much waits for it. */
const unreadBytesMax = 32 * 1024 * 1024;

/** Upstream: apiserver/pkg/server/healthz/healthz.go */
const healthPath = /^\/(?:healthz|livez|readyz)(?:[/?]|$)/;
const healthType = 'text/plain; charset=utf-8';

/** Upstream: apiserver/pkg/audit/request.go maxAuditIDLength */
const auditIdCharactersMax = 64;

/** The id of a request in the audit log: the client's own, or a new one. */
export function auditId({ headers }: IncomingMessage): string {
  const own = headers['audit-id'];
  return typeof own === 'string' && own !== '' ? own.slice(0, auditIdCharactersMax) : randomUUID();
}

/** True for what authorization refused, not admission. Upstream: responsewriters/errors.go Forbidden */
function isUnauthorized({ status, body }: ApiResponse): boolean {
  if (status !== 403) return false;
  const { message = '' } = (body ?? {}) as { message?: string };
  return /forbidden: User "[^"]*" cannot /.test(message);
}

/** Sends an answer whose body is whole. */
export function writeResponse(message: IncomingMessage, reply: ServerResponse, response: ApiResponse): void {
  if (reply.destroyed) return;
  writeHeaders(reply, response);
  const { contentType, text } = encodeBody(message, response);
  const body = Buffer.from(text);
  const isHealth = healthPath.test(message.url ?? '/');
  reply.setHeader('Content-Type', isHealth && contentType === 'text/plain' ? healthType : contentType);
  if (isHealth || isUnauthorized(response)) reply.setHeader('X-Content-Type-Options', 'nosniff');
  setHeaders(reply, response);
  const wantsGzip = /\bgzip\b/.test(message.headers['accept-encoding'] ?? '');
  if (!wantsGzip || body.length < gzipBytesMin) {
    reply.end(message.method === 'HEAD' ? undefined : body);
    return;
  }
  gzip(body, { level: 1 }, (error, packed) => {
    if (error === null) reply.setHeader('Content-Encoding', 'gzip').setHeader('Vary', 'Accept-Encoding');
    reply.end(error === null ? packed : body);
  });
}

/** Sends a refusal. */
export function writeError(message: IncomingMessage, reply: ServerResponse, error: StatusError): void {
  writeResponse(message, reply, { status: error.code, warnings: [], body: error.toStatus(), latencyMs: 0 });
}

/** Sends what a stream brings, as it comes: the lines of a log, or a watch's events, one JSON document a line. */
export function writeStream(
  reply: ServerResponse,
  response: ApiResponse,
  stream: ApiStream,
  as: 'text' | 'events',
): void {
  writeHeaders(reply, response);
  reply.setHeader('Content-Type', as === 'text' ? 'text/plain' : 'application/json');
  reply.flushHeaders();
  let open = true;
  const close = () => {
    if (open) stream.close();
    open = false;
  };
  reply.on('close', close);
  reply.on('error', close);
  stream.open(
    (batch) => {
      if (!open) return;
      reply.write(batch.map((item) => (as === 'text' ? String(item) : eventLine(item))).join(''));
      if (reply.writableLength > unreadBytesMax) reply.destroy();
    },
    () => {
      open = false;
      reply.end();
    },
  );
}

/** Without the trail of causes, which Kubernetes' events do not have. */
function eventLine(item: unknown): string {
  const { type, object } = item as { type: string; object: unknown };
  return `${JSON.stringify({ type, object })}\n`;
}

function setHeaders(reply: ServerResponse, { headers = {} }: ApiResponse): void {
  for (const [name, value] of Object.entries(headers)) reply.setHeader(name, value);
}

function writeHeaders(reply: ServerResponse, response: ApiResponse): void {
  reply.statusCode = response.status;
  reply.setHeader('Cache-Control', 'no-cache, private');
  if (response.warnings.length > 0) reply.setHeader('Warning', response.warnings.map(warningHeader));
  const { details } = (response.body ?? {}) as { details?: { retryAfterSeconds?: number } };
  if (response.status >= 400 && details?.retryAfterSeconds !== undefined)
    reply.setHeader('Retry-After', String(details.retryAfterSeconds));
}

/** Upstream: apimachinery/pkg/util/net/http.go NewWarningHeader. Node's headers are bytes, one a character. */
export function warningHeader(text: string): string {
  const line = text.replaceAll(/\s*\n\s*/g, ' ').replaceAll(/["\\]/g, '\\$&');
  return Buffer.from(`299 - "${line}"`).toString('latin1');
}
