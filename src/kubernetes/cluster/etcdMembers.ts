import type { Transport } from '#kubernetes/api/request.ts';
import { Members } from '#kubernetes/etcd/members.ts';
import type { Cluster } from './cluster.ts';
import type { ControlPlaneNode, EtcdProcesses } from './controlPlaneNode.ts';

/** Upstream: etcd's ServerConfig.ReqTimeout: 5 s and two election timeouts. */
const requestTimeoutMs = 7_000;

/** From now on the cluster's etcd has members, of which the one that runs is the first; `open` is as of EtcdProcesses. */
export function installMembers(cluster: Cluster, open: EtcdProcesses['open']): Members {
  const { simulation, network, etcd, apiServer } = cluster;
  const members = new Members(simulation, {
    isCut: (a, b) => network.isCut(a, b),
    revision: () => etcd.revision,
  });
  const { name, front } = cluster.controlPlanes[0]!;
  members.add(name, front.address);
  if (!apiServer.hasStorage) members.stop(name);
  const serves = (node: string) => {
    const member = members.find(node);
    return member !== undefined && members.hasQuorum(member);
  };
  members.onChange(() => {
    apiServer.hasStorage = members.all.some((member) => members.hasQuorum(member));
    for (const plane of cluster.controlPlanes) plane.storageChanged();
  });
  cluster.etcdProcesses = {
    start(node) {
      if (members.find(node) === undefined)
        members.add(node, cluster.controlPlanes.find((plane) => plane.name === node)!.front.address);
      members.start(node);
    },
    stop: (node) => members.stop(node),
    serves,
    settle: () => members.settle(),
    ...(open && { open }),
  };
  return members;
}

/** An API server that asks the member on its own node: it waits for a leader, and fails with its member. */
export function asksOwnMember(cluster: Cluster, members: Members, { name }: ControlPlaneNode): Transport {
  const { apiServer, etcdProcesses } = cluster;
  return (request) => {
    const before = apiServer.hasStorage;
    const serves = etcdProcesses.serves(name);
    apiServer.hasStorage = serves;
    try {
      const response = apiServer.handle(request);
      const isFailed = !serves && response.status === 500 && typeof response.body === 'object';
      const waitMs = isFailed ? requestTimeoutMs : members.stallMs;
      return waitMs === 0 ? response : { ...response, latencyMs: response.latencyMs + waitMs };
    } finally {
      apiServer.hasStorage = before;
    }
  };
}
