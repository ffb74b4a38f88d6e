// Upstream: kubeadm's stacked control plane behind a load balancer; pkg/controlplane/reconcilers
import { endpoints } from '#kubernetes/api/core/endpoints.ts';
import { endpointSlices } from '#kubernetes/api/discovery/endpointSlice.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { Members } from '#kubernetes/etcd/members.ts';
import { reconcileMs } from './bootstrap.ts';
import { type Cluster, controlPlaneNode } from './cluster.ts';
import { markControlPlane } from './controlPlane.ts';
import { asksOwnMember } from './etcdMembers.ts';

/** Adds what makes a control plane of several nodes, each with an etcd member and all behind one load balancer. Returns their names. */
export function addControlPlanes(cluster: Cluster, members: Members, system: Client): readonly string[] {
  const count = cluster.options.controlPlanes ?? 1;
  if (count === 1) return [];
  for (let i = 2; i <= count; i++) {
    const name = `${controlPlaneNode.name}-${i}`;
    cluster.addControlPlane(name, cluster.nodes.nextAddress);
    for (const component of cluster.addNode({ ...controlPlaneNode, name }, true)) component.start();
    markControlPlane(system, name);
  }
  for (const plane of cluster.controlPlanes) plane.front.serve = asksOwnMember(cluster, members, plane);
  cluster.route = (machine) => {
    const { controlPlanes, etcdProcesses } = cluster;
    const isReady = ({ front, name }: (typeof controlPlanes)[number]) =>
      front.isRunning && etcdProcesses.serves(name) && cluster.nodes.kubelets.get(name)!.isUp;
    const own = controlPlanes.find(({ name }) => name === machine);
    // A kubelet of the control plane speaks to its own node's server; the load balancer knows who is ready.
    if (own !== undefined) return own.front;
    const ready = controlPlanes.find(
      (plane) => isReady(plane) && !cluster.network.isCut(machine, plane.name),
    );
    return (ready ?? controlPlanes.find(({ front }) => front.isRunning) ?? controlPlanes[0]!).front;
  };
  cluster.simulation.every(reconcileMs, 'kube-apiserver', () => {
    if (cluster.apiServer.hasStorage) reconcileEndpoints(cluster, system);
  });
  return cluster.controlPlanes.slice(1).map(({ name }) => name);
}

/** Keeps the addresses of the API servers that run in the endpoints of their Service. */
function reconcileEndpoints({ controlPlanes }: Cluster, system: Client): void {
  const addresses = controlPlanes
    .filter(({ front }) => front.isRunning)
    .map(({ front }) => front.address)
    .sort();
  if (addresses.length === 0) return;
  const known = system.get(endpoints, 'default', 'kubernetes');
  const [subset] = known.subsets ?? [];
  if (subset?.addresses?.map(({ ip }) => ip).join() === addresses.join()) return;
  system.update(endpoints, {
    ...known,
    subsets: [{ ...subset, addresses: addresses.map((ip) => ({ ip })) }],
  });
  const slice = system.get(endpointSlices, 'default', 'kubernetes');
  system.update(endpointSlices, {
    ...slice,
    endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
  });
}
