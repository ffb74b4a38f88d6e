import { expect, test } from 'vitest';
import { cells, created, createErrors } from '../testing/kindTable.ts';
import { serviceAccounts } from './serviceAccount.ts';

test('columns', () => {
  const account = created(serviceAccounts, { metadata: { name: 'default' } });
  expect(cells(serviceAccounts, account)).toEqual({ Name: 'default', Age: '60m' });
});

test('a name must be a DNS subdomain', () => {
  expect(createErrors(serviceAccounts, { metadata: { name: 'Default' } })).toHaveLength(1);
  expect(createErrors(serviceAccounts, { metadata: { name: 'a.b' } })).toEqual([]);
});
