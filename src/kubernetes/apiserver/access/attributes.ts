// Upstream: apiserver/pkg/authorization/authorizer, apiserver/pkg/endpoints/{request/requestinfo.go,filters/authorization.go},
// apiserver/pkg/endpoints/handlers/responsewriters/errors.go
import type { ApiRequest, UserInfo } from '#kubernetes/api/request.ts';
import { qualifiedResource, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { queryFlag, type RequestInfo } from '../requestInfo.ts';

/** What somebody wants to do, in the words that authorizers decide by. */
export interface Attributes {
  readonly user: UserInfo;
  readonly verb: string;
  readonly group: string;
  /** `''` for a request that is not about objects: `path` says what it is about. */
  readonly resource: string;
  readonly subresource: string;
  /** `''` at the cluster scope, and for all namespaces. */
  readonly namespace: string;
  readonly name: string;
  readonly path: string;
  /** The request's `fieldSelector`, for authorizers that look at it. */
  readonly fieldSelector: string;
}

const verbs = { POST: 'create', PUT: 'update', PATCH: 'patch' } as const;

/** The verb of a request for objects. */
export function verbOf(request: ApiRequest, info: RequestInfo): string {
  switch (request.method) {
    case 'GET':
      // A proxied message whose method has no verb: only who may do everything may send it.
      if (request.http?.method === 'OPTIONS') return '';
      if (queryFlag(request, 'watch')) return 'watch';
      return info.name === '' ? 'list' : 'get';
    case 'DELETE':
      return info.name === '' ? 'deletecollection' : 'delete';
    default:
      return verbs[request.method];
  }
}

/** What a request is about. A list or watch of one object by its name counts as one that names it. */
export function attributesOf(request: ApiRequest, info: RequestInfo, user: UserInfo): Attributes {
  const { resource } = info;
  const isResource = resource !== '';
  const fieldSelector = (isResource && request.query?.['fieldSelector']) || '';
  // One literal and no spread: this is made for every request.
  return {
    user,
    verb: isResource ? verbOf(request, info) : request.method.toLowerCase(),
    group: info.group,
    resource,
    subresource: info.subresource,
    namespace: info.namespace,
    name: info.name || (fieldSelector === '' ? '' : selectedName(fieldSelector)),
    path: request.path,
    fieldSelector,
  };
}

function selectedName(fieldSelector: string): string {
  return /(?:^|,)metadata\.name==?([^,]+)(?:,|$)/.exec(fieldSelector)?.[1] ?? '';
}

/** The 403 for what an authorizer did not allow; `reason` is what it had to say. */
export function forbiddenRequest(attributes: Attributes, reason: string): StatusError {
  const { group, resource, name } = attributes;
  const why = escapeHtml(sentenceOf(attributes)) + (reason === '' ? '' : `: ${reason}`);
  if (resource === '') return new StatusError('Forbidden', `forbidden: ${why}`, {});
  const subject = qualifiedResource(group, resource) + (name === '' ? '' : ` ${JSON.stringify(name)}`);
  return new StatusError('Forbidden', `${subject} is forbidden: ${why}`, {
    ...(name !== '' && { name }),
    ...(group !== '' && { group }),
    kind: resource,
  });
}

function sentenceOf({ user, verb, group, resource, subresource, namespace, path }: Attributes): string {
  const who = `User ${JSON.stringify(user.name)} cannot ${verb}`;
  if (resource === '') return `${who} path ${JSON.stringify(path)}`;
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  return `${who} resource ${JSON.stringify(what)} in API group ${JSON.stringify(group)} ${where}`;
}

/** Upstream's sanitizer: the sentence may end up in a page. */
function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
