import { expect, test } from 'vitest';
import { cells, created, createErrors, updateErrors } from '../testing/kindTable.ts';
import { ipAddresses } from './ipAddress.ts';

const parentRef = { resource: 'services', namespace: 'default', name: 'kubernetes' };
const metadata = { name: '10.96.0.1' };

test.each<[string, object, string[]]>([
  ['good', { metadata, spec: { parentRef } }, []],
  ['no parent', { metadata, spec: {} }, ['spec.parentRef: Required value']],
  [
    'a parent without a name',
    { metadata, spec: { parentRef: {} } },
    ['spec.parentRef.resource: Required value', 'spec.parentRef.name: Required value'],
  ],
  [
    'no address',
    { metadata: { name: 'FE80::' }, spec: { parentRef } },
    ['metadata.name: Invalid value: "FE80::": must be in canonical form ("fe80::")'],
  ],
])('%s', (_name, manifest, errors) => {
  expect(createErrors(ipAddresses, manifest)).toEqual(errors);
});

test('the parent stays', () => {
  const next = { metadata, spec: { parentRef: { ...parentRef, name: 'web' } } };
  expect(updateErrors(ipAddresses, { metadata, spec: { parentRef } }, next)).toEqual([
    'spec.parentRef: Invalid value: {"Group":"","Resource":"services","Namespace":"default","Name":"web"}: field is immutable',
  ]);
});

test('columns and fields', () => {
  const address = created(ipAddresses, { metadata, spec: { parentRef } });
  expect(cells(ipAddresses, address)).toEqual({
    Name: '10.96.0.1',
    ParentRef: 'services/default/kubernetes',
    Age: '60m',
  });
  expect(ipAddresses.fieldValue!(address, 'spec.parentRef.name')).toBe('kubernetes');
});
