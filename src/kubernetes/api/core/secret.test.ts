import { expect, test } from 'vitest';
import { cells, created, createErrors, updateErrors } from '../testing/kindTable.ts';
import { secrets } from './secret.ts';

test('stringData moves into data, and the type is Opaque', () => {
  const secret = created(secrets, { data: { b: 'MQ==' }, stringData: { a: 'hello' } });
  expect(secret.data).toEqual({ a: 'aGVsbG8=', b: 'MQ==' });
  expect(secret).not.toHaveProperty('stringData');
  expect(secret.type).toBe('Opaque');
  expect(secrets.defaults!(secret)).toBe(secret);
});

test.each<[string, object, string[]]>([
  ['good', { data: { a: 'MQ==' } }, []],
  [
    'TLS without its files',
    { type: 'kubernetes.io/tls' },
    ['data[tls.crt]: Required value', 'data[tls.key]: Required value'],
  ],
  [
    'a token of no account',
    { type: 'kubernetes.io/service-account-token' },
    ['metadata.annotations[kubernetes.io/service-account.name]: Required value'],
  ],
])('%s', (_name, manifest, errors) => {
  expect(createErrors(secrets, manifest)).toEqual(errors);
});

test('the type stays, and so does what is immutable', () => {
  const manifest = { immutable: true, stringData: { a: '1' } };
  expect(updateErrors(secrets, manifest, { ...manifest, type: 'x/y' })).toEqual([
    'type: Invalid value: "x/y": field is immutable',
  ]);
  expect(updateErrors(secrets, manifest, { ...manifest, stringData: { a: '2' } })).toEqual([
    'data: Forbidden: field is immutable when `immutable` is set',
  ]);
});

test('columns', () => {
  const secret = created(secrets, { stringData: { a: '1', b: '2' } });
  expect(cells(secrets, secret)).toEqual({ Name: 'x', Type: 'Opaque', Data: 2, Age: '60m' });
});
