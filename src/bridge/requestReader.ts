// Upstream: apiserver/pkg/endpoints/handlers/{rest,create,patch}.go
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ApiRequest, HttpMessage } from '#kubernetes/api/request.ts';
import { badRequest, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { decodeProtobuf } from './protobuf/decode.ts';

/** Upstream: apiserver/pkg/server/config.go MaxRequestBodyBytes. */
const bodyBytesMax = 3 * 1024 * 1024;

/** Query parameters that upstream reads as booleans. */
const flags = new Set([
  'watch',
  'allowWatchBookmarks',
  'sendInitialEvents',
  'follow',
  'previous',
  'timestamps',
  'insecureSkipTLSVerifyBackend',
  'force',
  'orphanDependents',
  'ignoreStoreReadErrorWithClusterBreakingPotential',
]);

/** Requests that are handed on to a server in the cluster. */
const proxied = /^\/api\/v1\/.*\/proxy(?:\/|$)/;

/** A request without who sent it: that is the authentication's to say. */
export type ReadRequest = Omit<ApiRequest, 'user'>;

/** Reads a message from the wire, its body included. Throws StatusError for what cannot be read. */
export async function readRequest(message: IncomingMessage): Promise<ReadRequest> {
  const { headers } = message;
  const target = message.url ?? '/';
  const { path, query } = readUrl(target);
  const isProxied = proxied.test(path);
  const request: ReadRequest = {
    method: isProxied && message.method === 'OPTIONS' ? 'GET' : readMethod(message.method),
    path,
    query,
    ...(isProxied && { http: messageOf(message, target) }),
    ...(headers.accept !== undefined && { accept: headers.accept }),
    ...(headers['if-none-match'] !== undefined && { ifNoneMatch: headers['if-none-match'] }),
    ...(headers['user-agent'] !== undefined && { userAgent: headers['user-agent'] }),
  };
  const bytes = await readBody(message);
  if (bytes.length === 0) return request;
  return { ...request, ...decodeBody(bytes, mediaType(headers['content-type'])) };
}

/** The message itself, without what it shows of its sender: that goes no further, and into no recording. */
function messageOf({ method = 'GET', headers }: IncomingMessage, target: string): HttpMessage {
  const at = target.indexOf('?');
  const pairs = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || name === 'authorization'
      ? []
      : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return { method, search: at < 0 ? '' : target.slice(at), headers: Object.fromEntries(pairs) };
}

/** Path and query of a request target; of a parameter that is there twice the first counts. */
export function readUrl(target: string): {
  path: string;
  query: Record<string, string>;
  all: URLSearchParams;
} {
  const at = target.indexOf('?');
  const all = new URLSearchParams(at < 0 ? '' : target.slice(at + 1));
  const query: Record<string, string> = {};
  for (const [name, value] of all) {
    if (Object.hasOwn(query, name) || name === '__proto__') continue;
    query[name] = flags.has(name) ? readFlag(value) : value;
  }
  return { path: decodePath(at < 0 ? target : target.slice(0, at)), query, all };
}

/** Upstream: apimachinery/pkg/runtime/conversion.go Convert_Slice_string_To_bool. */
function readFlag(value: string): 'true' | 'false' {
  return /^(false|f|0)$/i.test(value) ? 'false' : 'true';
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw badRequest('invalid URL escape');
  }
}

function readMethod(method = 'GET'): ApiRequest['method'] {
  switch (method) {
    case 'GET':
    case 'POST':
    case 'PUT':
    case 'PATCH':
    case 'DELETE':
      return method;
    case 'HEAD':
      return 'GET';
    default:
      throw new StatusError(
        'MethodNotAllowed',
        'the server does not allow this method on the requested resource',
      );
  }
}

function mediaType(header: string | undefined): string {
  const type = (header ?? '').split(';')[0]!.trim().toLowerCase();
  return type === '' ? 'application/json' : type;
}

/** The whole body. What is too long is refused at once, and the rest of it thrown away unread. */
function readBody(message: IncomingMessage): Promise<Buffer> {
  const source: Readable =
    message.headers['content-encoding'] === 'gzip' ? message.pipe(createGunzip()) : message;
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    source.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= bodyBytesMax) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      reject(new StatusError('RequestEntityTooLarge', `Request entity too large: limit is ${bodyBytesMax}`));
    });
    source.on('end', () => resolve(Buffer.concat(chunks)));
    source.on('error', (error) => reject(badRequest(error.message)));
    message.on('aborted', () => reject(badRequest('unexpected EOF')));
  });
}

/** The body as the handler takes it: text that only it can judge stays text. */
function decodeBody(bytes: Buffer, type: string): { contentType: string; body: unknown } {
  switch (type) {
    case 'application/vnd.kubernetes.protobuf':
      return { contentType: 'application/json', body: decodeProtobuf(bytes) };
    default:
      return { contentType: type, body: bytes.toString() };
  }
}
