// Upstream: kubectl/pkg/describe/describe.go formatEndpointSlices, describeEndpointSliceV1
import type { Endpoints } from '#generated/types/core.v1.ts';
import type { EndpointSlice } from '#generated/types/discovery.v1.ts';
import { eventsAbout, type DescribeContext, type Describer } from './describer.ts';
import { writeEvents, writeLabelsAndAnnotations } from './fields.ts';

/** Addresses that are written out before `+ N more...`. */
const shownMax = 3;

export async function endpointSlicesOf(
  namespace: string,
  service: string,
  { invocation }: DescribeContext,
): Promise<readonly EndpointSlice[]> {
  const resource = (await invocation.mapper()).get('discovery.k8s.io', 'endpointslices');
  const labelSelector = `kubernetes.io/service-name=${service}`;
  return (await invocation.client.list<EndpointSlice>(resource, namespace, { labelSelector })).items;
}

/** The ready addresses of one service port. */
export function formatEndpoints(slices: readonly EndpointSlice[], portName: string): string {
  if (slices.length === 0) return '<none>';
  const all = slices.flatMap(({ ports, endpoints }) => {
    const ready = (endpoints ?? [])
      .filter((endpoint) => endpoint.conditions?.ready !== false)
      .map((endpoint) => endpoint.addresses[0]!);
    if (!ports?.length) return ready;
    return ports
      .filter((port) => (port.name ?? '') === portName)
      .flatMap((port) =>
        ready.map((address) => `${address.includes(':') ? `[${address}]` : address}:${port.port}`),
      );
  });
  const shown = all.slice(0, shownMax).join(',');
  if (all.length > shownMax) return `${shown} + ${all.length - shownMax} more...`;
  return shown;
}

export const describeEndpointSlice: Describer<EndpointSlice> = {
  group: 'discovery.k8s.io',
  kind: 'EndpointSlice',
  async describe(slice, writer, context) {
    writer.line(0, `Name:\t${slice.metadata.name}`);
    writer.line(0, `Namespace:\t${slice.metadata.namespace}`);
    writeLabelsAndAnnotations(writer, slice.metadata);
    writer.line(0, `AddressType:\t${slice.addressType}`);
    const ports = slice.ports ?? [];
    writer.line(0, ports.length === 0 ? 'Ports: <unset>' : 'Ports:');
    if (ports.length > 0) {
      writer.line(1, 'Name\tPort\tProtocol');
      writer.line(1, '----\t----\t--------');
    }
    for (const port of ports)
      writer.line(1, `${port.name || '<unset>'}\t${port.port ?? '<unset>'}\t${port.protocol}`);
    const endpoints = slice.endpoints ?? [];
    writer.line(0, endpoints.length === 0 ? 'Endpoints: <none>' : 'Endpoints:');
    for (const endpoint of endpoints) {
      writer.line(1, `- Addresses:\t${endpoint.addresses.join(', ') || '<none>'}`);
      writer.line(2, 'Conditions:');
      writer.line(3, `Ready:\t${endpoint.conditions?.ready ?? '<unset>'}`);
      writer.line(2, `Hostname:\t${endpoint.hostname ?? '<unset>'}`);
      if (endpoint.targetRef)
        writer.line(2, `TargetRef:\t${endpoint.targetRef.kind}/${endpoint.targetRef.name}`);
      writer.line(2, `NodeName:\t${endpoint.nodeName ?? '<unset>'}`);
      writer.line(2, `Zone:\t${endpoint.zone ?? '<unset>'}`);
    }
    if (context.showEvents) writeEvents(writer, await eventsAbout(slice, context), context.nowMs);
  },
};

export const describeEndpoints: Describer<Endpoints> = {
  group: '',
  kind: 'Endpoints',
  async describe(endpoints, writer, context) {
    const { metadata, subsets = [] } = endpoints;
    writer.line(0, `Name:\t${metadata.name}`);
    writer.line(0, `Namespace:\t${metadata.namespace ?? ''}`);
    writeLabelsAndAnnotations(writer, metadata);
    writer.line(0, 'Subsets:');
    for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets) {
      const list = (some: readonly { readonly ip: string }[]) =>
        some.map(({ ip }) => ip).join(',') || '<none>';
      writer.line(1, `Addresses:\t${list(addresses)}`);
      writer.line(1, `NotReadyAddresses:\t${list(notReadyAddresses)}`);
      if (ports.length > 0) {
        writer.line(1, 'Ports:');
        writer.line(2, 'Name\tPort\tProtocol');
        writer.line(2, '----\t----\t--------');
        for (const { name, port, protocol } of ports)
          writer.line(2, `${name || '<unset>'}\t${port}\t${protocol ?? ''}`);
      }
      writer.line(0, '');
    }
    if (context.showEvents) writeEvents(writer, await eventsAbout(endpoints, context), context.nowMs);
  },
};
