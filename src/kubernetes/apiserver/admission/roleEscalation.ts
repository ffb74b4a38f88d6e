// Upstream: pkg/registry/rbac/{escalation_check.go,role/policybased,clusterrole/policybased,rolebinding/policybased},
// pkg/registry/rbac/validation/rule.go ConfirmNoEscalation
import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
} from '#generated/types/rbac.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { compactRules, formatQuoted, formatRule, uncoveredRules } from '#kubernetes/api/rbac/policyRules.ts';
import { rbacGroup } from '#kubernetes/api/rbac/ruleValidation.ts';
import { isStatus, notFound, qualifiedResource, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { type AccessControl, privilegedGroup } from '../access/accessControl.ts';
import type { AdmissionPlugin, AdmissionRequest } from '../context.ts';

/** What only somebody who may do everything may let a role gather. */
const fullAuthority: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

/** Nobody gives away more than they have: roles with other rules, and bindings to other roles, are refused. */
export const roleEscalation: AdmissionPlugin = {
  name: 'RoleEscalation',
  handles: ({ kind, subresource }) => kind.group === rbacGroup && subresource === '',
  admit(object, request, { access }) {
    const { kind, operation, user, old } = request;
    if (access === null) return object;
    if (user.groups.includes(privilegedGroup)) return object;
    if (operation === 'UPDATE' && changesOwnersOnly(object, old!)) return object;
    const isRole = kind.plural === 'roles' || kind.plural === 'clusterroles';
    if (isRole) checkRole(object as Role | ClusterRole, request, access);
    else checkBinding(object as RoleBinding | ClusterRoleBinding, request, access);
    return object;
  },
};

function changesOwnersOnly(object: KubeObject, old: KubeObject): boolean {
  const rest = ({ metadata, ...others }: KubeObject) => {
    const { ownerReferences: _owners, finalizers: _finalizers, managedFields: _fields, ...kept } = metadata;
    return { ...others, metadata: kept };
  };
  return deepEqual(rest(object), rest(old));
}

function may(
  access: AccessControl,
  verb: string,
  request: AdmissionRequest,
  resource: string,
  name: string,
): boolean {
  const { user, namespace } = request;
  const asked = { user, verb, group: rbacGroup, resource, subresource: '', namespace, name };
  return access.authorize({ ...asked, path: '', fieldSelector: '' }).allowed;
}

function checkRole(role: Role | ClusterRole, request: AdmissionRequest, access: AccessControl): void {
  const { kind, name, old, operation } = request;
  if (may(access, 'escalate', request, kind.plural, operation === 'CREATE' ? '' : name)) return;
  confirm(role.rules ?? [], request, access);
  const gathers = [role, old as ClusterRole | undefined].some(
    (one) => (one as ClusterRole | undefined)?.aggregationRule !== undefined,
  );
  if (gathers && missing(fullAuthority, request, access).length > 0)
    throw forbidden(request, 'must have cluster-admin privileges to use the aggregationRule');
}

function checkBinding(
  { roleRef }: RoleBinding | ClusterRoleBinding,
  request: AdmissionRequest,
  access: AccessControl,
): void {
  const resource = roleRef.kind === 'Role' ? 'roles' : 'clusterroles';
  if (may(access, 'bind', request, resource, roleRef.name)) return;
  let rules: readonly PolicyRule[];
  try {
    rules = access.policy.rulesOfRole(roleRef, request.namespace);
  } catch (error) {
    // The registry, which is asked here, calls resources by their plural.
    throw isStatus(error, 'NotFound') ? notFound(rbacGroup, resource, roleRef.name) : error;
  }
  confirm(rules, request, access);
}

function missing(
  rules: readonly PolicyRule[],
  { user, namespace }: AdmissionRequest,
  access: AccessControl,
): PolicyRule[] {
  const held = access.policy.grantsOf(user, namespace).rules.map(({ rule }) => rule);
  return uncoveredRules(held, rules);
}

/** Throws Forbidden when the user does not hold all of the rules, with those that are missing. */
function confirm(rules: readonly PolicyRule[], request: AdmissionRequest, access: AccessControl): void {
  const lacking = missing(rules, request, access);
  if (lacking.length === 0) return;
  const { name, groups } = request.user;
  const list = [...new Set(compactRules(lacking).map(formatRule))].sort();
  throw forbidden(
    request,
    `user ${JSON.stringify(name)} (groups=${formatQuoted(groups)}) is attempting to grant RBAC permissions not currently held:\n${list.join('\n')}`,
  );
}

function forbidden({ kind, name }: AdmissionRequest, why: string): StatusError {
  return new StatusError(
    'Forbidden',
    `${qualifiedResource(kind.group, kind.plural)} ${JSON.stringify(name)} is forbidden: ${why}`,
    { name, group: kind.group, kind: kind.plural },
  );
}
