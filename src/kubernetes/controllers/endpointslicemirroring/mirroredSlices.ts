// Upstream: pkg/controller/endpointslicemirroring/{reconciler,utils}.go
import type { EndpointAddress, Endpoints } from '#generated/types/core.v1.ts';
import type { Endpoint, EndpointPort, EndpointSlice } from '#generated/types/discovery.v1.ts';

/** Upstream: --mirroring-max-endpoints-per-subset */
const endpointsPerSubsetMax = 1000;

type AddressType = EndpointSlice['addressType'];

/** What one slice is to say: addresses of one family behind one list of ports. */
export interface MirroredSlice {
  readonly addressType: AddressType;
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

function endpointOf(address: EndpointAddress, ready: boolean): Endpoint {
  const { ip, hostname, nodeName, targetRef } = address;
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname && { hostname }),
    ...(nodeName && { nodeName }),
    ...(targetRef && { targetRef }),
  };
}

/** The slices that say what an Endpoints object says: one for each family of each subset. */
export function mirroredSlices({ subsets = [] }: Endpoints): readonly MirroredSlice[] {
  const slices: MirroredSlice[] = [];
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets) {
    const endpoints = [
      ...addresses.map((address) => endpointOf(address, true)),
      ...notReadyAddresses.map((address) => endpointOf(address, false)),
    ].slice(0, endpointsPerSubsetMax);
    const slicePorts = ports.map(({ name = '', port, protocol = 'TCP', appProtocol }) => ({
      name,
      port,
      protocol,
      ...(appProtocol && { appProtocol }),
    }));
    for (const addressType of ['IPv4', 'IPv6'] as const) {
      const isOfType = ({ addresses: [ip = ''] }: Endpoint) => ip.includes(':') === (addressType === 'IPv6');
      const own = endpoints.filter(isOfType);
      if (own.length > 0) slices.push({ addressType, ports: slicePorts, endpoints: own });
    }
  }
  return slices;
}
