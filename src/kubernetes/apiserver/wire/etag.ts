// Upstream: apiserver/pkg/endpoints/discovery/aggregated/etag.go
import type { ApiRequest } from '#kubernetes/api/request.ts';
import { hex, sha256 } from '#kubernetes/apimachinery/sha256.ts';
import type { Answer } from '../context.ts';

/** What stands for a document's content: equal documents, equal tags. */
export function digestOf(document: unknown): string {
  return hex(sha256(JSON.stringify(document)));
}

/** An answer with its tag, or only a 304 for a client that has it already. */
export function answerTagged(
  body: unknown,
  digest: string,
  request: ApiRequest,
  headers: Readonly<Record<string, string>>,
): Answer {
  const tag = `"${digest}"`;
  const tagged = { ...headers, ETag: tag };
  const known = (request.ifNoneMatch ?? '').split(',').map((one) => one.trim());
  return known.includes(tag)
    ? { status: 304, body: '', headers: tagged }
    : { status: 200, body, headers: tagged };
}
