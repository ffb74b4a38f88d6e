// Upstream: apiserver/pkg/endpoints/handlers
import type { ApiRequest } from '#kubernetes/api/request.ts';
import type { Answer, Call, ServerContext, WireProtocol } from '../context.ts';
import { PriorityAndFairness } from '../flowcontrol/priorityAndFairness.ts';
import { queryFlag, type RequestInfo } from '../requestInfo.ts';
import { readBody } from './body.ts';
import { list } from './list.ts';
import { readDeleteOptions } from './deleteOptions.ts';
import { parseResourceVersion, readListOptions, tooLargeResourceVersion } from './listOptions.ts';
import { checkType, checkUpdate, createsOnUpdate } from './objectChecks.ts';
import { pageNotFound, servePath } from './paths.ts';
import { checkPresentation, presentList, presentObject, shown } from './presentation.ts';
import { checkRoute, withoutWatchPrefix } from './routes.ts';
import { watch } from './watch.ts';
import { checkWriteOptions } from './writeOptions.ts';

/** What clients that come over a wire ask beyond what the verbs do. */
export const wire: WireProtocol = {
  wait,
  route: withoutWatchPrefix,
  check,
  read,
  createsOnUpdate,
  presentObject: (object, call, context) => presentObject(shown(object, call, context), call, context),
  presentList: (objects, call, context) =>
    presentList(
      objects.map((object) => shown(object, call, context)),
      { resourceVersion: String(context.storage.etcd.revision) },
      call,
      context,
    ),
  servePath,
  pageNotFound,
};

const fairness = new WeakMap<ServerContext, PriorityAndFairness>();

function wait(request: ApiRequest, info: RequestInfo, costMs: number, context: ServerContext): number {
  let own = fairness.get(context);
  if (own === undefined) {
    own = new PriorityAndFairness();
    fairness.set(context, own);
  }
  const { user, path } = request;
  const { group, resource, subresource, namespace } = info;
  const digest = {
    user,
    path,
    verb: verbOf(request, info),
    group,
    resource: subresource === '' ? resource : `${resource}/${subresource}`,
    namespace: resource === 'namespaces' ? '' : namespace,
  };
  return own.take(digest, costMs, context);
}

const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch' };

/** The verb of a request as authorization and flow schemas call it. */
function verbOf(request: ApiRequest, { resource, name }: RequestInfo): string {
  const { method } = request;
  if (resource === '') return method.toLowerCase();
  if (method === 'DELETE') return name === '' ? 'deletecollection' : 'delete';
  if (method !== 'GET') return verbs[method] ?? method.toLowerCase();
  return name !== '' ? 'get' : queryFlag(request, 'watch') ? 'watch' : 'list';
}

function check(call: Call, context: ServerContext): Call {
  const { request, info, kind } = call;
  checkRoute(request, info, kind);
  const isExtension =
    info.subresource !== '' && context.extensions.subresources.has(`${info.resource}/${info.subresource}`);
  if (isExtension) return call;
  const watches = request.method === 'GET' && info.name === '' && queryFlag(request, 'watch');
  if (!watches) checkPresentation(call);
  if (request.method === 'GET') return call;
  const read: Call = { ...call, ...readBody(request, kind.kind) };
  if (request.method === 'DELETE') {
    if (info.name === '') readListOptions(request, false);
    return { ...read, request: { ...read.request, body: readDeleteOptions(read.request) } };
  }
  checkWriteOptions(read.request);
  const isOwn = info.subresource === '' || info.subresource === 'status';
  if (isOwn && request.method !== 'PATCH') checkType(read, context);
  if (isOwn && request.method === 'PUT') checkUpdate(read, context);
  return read;
}

function read(call: Call, context: ServerContext): Answer {
  const { request, info } = call;
  if (info.name !== '') return { status: 200, body: get(call, context) };
  if (queryFlag(request, 'watch')) return { status: 200, body: null, stream: watch(call, context) };
  return { status: 200, body: list(call, context) };
}

/** GET of one object, not older than the revision that it asks for. */
function get(call: Call, context: ServerContext): unknown {
  const { stored, info, request } = call;
  const { storage } = context;
  const asked = request.query?.['resourceVersion'] ?? '';
  if (parseResourceVersion(asked) > storage.etcd.revision)
    throw tooLargeResourceVersion(asked, storage.etcd.revision);
  const object = storage.read(stored, info.namespace, info.name);
  return presentObject(shown(object, call, context), call, context);
}
