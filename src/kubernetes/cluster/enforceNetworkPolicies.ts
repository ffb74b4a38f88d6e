import type { UserInfo } from '#kubernetes/api/request.ts';
import { Client } from '#kubernetes/client/client.ts';
import { Informers } from '#kubernetes/client/informer.ts';
import { NetworkPolicies } from '#kubernetes/node/networkPolicies.ts';
import type { Cluster } from './cluster.ts';

/** Lets the network follow NetworkPolicies, as its own agent on each node would: one watch does for all of them. */
export function enforceNetworkPolicies(cluster: Cluster, user: UserInfo): void {
  const { simulation, network } = cluster;
  const informers = new Informers(simulation, new Client(cluster.dial, user, 'network'));
  new NetworkPolicies(informers, network).start();
}
