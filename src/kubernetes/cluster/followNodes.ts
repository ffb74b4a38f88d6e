import { nodes } from '#kubernetes/api/core/node.ts';
import { Client } from '#kubernetes/client/client.ts';
import { Informers } from '#kubernetes/client/informer.ts';
import type { Cluster } from './cluster.ts';
import { componentUser } from './users.ts';

/**
 * Lets kubelets see what others write into their nodes. Each of upstream's watches its own; these share one watch, of a
 * user who may read all nodes.
 */
export function followNodes({ nodes: { fleet }, controlPlanes, simulation }: Cluster): void {
  const { front, name } = controlPlanes[0]!;
  const client = new Client((request) => front.handle(request, name), componentUser('kube-proxy'));
  const informers = new Informers(simulation, client);
  const written = informers.of(nodes);
  fleet.devices?.follow(written);
  written.onChange((now, before) => {
    if (now === undefined) return;
    if (now.status.conditions !== before?.status.conditions)
      fleet.kubelets.get(now.metadata.name)?.reporter.nodeChanged(now);
    if (before !== undefined && (now.spec.unschedulable ?? false) !== (before.spec.unschedulable ?? false))
      fleet.kubelets.get(now.metadata.name)?.reporter.cordonChanged();
  });
  informers.start();
}
