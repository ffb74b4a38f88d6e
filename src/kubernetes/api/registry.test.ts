import { expect, test } from 'vitest';
import { findByName, findCategory, findKind, findResource, kinds } from './registry.ts';

test.each([
  ['po', 'pods'],
  ['pod', 'pods'],
  ['Pod', 'pods'],
  ['deploy', 'deployments'],
  ['deployments.apps', 'deployments'],
  ['deployment.v1.apps', 'deployments'],
  ['ep', 'endpoints'],
  ['wombats', undefined],
  ['pods.apps', undefined],
])('%s means %s', (name, plural) => {
  expect(findByName(name)?.plural).toBe(plural);
});

test('a kind is found by its URL and by what objects say', () => {
  for (const kind of kinds) {
    expect(findResource(kind.group, kind.version, kind.plural)).toBe(kind);
    const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
    expect(findKind(apiVersion, kind.kind)).toBe(kind);
  }
  expect(findResource('', 'v1', 'deployments')).toBeUndefined();
});

test('the category all is what kubectl get all asks for', () => {
  expect(findCategory('all').map(({ plural }) => plural)).toEqual(
    expect.arrayContaining(['pods', 'services', 'deployments', 'replicasets']),
  );
  expect(findCategory('none')).toEqual([]);
});
