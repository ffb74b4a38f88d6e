// Upstream: pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go
import type { ClusterRole, PolicyRule } from '#generated/types/rbac.v1.ts';
import { clusterRoles } from '#kubernetes/api/rbac/clusterRole.ts';
import { selectorOf } from '#kubernetes/apimachinery/labels.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import { WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller } from '../controller.ts';

/** Upstream starts it with five workers. */
const workers = 5;

/** Gives each role with an aggregation rule the rules of all roles that it selects. */
export const clusterRoleAggregationController: Controller = {
  name: 'clusterrole-aggregation-controller',
  start({ simulation, client, informers }) {
    const roles = informers.of(clusterRoles);
    const queue = new WorkQueue({ simulation, client, workers, reconcile: syncClusterRole });
    // Whatever changes may be selected by any of them.
    roles.onChange(() => {
      for (const role of roles.list()) if (role.aggregationRule !== undefined) queue.add(role.metadata.name);
    });

    function syncClusterRole(name: string): void {
      const role = roles.get(name);
      if (role?.aggregationRule === undefined) return;
      const rules = gatheredRules(role, roles);
      if (!deepEqual(rules, role.rules ?? [])) client.update(clusterRoles, { ...role, rules });
    }
    return () => queue.stop();
  },
};

/** The rules of the selected roles, in the order of selectors and names, each once. */
function gatheredRules(role: ClusterRole, roles: Informer<ClusterRole>): PolicyRule[] {
  const sorted = [...roles.list()].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const rules: PolicyRule[] = [];
  for (const wanted of role.aggregationRule?.clusterRoleSelectors ?? []) {
    const selector = selectorOf(wanted);
    for (const other of sorted) {
      if (other.metadata.name === role.metadata.name) continue;
      if (!selector.matches(other.metadata.labels ?? {})) continue;
      for (const rule of other.rules ?? []) if (!rules.some((one) => deepEqual(one, rule))) rules.push(rule);
    }
  }
  return rules;
}
