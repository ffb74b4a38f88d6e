// Upstream: apiserver/pkg/server/routes, apiserver/pkg/endpoints/discovery/aggregated
import type { KindSet } from '#kubernetes/api/kindSet.ts';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import type { Answer, ServerContext } from '../context.ts';
import { noSuchPath } from '../requestInfo.ts';
import { version } from '../version.ts';
import { aggregatedList, describeKind, discover, type DiscoveredResource } from './discovery.ts';
import { answerTagged, digestOf } from './etag.ts';
import { healthPaths, probe } from './health.ts';
import { metrics } from './metrics.ts';
import { parseAccept } from './negotiation.ts';
import { openIdMetadata } from './openIdMetadata.ts';
import { openApi, rootOf } from './openApi.ts';
import { methodNotAllowed } from './routes.ts';

/** Answers paths that are not about objects. */
export function servePath(request: ApiRequest, context: ServerContext): Answer {
  const answer = find(request, context);
  if (answer === null) throw noSuchPath();
  if (request.method !== 'GET') throw methodNotAllowed();
  return answer;
}

/**
 * Below what a built-in group, the version or the core group has, a Status says that there is nothing; everywhere else,
 * a line of text. Upstream: apiserver/pkg/server/handler.go director, apiserver/pkg/util/notfoundhandler
 */
export function pageNotFound({ path }: ApiRequest, context: ServerContext): Partial<Answer> {
  const [, root = '', group = ''] = path.split('/');
  const { kinds, extensions } = context;
  const isBuiltIn =
    kinds.all.some((kind) => kind.group === group && !kind.custom) ||
    extensions.groups.has(group) ||
    [...extensions.unstored.values()].some((kind) => kind.group === group);
  if (root === 'api' || root === 'version' || (root === 'apis' && (group === '' || isBuiltIn))) return {};
  return {
    body: '404 page not found\n',
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
  };
}

function find(request: ApiRequest, context: ServerContext): Answer | null {
  const path = request.path.replace(/(.)\/$/, '$1');
  switch (path) {
    case '/':
    case '/index.html':
      return { status: 200, body: { paths: index(context) } };
    case '/version':
      return { status: 200, body: version };
    case '/metrics':
      return { status: 200, body: metrics(context) };
    case '/.well-known/openid-configuration':
    case '/openid/v1/jwks':
      return openIdMetadata(path, context);
    case '/api':
    case '/apis':
      return discoverAll(request, path === '/api' ? 'api' : 'apis', context);
  }
  const answer = probe(request, context) ?? openApi(request, context);
  if (answer !== null) return answer;
  const found = discover(path, discoveredResources(context));
  return found === null ? null : { status: 200, body: found };
}

/** Everything that discovery knows: the served kinds, and what aggregated APIs say of theirs. */
function discoveredResources({ kinds, extensions }: ServerContext): readonly DiscoveredResource[] {
  const aggregated = [...extensions.groups.values()].flatMap((group) => group.resources);
  return [...[...kinds.all, ...extensions.unstored.values()].map(describeKind), ...aggregated];
}

/** What aggregated APIs serve, which may change as what serves them comes and goes. */
function aggregatedNames({ groups }: ServerContext['extensions']): string {
  return [...groups.values()]
    .flatMap(({ resources }) => resources)
    .map(({ plural, subresources }) => `${plural}:${subresources.map(({ name }) => name).join(':')}`)
    .join();
}

/** What was last said of a server's kinds, by root and version: it holds until they change. */
const remembered = new WeakMap<
  KindSet,
  { readonly of: string; readonly lists: Map<string, { readonly body: unknown; readonly digest: string }> }
>();

/** One list of all groups for who can read it, else the legacy document. */
function discoverAll(request: ApiRequest, root: 'api' | 'apis', context: ServerContext): Answer {
  const discoveryVersion = aggregatedVersion(request.accept ?? '');
  if (discoveryVersion === null)
    return { status: 200, body: discover(`/${root}`, discoveredResources(context)) };
  const { kinds, extensions } = context;
  const of = `${kinds.generation}/${aggregatedNames(extensions)}`;
  let known = remembered.get(kinds);
  if (known?.of !== of) {
    known = { of, lists: new Map() };
    remembered.set(kinds, known);
  }
  const key = `${root}/${discoveryVersion}`;
  let list = known.lists.get(key);
  if (list === undefined) {
    const body = aggregatedList(discoveredResources(context), root, discoveryVersion);
    list = { body, digest: digestOf(body) };
    known.lists.set(key, list);
  }
  return answerTagged(list.body, list.digest, request, {
    'Content-Type': `application/json;g=apidiscovery.k8s.io;v=${discoveryVersion};as=APIGroupDiscoveryList`,
    'Cache-Control': 'public',
    Vary: 'Accept',
  });
}

/** The version of aggregated discovery that the client would rather have; null for the legacy document. */
function aggregatedVersion(accept: string): string | null {
  for (const { subtype, parameters } of parseAccept(accept)) {
    if (subtype !== 'json' && subtype !== '*') continue;
    const as = parameters.get('as');
    const wanted = parameters.get('v') ?? '';
    if (as === undefined) return null;
    if (as !== 'APIGroupDiscoveryList' || parameters.get('g') !== 'apidiscovery.k8s.io') continue;
    if (wanted === 'v2' || wanted === 'v2beta1') return wanted;
  }
  return null;
}

/** The paths that are served, sorted. */
function index(context: ServerContext): readonly string[] {
  const roots = new Set(context.kinds.all.map(rootOf));
  for (const resource of discoveredResources(context)) roots.add(rootOf(resource));
  const groups = [...roots].map((root) => root.split('/').slice(0, -1).join('/'));
  const paths = [
    ...['api', 'apis', 'apis/', ...roots, ...groups].map((root) => `/${root}`),
    ...[...roots].map((root) => `/openapi/v3/${root}`),
    ...healthPaths,
    '/metrics',
    '/openapi/v3',
    '/openapi/v3/',
    '/version',
  ];
  return [...new Set(paths)].sort();
}
