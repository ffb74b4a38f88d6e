// Upstream: pkg/registry/{authorization,authentication}, pkg/apis/authorization/validation/validation.go
import type { TokenReviewSpec, UserInfo as UserInfoObject } from '#generated/types/authentication.v1.ts';
import type {
  NonResourceRule,
  ResourceAttributes,
  ResourceRule,
  SubjectAccessReviewSpec,
} from '#generated/types/authorization.v1.ts';
import {
  localSubjectAccessReviews,
  selfSubjectAccessReviews,
  selfSubjectReviews,
  selfSubjectRulesReviews,
  subjectAccessReviews,
  tokenReviews,
} from '#kubernetes/api/authorization/reviews.ts';
import type { AnyKind } from '#kubernetes/api/kind.ts';
import type { UserInfo } from '#kubernetes/api/request.ts';
import { forbidden, invalidValue, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { badRequest, type FieldError, invalid } from '#kubernetes/apimachinery/statusError.ts';
import type { Extension, Extensions, ServerContext } from '../context.ts';
import { decodeBody } from '../decode.ts';
import { noSuchPath } from '../requestInfo.ts';
import { readBody } from '../wire/body.ts';
import type { DiscoveredResource } from '../wire/discovery.ts';
import { checkNoTable } from '../wire/negotiation.ts';
import { methodNotAllowed } from '../wire/routes.ts';
import type { AccessControl } from './accessControl.ts';
import type { Attributes } from './attributes.ts';
import { nodeNameOf } from './nodeIdentity.ts';
import { apiAudience } from './serviceAccountTokens.ts';

/** Accounted time of a question that reads nothing from etcd. */
const latencyMs = 1;

/** What a review needs of the server, and of the request that brings it. */
interface Asked {
  readonly access: AccessControl;
  readonly user: UserInfo;
  readonly namespace: string;
  readonly spec: unknown;
}

/** Fills in a review's status, and changes its spec where the server does. Throws StatusError. */
type Answer = (asked: Asked) => { readonly spec?: unknown; readonly status: unknown };

const answers: ReadonlyMap<AnyKind, Answer> = new Map<AnyKind, Answer>([
  [selfSubjectReviews, ({ user }) => ({ status: { userInfo: userObject(user) } })],
  [tokenReviews, reviewToken],
  [subjectAccessReviews, (asked) => reviewSubject(subjectAccessReviews, asked)],
  [localSubjectAccessReviews, reviewLocally],
  [
    selfSubjectAccessReviews,
    ({ access, user, spec }) => {
      checkSpec(selfSubjectAccessReviews, spec as SubjectAccessReviewSpec);
      return { spec, status: decide(access, user, spec as SubjectAccessReviewSpec) };
    },
  ],
  [selfSubjectRulesReviews, reviewRules],
]);

/** Plugs the groups of reviews into a server: who am I, may I, whose token is this. */
export function installReviews(context: ServerContext, extensions: Extensions, access: AccessControl): void {
  const kinds = [...answers.keys()];
  for (const group of new Set(kinds.map((kind) => kind.group))) {
    const own = kinds.filter((kind) => kind.group === group);
    extensions.groups.set(group, { resources: own.map(discovered), serve: serve(own, context, access) });
  }
}

function discovered(kind: AnyKind): DiscoveredResource {
  return { ...kind, verbs: ['create'], subresources: [] };
}

function serve(kinds: readonly AnyKind[], context: ServerContext, access: AccessControl): Extension {
  return (request, info) => {
    const kind = kinds.find(({ plural, version }) => plural === info.resource && version === info.version);
    if (kind === undefined || info.subresource !== '') throw noSuchPath();
    if (request.method !== 'POST' || info.name !== '') throw methodNotAllowed();
    checkNoTable(request.accept);
    const warnings: string[] = [];
    const read = request.inProcess ? { request } : readBody(request, kind.kind);
    const object = decodeBody({ ...read, info, kind, stored: kind, warnings });
    const { spec } = object as unknown as { spec?: unknown };
    const { user } = request;
    const { namespace } = info;
    const answered = answers.get(kind)!({ access, user, namespace, spec: spec ?? {} });
    const metadata =
      kind === selfSubjectReviews
        ? { creationTimestamp: context.timestamp() }
        : namespace === ''
          ? {}
          : { namespace };
    const body = { kind: kind.kind, apiVersion: `${kind.group}/v1`, metadata, ...answered };
    return { status: 201, warnings, body, latencyMs };
  };
}

function userObject({ name, uid, groups, extra }: UserInfo): UserInfoObject {
  return { username: name, ...(uid && { uid }), groups, ...(extra && { extra }) };
}

function reviewToken({ access, spec }: Asked): ReturnType<Answer> {
  const { token, audiences } = spec as TokenReviewSpec;
  if (!token) throw badRequest('token is required for TokenReview in authentication');
  const found = access.tokens.authenticate(token, audiences?.length ? audiences : [apiAudience]);
  if ('error' in found)
    return { spec, status: { user: {}, error: `[invalid bearer token, ${found.error}]` } };
  return {
    spec,
    status: { authenticated: true, user: userObject(found.user), audiences: found.audiences },
  };
}

function reviewSubject(kind: AnyKind, { access, spec }: Asked): ReturnType<Answer> {
  const review = spec as SubjectAccessReviewSpec;
  const { user: name = '', groups = [], uid, extra } = review;
  const missing =
    name === '' && groups.length === 0
      ? [required('spec.user', 'at least one of user or group must be specified')]
      : [];
  checkSpec(kind, review, missing);
  const user = { name, groups, ...(uid && { uid }), ...(extra && { extra }) };
  return { spec, status: decide(access, user, review) };
}

function reviewLocally(asked: Asked): ReturnType<Answer> {
  const { resourceAttributes, nonResourceAttributes } = asked.spec as SubjectAccessReviewSpec;
  const kind = localSubjectAccessReviews;
  const { namespace = '' } = resourceAttributes ?? {};
  const errors: FieldError[] = [];
  if (resourceAttributes !== undefined && namespace !== asked.namespace)
    errors.push(
      invalidValue('spec.resourceAttributes.namespace', namespace, 'must match metadata.namespace'),
    );
  if (nonResourceAttributes !== undefined)
    errors.push(forbidden('spec.nonResourceAttributes', 'disallowed on this kind of request'));
  if (errors.length > 0) throw invalid(kind.group, kind.kind, '', errors);
  return reviewSubject(kind, asked);
}

function checkSpec(
  { group, kind }: AnyKind,
  { resourceAttributes, nonResourceAttributes }: SubjectAccessReviewSpec,
  more: readonly FieldError[] = [],
): void {
  const errors = [...more];
  if (resourceAttributes !== undefined && nonResourceAttributes !== undefined)
    errors.unshift(
      invalidValue(
        'spec.nonResourceAttributes',
        nonResourceAttributes,
        'cannot be specified in combination with resourceAttributes',
      ),
    );
  if (resourceAttributes === undefined && nonResourceAttributes === undefined)
    errors.unshift(
      invalidValue(
        'spec.resourceAttributes',
        null,
        'exactly one of nonResourceAttributes or resourceAttributes must be specified',
      ),
    );
  if (errors.length > 0) throw invalid(group, kind, '', errors);
}

function decide(access: AccessControl, user: UserInfo, spec: SubjectAccessReviewSpec): unknown {
  const { allowed, reason } = access.authorize(attributesOf(user, spec));
  return { allowed, ...(reason !== '' && { reason }) };
}

function attributesOf(
  user: UserInfo,
  { resourceAttributes, nonResourceAttributes }: SubjectAccessReviewSpec,
): Attributes {
  const {
    verb = '',
    group = '',
    resource = '',
    subresource = '',
    namespace = '',
    name = '',
  }: ResourceAttributes = resourceAttributes ?? {};
  if (resourceAttributes !== undefined)
    return { user, verb, group, resource, subresource, namespace, name, path: '', fieldSelector: '' };
  const { path = '', verb: method = '' } = nonResourceAttributes!;
  const nowhere = { group: '', resource: '', subresource: '', namespace: '', name: '', fieldSelector: '' };
  return { ...nowhere, user, verb: method, path };
}

/** Everything that the asker may do in a namespace, rule by rule. */
function reviewRules({ access, user, spec }: Asked): ReturnType<Answer> {
  const { namespace } = spec as { readonly namespace?: string };
  if (!namespace) throw badRequest('no namespace on request');
  const resourceRules: ResourceRule[] = [];
  const nonResourceRules: NonResourceRule[] = [];
  if (user.groups.includes('system:masters')) {
    resourceRules.push({ verbs: ['*'], apiGroups: ['*'], resources: ['*'] });
    nonResourceRules.push({ verbs: ['*'], nonResourceURLs: ['*'] });
  }
  const { rules, errors } = access.policy.grantsOf(user, namespace);
  for (const { rule } of rules) {
    const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } = rule;
    if (nonResourceURLs !== undefined) nonResourceRules.push({ verbs, nonResourceURLs });
    else
      resourceRules.push({
        verbs,
        ...(apiGroups && { apiGroups }),
        ...(resources && { resources }),
        ...(resourceNames && { resourceNames }),
      });
  }
  const problems = errors.map(({ message }) => message);
  const isNode = nodeNameOf(user) !== null;
  if (isNode) problems.unshift('node authorizer does not support user rule resolution');
  const status = {
    resourceRules,
    nonResourceRules,
    incomplete: isNode,
    ...(problems.length > 0 && { evaluationError: problems.join(', ') }),
  };
  return { spec: {}, status };
}
