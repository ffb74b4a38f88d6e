import { expect, test } from 'vitest';
import { cells, created, createErrors, updateErrors } from '../testing/kindTable.ts';
import { controllerRevisions } from './controllerRevision.ts';

test.each<[object[], string]>([
  [[], '<none>'],
  [
    [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'kube-proxy', uid: 'u', controller: true }],
    'daemonset.apps/kube-proxy',
  ],
])('owned by %j, it shows %s', (ownerReferences, controller) => {
  const revision = created(controllerRevisions, { metadata: { ownerReferences }, data: {}, revision: 3 });
  expect(cells(controllerRevisions, revision)).toEqual({
    Name: 'x',
    Controller: controller,
    Revision: 3,
    Age: '60m',
  });
});

test('data is there and stays', () => {
  expect(createErrors(controllerRevisions, { revision: 1 })).toEqual([
    'data: Required value: data is mandatory',
  ]);
  expect(
    updateErrors(controllerRevisions, { data: { a: 1 }, revision: 1 }, { data: { a: 2 }, revision: 1 }),
  ).toEqual(['data: Invalid value: {"a":2}: field is immutable']);
});
