// Upstream: apiserver/pkg/util/flowcontrol/rule.go
import type {
  FlowSchemaSpec,
  NonResourcePolicyRule,
  ResourcePolicyRule,
  Subject,
} from '#generated/types/flowcontrol.v1.ts';
import type { UserInfo } from '#kubernetes/api/request.ts';

/** What flow schemas look at. */
export interface RequestDigest {
  readonly user: UserInfo;
  /** `list`, `deletecollection` … */
  readonly verb: string;
  readonly path: string;
  readonly group: string;
  /** With its subresource; empty for paths that are not about objects. */
  readonly resource: string;
  readonly namespace: string;
}

export function matchesSchema({ rules = [] }: FlowSchemaSpec, digest: RequestDigest): boolean {
  return rules.some(
    ({ subjects, resourceRules = [], nonResourceRules = [] }) =>
      subjects.some((subject) => matchesSubject(subject, digest.user)) &&
      (digest.resource === ''
        ? nonResourceRules.some((rule) => matchesPath(rule, digest))
        : resourceRules.some((rule) => matchesResource(rule, digest))),
  );
}

const has = (list: readonly string[], value: string) => list.includes('*') || list.includes(value);

function matchesSubject({ kind, user, group, serviceAccount }: Subject, who: UserInfo): boolean {
  switch (kind) {
    case 'User':
      return user?.name === '*' || user?.name === who.name;
    case 'Group':
      return group?.name === '*' || (group !== undefined && who.groups.includes(group.name));
    case 'ServiceAccount': {
      const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(who.name) ?? [];
      return (
        namespace !== undefined &&
        serviceAccount?.namespace === namespace &&
        (serviceAccount.name === '*' || serviceAccount.name === name)
      );
    }
    default:
      return false;
  }
}

function matchesResource(rule: ResourcePolicyRule, digest: RequestDigest): boolean {
  return (
    has(rule.verbs, digest.verb) &&
    has(rule.apiGroups, digest.group) &&
    has(rule.resources, digest.resource) &&
    (digest.namespace === '' ? rule.clusterScope === true : has(rule.namespaces ?? [], digest.namespace))
  );
}

function matchesPath(
  { verbs, nonResourceURLs }: NonResourcePolicyRule,
  { verb, path }: RequestDigest,
): boolean {
  return (
    has(verbs, verb) &&
    nonResourceURLs.some(
      (url) => url === '*' || url === path || (url.endsWith('/*') && path.startsWith(url.slice(0, -1))),
    )
  );
}
