import type { PolicyRule } from '#generated/types/rbac.v1.ts';
import { expect, test } from 'vitest';
import { allowsPath, allowsResource, compactRules, formatRule, uncoveredRules } from './policyRules.ts';

function rule(verbs: string, groups: string, resources: string, names = ''): PolicyRule {
  const list = (text: string) => text.split(' ').map((word) => (word === '-' ? '' : word));
  return {
    verbs: list(verbs),
    apiGroups: list(groups),
    resources: list(resources),
    ...(names && { resourceNames: list(names) }),
  };
}

// Upstream: pkg/apis/rbac/v1/evaluation_helpers_test.go
test.each([
  ['*', 'pods', '', true],
  ['pods', 'pods', '', true],
  ['pods', 'pods', 'log', false],
  ['pods/log', 'pods', 'log', true],
  ['pods/log', 'pods', '', false],
  ['*', 'pods', 'log', true],
  ['*/log', 'pods', 'log', true],
  ['*/log', 'pods', '', false],
  ['*/scale', 'pods', 'log', false],
  ['pods/*', 'pods', 'log', false],
])('the resource %s lets %s/%s be asked: %s', (pattern, resource, subresource, allowed) => {
  const asked = { verb: 'get', group: '', resource, subresource };
  expect(allowsResource(rule('get', '-', pattern), asked)).toBe(allowed);
});

test.each([
  ['*', '/any', true],
  ['/api', '/api', true],
  ['/api', '/api/v1', false],
  ['/api/*', '/api/v1', true],
  ['/api/*', '/api', false],
  ['/apis*', '/apis', true],
])('the path %s covers %s: %s', (pattern, path, allowed) => {
  expect(allowsPath({ verbs: ['get'], nonResourceURLs: [pattern] }, 'get', path)).toBe(allowed);
  expect(allowsPath({ verbs: ['get'], nonResourceURLs: [pattern] }, 'post', path)).toBe(false);
});

// Upstream: component-helpers/auth/rbac/validation/policy_comparator_test.go
test.each<[string, PolicyRule[], PolicyRule[], PolicyRule[]]>([
  ['one by two', [rule('get', '-', 'pods'), rule('list', '-', 'pods')], [rule('get list', '-', 'pods')], []],
  [
    'a verb more',
    [rule('get', '-', 'pods')],
    [rule('get list', '-', 'pods nodes')],
    [rule('list', '-', 'pods'), rule('get', '-', 'nodes'), rule('list', '-', 'nodes')],
  ],
  ['everything', [rule('*', '*', '*')], [rule('get', 'apps', 'deployments/scale', 'a')], []],
  ['a star by its parts', [rule('get', '-', 'pods')], [rule('*', '-', 'pods')], [rule('*', '-', 'pods')]],
  ['subresources of all', [rule('get', '*', '*/scale')], [rule('get', 'apps', 'deployments/scale')], []],
  ['a name by all names', [rule('get', '-', 'pods')], [rule('get', '-', 'pods', 'a')], []],
  [
    'all names by one',
    [rule('get', '-', 'pods', 'a')],
    [rule('get', '-', 'pods')],
    [rule('get', '-', 'pods')],
  ],
  [
    'another name',
    [rule('get', '-', 'pods', 'a')],
    [rule('get', '-', 'pods', 'a b')],
    [rule('get', '-', 'pods', 'b')],
  ],
  [
    'paths',
    [{ verbs: ['get'], nonResourceURLs: ['/foo/*'] }],
    [{ verbs: ['get'], nonResourceURLs: ['/foo/bar', '/other'] }],
    [{ verbs: ['get'], nonResourceURLs: ['/other'] }],
  ],
])('covered: %s', (_name, held, asked, missing) => {
  expect(uncoveredRules(held, asked)).toEqual(missing);
});

// Upstream: pkg/registry/rbac/validation/policy_compact_test.go, pkg/apis/rbac/v1/helpers.go CompactString
test('rules of one resource are one, and print as Go prints them', () => {
  const compact = compactRules([
    rule('get', '-', 'secrets'),
    rule('list', '-', 'secrets'),
    rule('get', '-', 'secrets', 'a'),
    { verbs: ['get'], nonResourceURLs: ['/x'] },
    rule('get list', '-', 'pods nodes'),
  ]);
  expect(compact.map(formatRule)).toEqual([
    '{NonResourceURLs:["/x"], Verbs:["get"]}',
    '{APIGroups:[""], Resources:["pods" "nodes"], Verbs:["get" "list"]}',
    '{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}',
    '{APIGroups:[""], Resources:["secrets"], ResourceNames:["a"], Verbs:["get"]}',
  ]);
});
