import type { Fault } from '#classroom/recipe.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { Client } from '#kubernetes/client/client.ts';
import type { Cluster } from '#kubernetes/cluster/cluster.ts';
import { reboot } from '#kubernetes/cluster/hosts/reboot.ts';
import { learner } from './learner.ts';

/** Does a fault. Faults are acts of the world: they go through no API, except the kill of a pod, which is a delete. */
export function breakCluster(cluster: Cluster, fault: Fault): void {
  switch (fault.type) {
    case 'killPod': {
      const client = new Client(cluster.dial, learner);
      const path = `/api/v1/namespaces/${fault.namespace}/${pods.plural}/${fault.name}`;
      client.send({ method: 'DELETE', path });
      return;
    }
    case 'stopNode':
      cluster.stopNode(fault.node);
      return;
    case 'startNode':
      cluster.startNode(fault.node);
      return;
    case 'rebootNode':
      reboot(cluster, fault.node);
      return;
    case 'partitionNode':
    case 'healNode':
      cluster.isolate(fault.node, fault.type === 'partitionNode');
      return;
    case 'slowNode':
      cluster.nodes.kubelets.get(fault.node)?.slow(fault.factor);
      return;
    case 'stopComponent':
      cluster.stopComponent(fault.component, fault.node);
      return;
    case 'startComponent':
      cluster.startComponent(fault.component, fault.node);
  }
}
