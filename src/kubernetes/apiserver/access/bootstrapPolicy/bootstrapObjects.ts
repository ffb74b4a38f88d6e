// Upstream: plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go, pkg/registry/rbac/rest/storage_rbac.go
import type {
  ClusterRole,
  ClusterRoleBinding,
  Role,
  RoleBinding,
  Subject,
} from '#generated/types/rbac.v1.ts';
import { rbacGroup } from '#kubernetes/api/rbac/ruleValidation.ts';
import type { New } from '#kubernetes/api/object.ts';
import { type BootstrapRole, bootstrapClusterRoles } from './clusterRoles.ts';
import { controllerRules } from './controllerRoles.ts';
import { namespaceRoles } from './namespaceRoles.ts';

const labels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
const annotations = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' };
const aggregateTo = (role: string) => `rbac.authorization.k8s.io/aggregate-to-${role}`;

const group = (name: string): Subject => ({ kind: 'Group', name: `system:${name}` });
const user = (name: string): Subject => ({ kind: 'User', name: `system:${name}` });
const account = (name: string): Subject => ({ kind: 'ServiceAccount', name, namespace: 'kube-system' });

/** Who has which role from the start. */
const subjects: Readonly<Record<string, readonly Subject[]>> = {
  'cluster-admin': [group('masters')],
  'system:basic-user': [group('authenticated')],
  'system:discovery': [group('authenticated')],
  'system:kube-controller-manager': [user('kube-controller-manager')],
  'system:kube-dns': [account('kube-dns')],
  'system:kube-scheduler': [user('kube-scheduler')],
  'system:monitoring': [group('monitoring')],
  // The node authorizer has taken the place of a binding to the group of nodes.
  'system:node': [],
  'system:node-proxier': [user('kube-proxy')],
  'system:public-info-viewer': [group('authenticated'), group('unauthenticated')],
  'system:service-account-issuer-discovery': [group('serviceaccounts')],
  'system:volume-scheduler': [user('kube-scheduler')],
};

function clusterRole(name: string, { rules, gathers, aggregatesTo }: BootstrapRole): New<ClusterRole> {
  return {
    metadata: {
      name,
      labels: { ...labels, ...(aggregatesTo && { [aggregateTo(aggregatesTo)]: 'true' }) },
      annotations,
    },
    ...(gathers && {
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [aggregateTo(gathers)]: 'true' } }] },
    }),
    ...(rules && { rules }),
  };
}

function clusterBinding(role: string, who: readonly Subject[]): New<ClusterRoleBinding> {
  return {
    metadata: { name: role, labels, annotations },
    roleRef: { apiGroup: rbacGroup, kind: 'ClusterRole', name: role },
    ...(who.length > 0 && { subjects: who }),
  };
}

const controllers = Object.entries(controllerRules).map(
  ([name, rules]) => [`system:controller:${name}`, name, rules] as const,
);

/** The roles and bindings that an API server makes before anyone needs them. */
export const bootstrapObjects: {
  readonly clusterRoles: readonly New<ClusterRole>[];
  readonly clusterRoleBindings: readonly New<ClusterRoleBinding>[];
  readonly roles: readonly New<Role>[];
  readonly roleBindings: readonly New<RoleBinding>[];
} = {
  clusterRoles: [
    ...Object.entries(bootstrapClusterRoles).map(([name, role]) => clusterRole(name, role)),
    ...controllers.map(([role, , rules]) => clusterRole(role, { rules })),
  ],
  clusterRoleBindings: [
    ...Object.entries(subjects).map(([role, who]) => clusterBinding(role, who)),
    ...controllers.map(([role, name]) => clusterBinding(role, [account(name)])),
  ],
  roles: namespaceRoles.map(({ namespace, name, rules }) => ({
    metadata: { name, namespace, labels, annotations },
    rules,
  })),
  roleBindings: namespaceRoles.map(({ namespace, name, binding = name, subjects: who }) => ({
    metadata: { name: binding, namespace, labels, annotations },
    roleRef: { apiGroup: rbacGroup, kind: 'Role', name },
    subjects: who,
  })),
};
