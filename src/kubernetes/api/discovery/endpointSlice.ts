import type { Endpoint, EndpointPort, EndpointSlice } from '#generated/types/discovery.v1.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import type { Kind } from '../kind.ts';
import { mapList, withDefaults, withField } from '../sharing.ts';

export type { Endpoint, EndpointSlice };

/** So many ports and addresses the columns name before they say how many more there are. */
const shownMax = 3;

function abridge(items: readonly string[]): string {
  if (items.length === 0) return '<unset>';
  const shown = items.slice(0, shownMax).join(',');
  return items.length > shownMax ? `${shown} + ${items.length - shownMax} more...` : shown;
}

function formatPort({ name, port }: EndpointPort): string {
  return port === undefined ? (name ?? '') : String(port);
}

export const endpointSlices: Kind<EndpointSlice> = {
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  singular: 'endpointslice',
  shortNames: [],
  categories: [],
  namespaced: true,
  schema: 'io.k8s.api.discovery.v1.EndpointSlice',
  hasStatus: false,

  defaults: (slice) =>
    withField(
      slice,
      'ports',
      mapList(slice.ports, (port) => {
        const named = port.name === undefined ? { ...port, name: '' } : port;
        return withDefaults(named, { protocol: 'TCP' });
      }),
    ),

  columns: [
    nameColumn,
    column('AddressType', ({ addressType }) => addressType),
    column('Ports', ({ ports }) => abridge((ports ?? []).map(formatPort))),
    column('Endpoints', ({ endpoints }) => abridge((endpoints ?? []).flatMap(({ addresses }) => addresses))),
    ageColumn,
  ],
};
