import { expect, test } from 'vitest';
import { cells, created, createErrors, updateErrors } from '../testing/kindTable.ts';
import { endpointSlices } from './endpointSlice.ts';

const slice = { addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'] }], ports: [{ port: 80 }] };

test('a port has a name, if an empty one, and speaks TCP', () => {
  expect(created(endpointSlices, slice).ports).toEqual([{ name: '', port: 80, protocol: 'TCP' }]);
});

test.each<[object, string, string]>([
  [slice, '80', '10.0.0.1'],
  [{ ...slice, endpoints: [], ports: [] }, '<unset>', '<unset>'],
  [{ ...slice, ports: [{ name: 'http' }] }, 'http', '10.0.0.1'],
  [
    { ...slice, endpoints: ['1', '2', '3', '4'].map((n) => ({ addresses: [`10.0.0.${n}`] })) },
    '80',
    '10.0.0.1,10.0.0.2,10.0.0.3 + 1 more...',
  ],
])('%j', (manifest, ports, endpoints) => {
  expect(cells(endpointSlices, created(endpointSlices, manifest))).toEqual({
    Name: 'x',
    AddressType: 'IPv4',
    Ports: ports,
    Endpoints: endpoints,
    Age: '60m',
  });
});

test.each<[string, object, string[]]>([
  ['good', slice, []],
  [
    'an unknown type',
    { ...slice, addressType: 'X' },
    ['addressType: Unsupported value: "X": supported values: "FQDN", "IPv4", "IPv6"'],
  ],
  [
    'no address',
    { ...slice, endpoints: [{ addresses: [] }] },
    ['endpoints[0].addresses: Required value: must contain at least 1 address'],
  ],
  [
    'too many addresses, and a bad name',
    {
      ...slice,
      endpoints: [{ addresses: Array.from({ length: 101 }, (_, i) => `10.0.0.${i}`), hostname: 'a_b' }],
    },
    [
      'endpoints[0].addresses: Too many: 101: must have at most 100 items',
      "endpoints[0].hostname: Invalid value: \"a_b\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ],
  ],
  [
    'two ports of one name',
    { ...slice, ports: [{ port: 80 }, { port: 81 }] },
    ['ports[1].name: Duplicate value: ""'],
  ],
])('%s', (_name, manifest, errors) => {
  expect(createErrors(endpointSlices, manifest)).toEqual(errors);
});

test('the type of addresses stays', () => {
  expect(updateErrors(endpointSlices, slice, { ...slice, addressType: 'IPv6' })).toEqual([
    'addressType: Invalid value: "IPv6": field is immutable',
  ]);
});
