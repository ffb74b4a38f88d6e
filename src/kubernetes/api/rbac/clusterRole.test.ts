import { expect, test } from 'vitest';
import { createErrors } from '../testing/kindTable.ts';
import { clusterRoles } from './clusterRole.ts';

// Upstream: pkg/apis/rbac/validation/validation_test.go TestValidateClusterRole
test.each<[string, object, string[]]>([
  ['a path', { rules: [{ verbs: ['get'], nonResourceURLs: ['/x'] }] }, []],
  [
    'a path and a resource in one rule',
    { rules: [{ verbs: ['get'], nonResourceURLs: ['/x'], apiGroups: [''], resources: ['pods'] }] },
    [
      'rules[0].nonResourceURLs: Invalid value: ["/x"]: rules cannot apply to both regular resources and non-resource URLs',
    ],
  ],
])('%s', (_name, manifest, errors) => {
  expect(createErrors(clusterRoles, manifest)).toEqual(errors);
});
