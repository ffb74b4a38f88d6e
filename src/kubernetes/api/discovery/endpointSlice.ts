import type { EndpointPort, EndpointSlice } from '#generated/types/discovery.v1.ts';
import { duplicate, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { validateEnum, validateImmutable } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { mapList, withDefaults, withField } from '../sharing.ts';

export type { EndpointSlice };

/** So many ports and addresses the columns name before they say how many more there are. */
const shownMax = 3;

function abridge(items: readonly string[]): string {
  if (items.length === 0) return '<unset>';
  const shown = items.slice(0, shownMax).join(',');
  return items.length > shownMax ? `${shown} + ${items.length - shownMax} more...` : shown;
}

function formatPort({ name, port }: EndpointPort): string {
  return port === undefined ? (name ?? '*') : String(port);
}

function validatePorts(ports: readonly EndpointPort[]): FieldError[] {
  const names = new Set<string>();
  return ports.flatMap(({ name = '', protocol }, index) => {
    const errors = names.has(name) ? [duplicate(`ports[${index}].name`, name)] : [];
    names.add(name);
    return [...errors, ...validateEnum(`ports[${index}].protocol`, protocol, ['SCTP', 'TCP', 'UDP'])];
  });
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

  validate: ({ addressType, endpoints = [], ports = [] }) => [
    ...validateEnum('addressType', addressType, ['FQDN', 'IPv4', 'IPv6']),
    ...endpoints.flatMap(({ addresses }, index) =>
      (addresses ?? []).length === 0
        ? [required(`endpoints[${index}].addresses`, 'must contain at least 1 address')]
        : [],
    ),
    ...validatePorts(ports),
  ],
  validateUpdate: (slice, old) => validateImmutable('addressType', slice.addressType, old.addressType),

  columns: [
    nameColumn,
    column('AddressType', ({ addressType }) => addressType),
    column('Ports', ({ ports }) => abridge((ports ?? []).map(formatPort))),
    column('Endpoints', ({ endpoints }) => abridge((endpoints ?? []).flatMap(({ addresses }) => addresses))),
    ageColumn,
  ],
};
