// Upstream: apiserver/pkg/endpoints/request/requestinfo.go
import type { ApiRequest } from '#kubernetes/api/request.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';

/** What a path asks for. `resource` is empty for paths that are not about objects (`/version`). */
export interface RequestInfo {
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  readonly resource: string;
  readonly name: string;
  readonly subresource: string;
  /** What follows the subresource, as in `…/proxy/metrics`. */
  readonly rest: readonly string[];
}

const notAResource = {
  group: '',
  version: '',
  namespace: '',
  resource: '',
  name: '',
  subresource: '',
  rest: [],
};

/** Subresources of a namespace itself; anything else below a namespace is a resource inside it. */
const namespaceSubresources = new Set(['status', 'finalize']);

/** True for a subresource through which a write changes the status, and little else. */
export function writesStatus(subresource: string): boolean {
  return subresource === 'status' || subresource === 'approval';
}

/** Paths that were read; past so many the table starts anew. */
const knownMax = 1024;
const known = new Map<string, RequestInfo>();

/** What `path` asks for. Those of collections and of statuses are asked for again and again. */
export function requestInfoOf(path: string): RequestInfo {
  let info = known.get(path);
  if (info === undefined) {
    info = readPath(path);
    if (info.name !== '' && info.subresource === '') return info;
    if (known.size >= knownMax) known.clear();
    known.set(path, info);
  }
  return info;
}

/** Reads `/api/v1/namespaces/NS/pods/NAME/log` or `/apis/GROUP/VERSION/…`. */
function readPath(path: string): RequestInfo {
  const parts = path.split('/');
  const core = parts[1] === 'api';
  if (!core && parts[1] !== 'apis') return notAResource;
  const group = core ? '' : (parts[2] ?? '');
  const version = parts[core ? 2 : 3] ?? '';
  let at = core ? 3 : 4;
  let namespace = '';
  if (parts[at] === 'namespaces' && parts.length > at + 2 && !namespaceSubresources.has(parts[at + 2]!)) {
    namespace = parts[at + 1]!;
    at += 2;
  }
  const resource = parts[at] ?? '';
  if (resource === '') return { ...notAResource, group, version };
  return {
    group,
    version,
    namespace: resource === 'namespaces' && core ? (parts[at + 1] ?? '') : namespace,
    resource,
    name: parts[at + 1] ?? '',
    subresource: parts[at + 2] ?? '',
    rest: parts.slice(at + 3),
  };
}

/** Nothing is served at the path. What a client is told of that depends on where in the server it came to an end. */
export class NoSuchPath extends StatusError {
  override name = 'NoSuchPath';
}

export function noSuchPath(): StatusError {
  return new NoSuchPath('NotFound', 'the server could not find the requested resource', {});
}

/** A flag of a query: whatever is there and not plainly false is true. Upstream: apimachinery/pkg/runtime/conversion.go */
export function queryFlag({ query }: ApiRequest, name: string): boolean {
  const value = query?.[name];
  return value !== undefined && !/^(false|0)$/i.test(value);
}
