// Upstream: apiserver/pkg/endpoints/filters/impersonation
import type { Impersonation, UserInfo } from '#kubernetes/api/request.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { type Attributes, forbiddenRequest } from './attributes.ts';
import type { Decision } from './authorizer.ts';
import { accountUser } from './serviceAccountTokens.ts';

const authentication = 'authentication.k8s.io';
const accountPattern = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** The user that a request wants to count as. Throws Forbidden when its own may not be that user or in a group. */
export function impersonated(
  user: UserInfo,
  wanted: Impersonation,
  authorizer: { authorize(attributes: Attributes): Decision },
): UserInfo {
  const { user: name, groups, uid, extra = {} } = wanted;
  if (name === '')
    throw new StatusError(
      'InternalError',
      `Internal Server Error: requested [${groups.join(' ')}] without impersonating a user`,
    );
  const check = (
    resource: string,
    what: string,
    more: { group?: string; subresource?: string; namespace?: string } = {},
  ) => {
    const { group = '', subresource = '', namespace = '' } = more;
    const asked = { user, verb: 'impersonate', group, resource, subresource, namespace, name: what };
    const attributes: Attributes = { ...asked, path: '', fieldSelector: '' };
    const decision = authorizer.authorize(attributes);
    if (!decision.allowed) throw forbiddenRequest(attributes, decision.reason);
  };
  const account = accountPattern.exec(name);
  if (account !== null) check('serviceaccounts', account[2]!, { namespace: account[1]! });
  else check('users', name);
  for (const group of groups) check('groups', group);
  for (const [key, values] of Object.entries(extra))
    for (const value of values)
      check('userextras', value, { group: authentication, subresource: key.toLowerCase() });
  if (uid !== undefined && uid !== '') check('uids', uid, { group: authentication });
  return {
    name,
    groups: groupsOf(name, account, groups),
    ...(uid && { uid }),
    ...(Object.keys(extra).length > 0 && { extra }),
  };
}

/** Groups that are named are all there are; else a service account has its own, and everyone is authenticated. */
function groupsOf(
  name: string,
  account: RegExpExecArray | null,
  groups: readonly string[],
): readonly string[] {
  if (name === 'system:anonymous')
    return groups.includes('system:unauthenticated') ? groups : [...groups, 'system:unauthenticated'];
  const own =
    account !== null && groups.length === 0
      ? accountUser(account[1]!, account[2]!).groups.filter((group) => group !== 'system:authenticated')
      : groups;
  const isSaid = own.some((group) => group === 'system:authenticated' || group === 'system:unauthenticated');
  return isSaid ? own : [...own, 'system:authenticated'];
}
