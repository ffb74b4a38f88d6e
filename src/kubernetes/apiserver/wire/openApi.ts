// Upstream: kube-openapi/pkg/handler3
import descriptions from '#generated/descriptions.json' with { type: 'json' };
import type { KindSet } from '#kubernetes/api/kindSet.ts';
import { openApiDocument } from '#kubernetes/api/openapi.ts';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import type { Answer } from '../context.ts';
import { answerTagged, digestOf } from './etag.ts';

interface Document {
  readonly body: unknown;
  readonly digest: string;
}

/** The documents of a server, made when they are asked for; a new custom resource makes them anew. */
const documents = new WeakMap<
  KindSet,
  { readonly generation: number; readonly byRoot: Map<string, Document> }
>();

/** Answers `/openapi/v3` and the documents below it; null for any other path. */
export function openApi(request: ApiRequest, kinds: KindSet): Answer | null {
  const match = /^\/openapi\/v3(?:\/(.*))?$/.exec(request.path);
  if (match === null) return null;
  const root = match[1] ?? '';
  const roots = [...new Set(kinds.all.map(rootOf))];
  if (root === '') {
    const paths = roots.sort().map((one) => {
      const url = `/openapi/v3/${one}?hash=${documentOf(kinds, one).digest}`;
      return [one, { serverRelativeURL: url }];
    });
    const body = { paths: Object.fromEntries(paths) as object };
    return answerTagged(body, digestOf(body), request, {});
  }
  if (!roots.includes(root)) return null;
  const { body, digest } = documentOf(kinds, root);
  const asked = request.query?.['hash'];
  if (asked !== undefined && asked !== digest) {
    const headers = { Location: `/openapi/v3/${root}?hash=${digest}` };
    return { status: 301, body: '', headers };
  }
  const headers: Readonly<Record<string, string>> =
    asked === undefined
      ? { Vary: 'Accept' }
      : { Vary: 'Accept', 'Cache-Control': 'public, immutable', Expires: farAway };
  return answerTagged(body, digest, request, headers);
}

/** A document with its hash in its address never changes. Upstream says "in a year". */
const farAway = 'Fri, 31 Dec 2049 23:59:59 GMT';

/** `api/v1`, `apis/apps/v1`. */
export function rootOf({ group, version }: { readonly group: string; readonly version: string }): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`;
}

function documentOf(kinds: KindSet, root: string): Document {
  let known = documents.get(kinds);
  if (known?.generation !== kinds.generation) {
    known = { generation: kinds.generation, byRoot: new Map() };
    documents.set(kinds, known);
  }
  const present = known.byRoot.get(root);
  if (present !== undefined) return present;
  const own = kinds.all.filter((kind) => rootOf(kind) === root);
  const body = openApiDocument(own, descriptions);
  const document = { body, digest: digestOf(body) };
  known.byRoot.set(root, document);
  return document;
}
