// Upstream: apiserver/pkg/endpoints/request/requestinfo.go
import type { ApiRequest } from '#kubernetes/api/request.ts';

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

/** Reads `/api/v1/namespaces/NS/pods/NAME/log` or `/apis/GROUP/VERSION/…`. */
export function readPath(path: string): RequestInfo {
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

/** Go's ParseBool of a query value; absent is false. */
export function queryFlag(request: ApiRequest, name: string): boolean {
  const value = request.query?.[name];
  return value !== undefined && /^(1|t|T|TRUE|true|True)$/.test(value);
}
