// Upstream: kube-openapi/pkg/handler
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { notAcceptable, parseAccept } from '#kubernetes/apiserver/wire/negotiation.ts';

/** An empty OpenAPI v2 document as kubectl asks for it: protobuf with a version, a title and no paths. */
const document = Buffer.from('0a03322e3012070a016b1202763142004a00', 'hex');
const documentType = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
const subtypes = [
  'com.github.proto-openapi.spec.v2@v1.0+protobuf',
  'com.github.proto-openapi.spec.v2.v1.0+protobuf',
];
const tag = `"${createHash('sha512').update(document).digest('hex').toUpperCase()}"`;

/** Sends the document to who asks for it by name: anybody else means JSON, which there is not. Throws NotAcceptable. */
export function serveOpenApiV2({ headers, method }: IncomingMessage, reply: ServerResponse): void {
  reply.setHeader('Vary', 'Accept');
  const isAccepted = parseAccept(headers.accept ?? '').some(
    ({ type, subtype, quality }) => type === 'application' && quality > 0 && subtypes.includes(subtype),
  );
  if (!isAccepted) throw notAcceptable(`only the following media types are accepted: ${documentType}`);
  reply.setHeader('ETag', tag);
  const known = (headers['if-none-match'] ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  if (known.includes(tag) || known.includes('*')) reply.writeHead(304).end();
  else reply.writeHead(200, { 'Content-Type': documentType }).end(method === 'HEAD' ? undefined : document);
}
