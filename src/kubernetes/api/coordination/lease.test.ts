import { expect, test } from 'vitest';
import { cells, created, createErrors } from '../testing/kindTable.ts';
import { leases } from './lease.ts';

test('columns', () => {
  const lease = created(leases, { spec: { holderIdentity: 'n1' } });
  expect(cells(leases, lease)).toEqual({ Name: 'x', Holder: 'n1', Age: '60m' });
  expect(cells(leases, created(leases, {}))['Holder']).toBe('');
});

test('a lease lasts', () => {
  expect(createErrors(leases, { spec: { leaseDurationSeconds: 0, leaseTransitions: -1 } })).toEqual([
    'spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0',
    'spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0',
  ]);
});
