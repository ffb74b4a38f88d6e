import type { Endpoint, EndpointPort, EndpointSlice } from '#generated/types/discovery.v1.ts';
import { duplicate, required, tooMany } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkDns1123Label } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { invalidFor, validateEnum, validateImmutable } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { mapList, withDefaults, withField } from '../sharing.ts';

export type { EndpointSlice };

/** So many ports and addresses the columns name before they say how many more there are. */
const shownMax = 3;

/** Upstream: pkg/apis/discovery/validation. */
const endpointsMax = 1000;
const addressesMax = 100;
const portsMax = 20_000;

function abridge(items: readonly string[]): string {
  if (items.length === 0) return '<unset>';
  const shown = items.slice(0, shownMax).join(',');
  return items.length > shownMax ? `${shown} + ${items.length - shownMax} more...` : shown;
}

function formatPort({ name, port }: EndpointPort): string {
  return port === undefined ? (name ?? '*') : String(port);
}

function validateEndpoints(endpoints: readonly Endpoint[]): FieldError[] {
  if (endpoints.length > endpointsMax) return [tooMany('endpoints', endpoints.length, endpointsMax)];
  return endpoints.flatMap(({ addresses = [], hostname }: Partial<Endpoint>, index) => {
    const path = `endpoints[${index}]`;
    const errors = hostname ? invalidFor(`${path}.hostname`, hostname, checkDns1123Label(hostname)) : [];
    if (addresses.length > addressesMax)
      errors.unshift(tooMany(`${path}.addresses`, addresses.length, addressesMax));
    if (addresses.length === 0)
      errors.unshift(required(`${path}.addresses`, 'must contain at least 1 address'));
    return errors;
  });
}

function validatePorts(ports: readonly EndpointPort[]): FieldError[] {
  const names = new Set<string>();
  if (ports.length > portsMax) return [tooMany('ports', ports.length, portsMax)];
  return ports.flatMap(({ name = '', protocol }, index) => {
    const field = `ports[${index}].name`;
    const errors = name === '' ? [] : invalidFor(field, name, checkDns1123Label(name));
    if (names.has(name)) errors.push(duplicate(field, name));
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
    ...validateEndpoints(endpoints),
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
