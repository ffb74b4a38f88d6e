import type { Network } from '#world/network/network.ts';
import { NetworkStack } from '#world/network/networkStack.ts';
import { controlPlane } from './controlPlane.ts';

/** The network as the API server's machine sees it: through its own rules, to Services, pods and addresses. */
export function apiServerStack(network: Network): NetworkStack {
  return new NetworkStack(network, {
    address: controlPlane.address,
    machine: controlPlane.name,
    resolver: { nameservers: [], search: [], ndots: 1 },
  });
}
