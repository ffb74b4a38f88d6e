import { expect, test } from 'vitest';
import { cells, created, createErrors, updateErrors } from '../testing/kindTable.ts';
import { serviceCidrs } from './serviceCidr.ts';

test.each<[string, string[], string[]]>([
  ['good', ['10.96.0.0/12', 'fd00::/108'], []],
  ['nothing', [], ['spec.cidrs: Required value: at least one CIDR required']],
  [
    'three',
    ['10.0.0.0/8', 'fd00::/8', '11.0.0.0/8'],
    [
      'spec.cidrs: Invalid value: {"CIDRs":["10.0.0.0/8","fd00::/8","11.0.0.0/8"]}: may only hold up to 2 values',
    ],
  ],
  [
    'host bits',
    ['10.96.0.1/12'],
    ['spec.cidrs[0]: Invalid value: "10.96.0.1/12": must be in canonical form ("10.96.0.0/12")'],
  ],
  [
    'one family twice',
    ['10.0.0.0/8', '11.0.0.0/8'],
    [
      'spec.cidrs: Invalid value: {"CIDRs":["10.0.0.0/8","11.0.0.0/8"]}: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64',
    ],
  ],
])('%s', (_name, cidrs, errors) => {
  expect(createErrors(serviceCidrs, { spec: { cidrs } })).toEqual(errors);
});

test.each<[string[], string[], string[]]>([
  [['10.0.0.0/8'], ['10.0.0.0/8', 'fd00::/8'], []],
  [['10.0.0.0/8'], ['11.0.0.0/8'], ['spec.cidrs[0]: Invalid value: "11.0.0.0/8": field is immutable']],
  [
    ['10.0.0.0/8', 'fd00::/8'],
    ['10.0.0.0/8'],
    ['spec.cidrs: Invalid value: ["10.0.0.0/8"]: field is immutable'],
  ],
])('%j to %j', (before, after, errors) => {
  expect(updateErrors(serviceCidrs, { spec: { cidrs: before } }, { spec: { cidrs: after } })).toEqual(errors);
});

test('columns', () => {
  const range = created(serviceCidrs, { spec: { cidrs: ['10.0.0.0/8', 'fd00::/8'] } });
  expect(cells(serviceCidrs, range)).toEqual({ Name: 'x', CIDRs: '10.0.0.0/8,fd00::/8', Age: '60m' });
});
