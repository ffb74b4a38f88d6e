// Upstream: kube-openapi/pkg/handler3
import descriptions from '#generated/descriptions.json' with { type: 'json' };
import type { AnyKind } from '#kubernetes/api/kind.ts';
import type { KindSet } from '#kubernetes/api/kindSet.ts';
import { openApiDocument } from '#kubernetes/api/openapi.ts';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import type { Answer, ServerContext } from '../context.ts';
import { answerTagged, digestOf } from './etag.ts';

interface Document {
  readonly body: unknown;
  readonly digest: string;
}

/** The documents of a server, made when they are asked for; a new custom resource makes them anew. */
const documents = new WeakMap<
  KindSet,
  { readonly generation: string; readonly byRoot: Map<string, Document> }
>();

/** Answers `/openapi/v3` and the documents below it; null for any other path. */
export function openApi(request: ApiRequest, context: ServerContext): Answer | null {
  const match = /^\/openapi\/v3(?:\/(.*))?$/.exec(request.path);
  if (match === null) return null;
  const root = match[1] ?? '';
  const roots = [...new Set(describedKinds(context).map(rootOf))];
  if (root === '') {
    const paths = roots.sort().map((one) => {
      const url = `/openapi/v3/${one}?hash=${documentOf(context, one).digest}`;
      return [one, { serverRelativeURL: url }];
    });
    const body = { paths: Object.fromEntries(paths) as object };
    return answerTagged(body, digestOf(body), request, {});
  }
  if (!roots.includes(root)) return null;
  const { body, digest } = documentOf(context, root);
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

/** What is stored, what is only served, and the reviews of groups that answer by themselves. */
function describedKinds({ kinds, extensions }: ServerContext): readonly AnyKind[] {
  const aggregated = [...extensions.groups.values()].flatMap(({ resources }) => resources);
  const own = aggregated.filter((resource): resource is AnyKind & typeof resource => 'schema' in resource);
  return [...kinds.all, ...extensions.unstored.values(), ...own];
}

function documentOf(context: ServerContext, root: string): Document {
  const { kinds, extensions } = context;
  const generation = `${kinds.generation}/${extensions.groups.size}/${extensions.unstored.size}`;
  let known = documents.get(kinds);
  if (known?.generation !== generation) {
    known = { generation, byRoot: new Map() };
    documents.set(kinds, known);
  }
  const present = known.byRoot.get(root);
  if (present !== undefined) return present;
  const own = describedKinds(context).filter((kind) => rootOf(kind) === root);
  const body = openApiDocument(own, descriptions);
  const document = { body, digest: digestOf(body) };
  known.byRoot.set(root, document);
  return document;
}
