// Upstream: plugin/pkg/auth/authorizer/rbac/bootstrappolicy/namespace_policy.go
import type { PolicyRule, Subject } from '#generated/types/rbac.v1.ts';
import { events, read, rule } from './rule.ts';

interface NamespaceRole {
  readonly namespace: string;
  readonly name: string;
  readonly rules: readonly PolicyRule[];
  /** The name of its binding, where it differs. */
  readonly binding?: string;
  readonly subjects: readonly Subject[];
}

const account = (name: string): Subject => ({ kind: 'ServiceAccount', name, namespace: 'kube-system' });
const user = (name: string): Subject => ({ kind: 'User', name: `system:${name}` });

const leaderLocking = (name: string): NamespaceRole => ({
  namespace: 'kube-system',
  name: `system::leader-locking-${name}`,
  rules: [rule('watch', '-', 'configmaps'), rule('get update', '-', 'configmaps', name)],
  subjects: [account(name), user(name)],
});

/** Roles in the namespaces of the system, each with its one binding. */
export const namespaceRoles: readonly NamespaceRole[] = [
  {
    namespace: 'kube-public',
    name: 'system:controller:bootstrap-signer',
    rules: [rule(read, '-', 'configmaps'), rule('update', '-', 'configmaps', 'cluster-info'), events],
    subjects: [account('bootstrap-signer')],
  },
  {
    namespace: 'kube-system',
    name: 'extension-apiserver-authentication-reader',
    rules: [rule(read, '-', 'configmaps', 'extension-apiserver-authentication')],
    binding: 'system::extension-apiserver-authentication-reader',
    subjects: [user('kube-controller-manager'), user('kube-scheduler')],
  },
  leaderLocking('kube-controller-manager'),
  leaderLocking('kube-scheduler'),
  {
    namespace: 'kube-system',
    name: 'system:controller:bootstrap-signer',
    rules: [rule(read, '-', 'secrets')],
    subjects: [account('bootstrap-signer')],
  },
  {
    namespace: 'kube-system',
    name: 'system:controller:cloud-provider',
    rules: [rule(`${read} create update`, '-', 'configmaps')],
    subjects: [account('cloud-provider')],
  },
  {
    namespace: 'kube-system',
    name: 'system:controller:token-cleaner',
    rules: [rule(`${read} delete`, '-', 'secrets')],
    subjects: [account('token-cleaner')],
  },
];
