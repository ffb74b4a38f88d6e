// Upstream: apiserver/pkg/endpoints/installer.go, emicklei/go-restful's route selection
import type { AnyKind } from '#kubernetes/api/kind.ts';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { noSuchPath, type RequestInfo } from '../requestInfo.ts';
import { describeKind, type DiscoveredResource } from './discovery.ts';

const verbOf: Readonly<Record<string, string>> = {
  GET: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};
const collectionVerbOf: Readonly<Record<string, string>> = {
  GET: 'list',
  POST: 'create',
  DELETE: 'deletecollection',
};

export function methodNotAllowed(): StatusError {
  return new StatusError(
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );
}

/**
 * The request behind an old way to say it: `/api/v1/watch/pods` is a list of pods with `watch=true`, and
 * `/api/v1/watch/namespaces/NS/pods/NAME` one of that name.
 */
export function withoutWatchPrefix(request: ApiRequest): ApiRequest {
  if (!request.path.includes('/watch/')) return request;
  const match = /^(\/api\/[^/]+|\/apis\/[^/]+\/[^/]+)\/watch(\/.+)$/.exec(request.path);
  if (match === null) return request;
  const [, root = '', rest = ''] = match;
  const [, collection = '', name] =
    /^(\/namespaces\/[^/]+\/[^/]+|\/[^/]+)(?:\/([^/]+))?\/?$/.exec(rest) ?? [];
  if (collection === '' || request.method !== 'GET') throw noSuchPath();
  const { fieldSelector } = request.query ?? {};
  const byName = name === undefined ? [] : [`metadata.name=${name}`];
  const selector = [...(fieldSelector ? [fieldSelector] : []), ...byName].join(',');
  return {
    ...request,
    path: root + collection,
    query: { ...request.query, watch: 'true', ...(selector && { fieldSelector: selector }) },
  };
}

/** Throws NotFound where no route has this path, MethodNotAllowed where one has it for other methods. */
export function checkRoute(
  { method, path }: ApiRequest,
  info: RequestInfo,
  kind: AnyKind,
  resource: DiscoveredResource = describeKind(kind),
): void {
  const isCluster = info.namespace === '' || info.resource === 'namespaces';
  if (path.slice(1, -1).includes('//')) throw noSuchPath();
  if (!kind.namespaced && !isCluster) throw noSuchPath();
  if (kind.namespaced && isCluster && info.name !== '') throw noSuchPath();
  if (info.rest.length > 0 && info.subresource !== 'proxy' && info.rest.some((part) => part !== ''))
    throw noSuchPath();
  if (info.subresource !== '') {
    const verbs = resource.subresources.find(({ name }) => name === info.subresource)?.verbs;
    if (verbs !== undefined && !verbs.includes(verbOf[method] ?? '')) throw methodNotAllowed();
    return;
  }
  if (info.name !== '') {
    if (method === 'POST' || !resource.verbs.includes(verbOf[method] ?? '')) throw methodNotAllowed();
    return;
  }
  if (kind.namespaced && isCluster && method !== 'GET') throw methodNotAllowed();
  if (!resource.verbs.includes(collectionVerbOf[method] ?? '')) throw methodNotAllowed();
}
