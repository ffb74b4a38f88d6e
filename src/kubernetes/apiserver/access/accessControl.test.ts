import { beforeEach, expect, test } from 'vitest';
import type { Status } from '#generated/types/meta.v1.ts';
import { Client } from '#kubernetes/client/client.ts';
import type { ApiRequest, UserInfo } from '#kubernetes/api/request.ts';
import { installAccess } from '#kubernetes/cluster/installAccess.ts';
import { TestServer } from '../testing/testServer.ts';

const admin = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };
const jane: UserInfo = { name: 'jane', groups: ['system:authenticated'] };
const rbac = '/apis/rbac.authorization.k8s.io/v1';

let server: TestServer;

beforeEach(() => {
  server = new TestServer();
  for (const name of ['kube-system', 'kube-public', 'rec']) server.addNamespace(name);
  installAccess(server.server, new Client(server.server.handle, admin));
});

function grant(user: string, namespace: string, rules: readonly object[]): void {
  const scope = namespace === '' ? rbac : `${rbac}/namespaces/${namespace}`;
  const kind = namespace === '' ? 'ClusterRole' : 'Role';
  const metadata = { name: 'granted' };
  server.send('POST', `${scope}/${kind.toLowerCase()}s`, { metadata, rules });
  const made = server.send('POST', `${scope}/${kind.toLowerCase()}bindings`, {
    metadata,
    roleRef: { kind, name: 'granted' },
    subjects: [{ kind: 'User', name: user }],
  });
  expect(made.status).toBe(201);
}

function ask(
  method: ApiRequest['method'],
  path: string,
  user: UserInfo = jane,
  more: Partial<ApiRequest> = {},
): { status: number; message: string; details: unknown } {
  const { status, body } = server.send(method, path, method === 'GET' ? undefined : {}, { user, ...more });
  const { message = '', details } = (body ?? {}) as Status;
  return { status, message, details };
}

// What a real API server said: recordings/api-1.20.jsonl, `rbac/…`; newer ones say the same.
test.each<[ApiRequest['method'], string, string, object]>([
  [
    'GET',
    '/api/v1/namespaces/rec/pods',
    'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "rec"',
    { kind: 'pods' },
  ],
  [
    'POST',
    '/api/v1/namespaces/rec/pods',
    'pods is forbidden: User "jane" cannot create resource "pods" in API group "" in the namespace "rec"',
    { kind: 'pods' },
  ],
  [
    'DELETE',
    '/apis/apps/v1/namespaces/rec/deployments/d',
    'deployments.apps "d" is forbidden: User "jane" cannot delete resource "deployments" in API group "apps" in the namespace "rec"',
    { name: 'd', group: 'apps', kind: 'deployments' },
  ],
  [
    'GET',
    '/api/v1/nodes',
    'nodes is forbidden: User "jane" cannot list resource "nodes" in API group "" at the cluster scope',
    { kind: 'nodes' },
  ],
  [
    'GET',
    '/api/v1/namespaces/rec/pods/p/log',
    'pods "p" is forbidden: User "jane" cannot get resource "pods/log" in API group "" in the namespace "rec"',
    { name: 'p', kind: 'pods' },
  ],
  [
    'PATCH',
    '/api/v1/namespaces/rec/configmaps/c1',
    'configmaps "c1" is forbidden: User "jane" cannot patch resource "configmaps" in API group "" in the namespace "rec"',
    { name: 'c1', kind: 'configmaps' },
  ],
  ['GET', '/metrics', 'forbidden: User "jane" cannot get path "/metrics"', {}],
  [
    'GET',
    '/api/v1/namespaces/rec',
    'namespaces "rec" is forbidden: User "jane" cannot get resource "namespaces" in API group "" in the namespace "rec"',
    { name: 'rec', kind: 'namespaces' },
  ],
  [
    'DELETE',
    '/api/v1/namespaces/rec/secrets',
    'secrets is forbidden: User "jane" cannot deletecollection resource "secrets" in API group "" in the namespace "rec"',
    { kind: 'secrets' },
  ],
])('%s %s is refused as by the real server', (method, path, message, details) => {
  expect(ask(method, path)).toEqual({ status: 403, message, details });
});

test('a watch of one object by its name is a watch of that object', () => {
  grant('jane', 'rec', [{ verbs: ['watch'], apiGroups: [''], resources: ['pods'], resourceNames: ['a'] }]);
  const watch = (fieldSelector: string) =>
    ask('GET', '/api/v1/namespaces/rec/pods', jane, { query: { watch: 'true', fieldSelector } });
  expect(watch('metadata.name=a').status).toBe(200);
  expect(watch('metadata.name=b').message).toBe(
    'pods "b" is forbidden: User "jane" cannot watch resource "pods" in API group "" in the namespace "rec"',
  );
});

// Upstream: plugin/pkg/auth/authorizer/rbac/rbac_test.go
test.each<[string, object, [ApiRequest['method'], string, boolean][]]>([
  [
    'a role is good in its namespace',
    { verbs: ['get', 'list'], apiGroups: [''], resources: ['configmaps'] },
    [
      ['GET', '/api/v1/namespaces/rec/configmaps', true],
      ['GET', '/api/v1/namespaces/rec/configmaps/x', true],
      ['GET', '/api/v1/namespaces/default/configmaps', false],
      ['GET', '/api/v1/configmaps', false],
      ['POST', '/api/v1/namespaces/rec/configmaps', false],
    ],
  ],
  [
    'stars',
    { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
    [
      ['POST', '/apis/apps/v1/namespaces/rec/deployments', true],
      ['GET', '/api/v1/namespaces/rec/pods/p/log', true],
      ['GET', '/metrics', false],
    ],
  ],
  [
    'names',
    { verbs: ['get', 'list'], apiGroups: [''], resources: ['configmaps'], resourceNames: ['x'] },
    [
      ['GET', '/api/v1/namespaces/rec/configmaps/x', true],
      ['GET', '/api/v1/namespaces/rec/configmaps/y', false],
      ['GET', '/api/v1/namespaces/rec/configmaps', false],
    ],
  ],
  [
    'subresources',
    { verbs: ['get'], apiGroups: ['', 'apps'], resources: ['pods/log', '*/scale'] },
    [
      ['GET', '/api/v1/namespaces/rec/pods/p', false],
      ['GET', '/api/v1/namespaces/rec/pods/p/log', true],
      ['GET', '/apis/apps/v1/namespaces/rec/deployments/d/scale', true],
      ['GET', '/apis/apps/v1/namespaces/rec/deployments/d/status', false],
    ],
  ],
])('%s', (_name, rule, requests) => {
  grant('jane', 'rec', [rule]);
  for (const [method, path, allowed] of requests) {
    // Twice: what was decided is remembered.
    for (let i = 0; i < 2; i++) expect(ask(method, path).status !== 403, `${method} ${path}`).toBe(allowed);
  }
});

test('a decision holds until a role or binding changes, and no longer', () => {
  const path = '/api/v1/namespaces/rec/configmaps';
  expect(ask('GET', path).status).toBe(403);
  grant('jane', 'rec', [{ verbs: ['list'], apiGroups: [''], resources: ['configmaps'] }]);
  expect(ask('GET', path).status).toBe(200);
  const role = `${rbac}/namespaces/rec/roles/granted`;
  server.send('PATCH', role, { rules: [{ verbs: ['get'], apiGroups: [''], resources: ['configmaps'] }] });
  expect(ask('GET', path).status).toBe(403);
  server.send('DELETE', role);
  expect(ask('GET', path).message).toBe(
    'configmaps is forbidden: User "jane" cannot list resource "configmaps" in API group "" in the namespace "rec": RBAC: role.rbac.authorization.k8s.io "granted" not found',
  );
});

test('discovery is for everybody who is known, and the version for all', () => {
  const anonymous = { credentials: {} };
  expect(ask('GET', '/apis').status).toBe(200);
  expect(ask('GET', '/apis', jane, anonymous).message).toBe(
    'forbidden: User "system:anonymous" cannot get path "/apis"',
  );
  expect(ask('GET', '/version', jane, anonymous).status).toBe(200);
});

// Upstream: apiserver/pkg/endpoints/filters/impersonation_test.go
test.each<[string, object[], NonNullable<ApiRequest['impersonate']>, string]>([
  [
    'nobody may without a rule',
    [],
    { user: 'tester', groups: [] },
    'users "tester" is forbidden: User "jane" cannot impersonate resource "users" in API group "" at the cluster scope',
  ],
  [
    'a group has a rule of its own',
    [{ verbs: ['impersonate'], apiGroups: [''], resources: ['users'] }],
    { user: 'tester', groups: ['g'] },
    'groups "g" is forbidden: User "jane" cannot impersonate resource "groups" in API group "" at the cluster scope',
  ],
  [
    'a service account is asked for in its namespace',
    [],
    { user: 'system:serviceaccount:rec:robot', groups: [] },
    'serviceaccounts "robot" is forbidden: User "jane" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "rec"',
  ],
  [
    'extras are subresources',
    [{ verbs: ['impersonate'], apiGroups: [''], resources: ['users'] }],
    { user: 'tester', groups: [], extra: { Scopes: ['a'] } },
    'userextras.authentication.k8s.io "a" is forbidden: User "jane" cannot impersonate resource "userextras/scopes" in API group "authentication.k8s.io" at the cluster scope',
  ],
  [
    'whoever may counts as the other',
    [{ verbs: ['impersonate'], apiGroups: [''], resources: ['users', 'groups'] }],
    { user: 'tester', groups: ['g'] },
    'pods is forbidden: User "tester" cannot list resource "pods" in API group "" in the namespace "rec"',
  ],
])('impersonation: %s', (_name, rules, impersonate, message) => {
  grant('jane', '', rules);
  expect(ask('GET', '/api/v1/namespaces/rec/pods', jane, { impersonate }).message).toBe(message);
});

test.each<[string, readonly string[], readonly string[]]>([
  ['tester', [], ['system:authenticated']],
  ['tester', ['g'], ['g', 'system:authenticated']],
  ['tester', ['system:unauthenticated'], ['system:unauthenticated']],
  ['system:anonymous', [], ['system:unauthenticated']],
  [
    'system:serviceaccount:rec:robot',
    [],
    ['system:serviceaccounts', 'system:serviceaccounts:rec', 'system:authenticated'],
  ],
])('%s in %j counts as in %j', (user, groups, expected) => {
  const { body } = server.send(
    'POST',
    '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    {},
    {
      impersonate: { user, groups },
    },
  );
  const review = body as { status?: { userInfo: unknown } };
  if (user === 'system:anonymous' || expected.includes('system:unauthenticated'))
    expect(body).toMatchObject({ code: 403 });
  else expect(review.status!.userInfo).toEqual({ username: user, groups: expected });
});

test('a method without a verb is for those who may do everything', () => {
  const path = '/api/v1/namespaces/rec/pods/p/proxy/';
  const http = { method: 'OPTIONS', search: '', headers: {} };
  const bob = { name: 'bob', groups: ['system:authenticated'] };
  grant('jane', 'rec', [{ apiGroups: [''], resources: ['pods/proxy'], verbs: ['get', 'create'] }]);
  expect(ask('GET', path).status).not.toBe(403);
  expect(ask('GET', path, jane, { http })).toMatchObject({
    status: 403,
    message:
      'pods "p" is forbidden: User "jane" cannot  resource "pods/proxy" in API group "" in the namespace "rec"',
  });
  grant('bob', '', [{ apiGroups: [''], resources: ['pods/proxy'], verbs: ['*'] }]);
  expect(ask('GET', path, bob, { http }).status).not.toBe(403);
});
