import { expect, test } from 'vitest';
import { nodes } from './core/node.ts';
import './laterKinds.ts';
import { createErrors, statusErrors } from './testing/kindTable.ts';

test.each<[string, object, string[]]>([
  ['a range for pods', { podCIDRs: ['10.244.0.0/24', 'fd00::/64'] }, []],
  [
    'two ranges of one family',
    { podCIDRs: ['10.244.0.0/24', '10.244.1.0/24'] },
    [
      'spec.podCIDRs: Invalid value: ["10.244.0.0/24","10.244.1.0/24"]: may specify no more than one CIDR for each IP family',
    ],
  ],
  [
    'no range',
    { podCIDRs: ['10.244.0.0'] },
    [
      'spec.podCIDRs[0]: Invalid value: "10.244.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
    ],
  ],
])('a node with %s', (_with, spec, errors) => {
  expect(createErrors(nodes, { spec })).toEqual(errors);
});

test.each<[object, string[]]>([
  [{ capacity: { cpu: '1' }, addresses: [{ type: 'InternalIP', address: '10.0.0.1' }] }, []],
  [
    { allocatable: { cpu: '-1' } },
    ['status.allocatable[cpu]: Invalid value: "-1": must be greater than or equal to 0'],
  ],
  [
    {
      addresses: [
        { type: 'Hostname', address: 'a' },
        { type: 'Hostname', address: 'a' },
      ],
    },
    ['status.addresses[1]: Duplicate value: {"Type":"Hostname","Address":"a"}'],
  ],
])('the status %j of a node', (status, errors) => {
  expect(statusErrors(nodes, {}, status)).toEqual(errors);
});
