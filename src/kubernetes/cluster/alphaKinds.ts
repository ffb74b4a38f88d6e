import { alphaKinds } from '#kubernetes/api/alphaKinds.ts';
import { apiVersionOf } from '#kubernetes/api/kind.ts';
import type { ClusterRole } from '#generated/types/rbac.v1.ts';
import { warningsFor } from '#kubernetes/api/notSimulated.ts';
import { clusterRoles } from '#kubernetes/api/rbac/clusterRole.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { rule } from '#kubernetes/apiserver/access/bootstrapPolicy/rule.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { ContainerScope } from '#world/machine/image.ts';
import type { Cluster } from './cluster.ts';

/** The values of a flag that may come several times, each a list of `name=value`. */
function settingsOf(args: readonly string[], flag: string): ReadonlyMap<string, string> {
  const start = `--${flag}=`;
  const lists = args.filter((arg) => arg.startsWith(start)).map((arg) => arg.slice(start.length));
  return new Map(
    lists
      .flatMap((list) => list.split(','))
      .map((entry) => {
        const [name = '', value = ''] = entry.split('=');
        return [name.trim(), value.trim()];
      }),
  );
}

/** That a pod's group means nothing. */
const groupWarning = /^spec\.(.*\.)?schedulingGroup/;

/** What upstream adds to the scheduler's role with its gate. */
const groupRules: NonNullable<ClusterRole['rules']> = [
  rule('get list watch', 'scheduling.k8s.io', 'podgroups'),
  rule('patch update', 'scheduling.k8s.io', 'podgroups/status'),
];

/**
 * Has alpha kinds served from the moment an API server starts with `--runtime-config` for their version and the feature
 * gate that they need, and no more once it starts without.
 */
export function serveAlphaKinds(cluster: Cluster, system: Client): (server: ContainerScope) => void {
  const { apiServer } = cluster;
  const { kinds } = apiServer;
  return ({ args }) => {
    const config = settingsOf(args, 'runtime-config');
    const gates = settingsOf(args, 'feature-gates');
    for (const { kind, gate } of alphaKinds) {
      const enabled = [apiVersionOf(kind), 'api/alpha', 'api/all'].some(
        (name) => config.get(name) === 'true',
      );
      const isServed = kinds.findResource(kind.group, kind.version, kind.plural) !== undefined;
      const isWanted = enabled && (gates.get(gate) === 'true' || gates.get('AllAlpha') === 'true');
      if (isWanted && !isServed) kinds.add([kind]);
      if (!isWanted && isServed) kinds.remove(kind);
    }
    const hasGroups = kinds.findResource('scheduling.k8s.io', 'v1alpha2', 'podgroups') !== undefined;
    apiServer.unsimulated = hasGroups
      ? (kind, object) => warningsFor(kind, object).filter((text) => !groupWarning.test(text))
      : warningsFor;
    if (hasGroups) addRules(system);
  };
}

function addRules(system: Client): void {
  const role = system.get(clusterRoles, '', 'system:kube-scheduler');
  const rules = role.rules ?? [];
  const missing = groupRules.filter((one) => !rules.some((other) => deepEqual(one, other)));
  if (missing.length > 0) system.update(clusterRoles, { ...role, rules: [...rules, ...missing] });
}
