import { clusterRoles } from '#kubernetes/api/rbac/clusterRole.ts';
import { clusterRoleBindings } from '#kubernetes/api/rbac/clusterRoleBinding.ts';
import { roles } from '#kubernetes/api/rbac/role.ts';
import { roleBindings } from '#kubernetes/api/rbac/roleBinding.ts';
import { bootstrapObjects } from '#kubernetes/apiserver/access/bootstrapPolicy/bootstrapObjects.ts';
import { createAccess } from '#kubernetes/apiserver/access/createAccess.ts';
import type { ApiServer } from '#kubernetes/apiserver/server.ts';
import type { Client } from '#kubernetes/client/client.ts';
import { kubeadmPolicy } from './kubeadmPolicy.ts';

/**
 * From now on the server knows who asks and lets everybody do only what they may: it makes the roles and bindings of
 * every cluster, and those that kubeadm adds. `system` writes as the server itself. Returns the certificate of kubeadm's
 * administrator, in PEM.
 */
export function installAccess(server: ApiServer, system: Client): string {
  server.installAccess(createAccess);
  for (const policy of [bootstrapObjects, kubeadmPolicy]) {
    for (const role of policy.clusterRoles) system.create(clusterRoles, role);
    for (const binding of policy.clusterRoleBindings) system.create(clusterRoleBindings, binding);
    for (const role of policy.roles) system.create(roles, role);
    for (const binding of policy.roleBindings) system.create(roleBindings, binding);
  }
  const administrator = { commonName: 'kubernetes-admin', organizations: ['kubeadm:cluster-admins'] };
  return server.access!.authority.issue(administrator);
}
