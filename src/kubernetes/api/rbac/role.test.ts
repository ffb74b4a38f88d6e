import { expect, test } from 'vitest';
import { cells, created, createErrors } from '../testing/kindTable.ts';
import { roles } from './role.ts';

const rule = { verbs: ['get'], apiGroups: [''], resources: ['pods'] };

// Upstream: pkg/apis/rbac/validation/validation_test.go TestValidateRole
test.each<[string, object, string[]]>([
  ['no rules at all', {}, []],
  ['a rule', { rules: [rule] }, []],
  ['a name with a colon', { metadata: { name: 'system:x' }, rules: [rule] }, []],
  [
    'a name with a slash',
    { metadata: { name: 'a/b' } },
    [`metadata.name: Invalid value: "a/b": may not contain '/'`],
  ],
  [
    'no verbs',
    { rules: [{ apiGroups: [''], resources: ['pods'] }] },
    ['rules[0].verbs: Required value: verbs must contain at least one value'],
  ],
  [
    'no groups',
    { rules: [rule, { verbs: ['get'], resources: ['pods'] }] },
    ['rules[1].apiGroups: Required value: resource rules must supply at least one api group'],
  ],
  [
    'no resources',
    { rules: [{ verbs: ['get'], apiGroups: [''] }] },
    ['rules[0].resources: Required value: resource rules must supply at least one resource'],
  ],
  [
    'a path in a namespace',
    { rules: [{ verbs: ['get'], nonResourceURLs: ['/x'] }] },
    ['rules[0].nonResourceURLs: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs'],
  ],
])('%s', (_name, manifest, errors) => {
  expect(createErrors(roles, manifest)).toEqual(errors);
});

test('columns', () => {
  expect(cells(roles, created(roles, { rules: [rule] }))).toEqual({
    Name: 'x',
    'Created At': '2026-01-01T00:00:00Z',
  });
});
