import { expect, test } from 'vitest';
import { cells, created, createErrors, stored } from '../testing/kindTable.ts';
import { namespaces } from './namespace.ts';

test('a namespace is labelled with its name, active, and kept until it is empty', () => {
  const namespace = created(namespaces, { metadata: { name: 'shop' } });
  expect(namespace.metadata.labels).toEqual({ 'kubernetes.io/metadata.name': 'shop' });
  expect(namespace.spec).toEqual({ finalizers: ['kubernetes'] });
  expect(namespace.status).toEqual({ phase: 'Active' });
  expect(namespaces.defaults!(namespace)).toBe(namespace);
});

test.each([
  ['shop', []],
  ['my.shop', ['metadata.name: Invalid value: "my.shop": must not contain dots']],
])('the name %s', (name, errors) => {
  expect(createErrors(namespaces, { metadata: { name } })).toEqual(errors);
});

test('columns', () => {
  const namespace = stored(namespaces, { metadata: { name: 'shop' }, status: { phase: 'Terminating' } });
  expect(cells(namespaces, namespace)).toEqual({ Name: 'shop', Status: 'Terminating', Age: '60m' });
});

test('an update cannot take the finalizer away', () => {
  const namespace = created(namespaces, { metadata: { name: 'shop' } });
  expect(namespaces.prepareForUpdate!({ ...namespace, spec: {} }, namespace).spec).toBe(namespace.spec);
});

test.each([
  [undefined, ['kubernetes']],
  [['a.b/c'], ['a.b/c', 'kubernetes']],
  [
    ['kubernetes', 'a.b/c'],
    ['kubernetes', 'a.b/c'],
  ],
])('of the finalizers %j in the spec a new namespace has %j', (finalizers, kept) => {
  expect(created(namespaces, { metadata: { name: 'shop' }, spec: { finalizers } }).spec).toEqual({
    finalizers: kept,
  });
});
