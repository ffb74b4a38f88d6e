import { beforeEach, expect, test } from 'vitest';
import type { Status } from '#generated/types/meta.v1.ts';
import { Client } from '#kubernetes/client/client.ts';
import { installAccess } from '#kubernetes/cluster/installAccess.ts';
import { TestServer } from '../testing/testServer.ts';

const admin = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };
const jane = { name: 'jane', groups: ['system:authenticated'] };
const group = 'rbac.authorization.k8s.io';
const root = `/apis/${group}/v1`;
const roles = `${root}/namespaces/default/roles`;
const bindings = `${root}/namespaces/default/rolebindings`;

let server: TestServer;

beforeEach(() => {
  server = new TestServer();
  for (const name of ['kube-system', 'kube-public']) server.addNamespace(name);
  installAccess(server.server, new Client(server.server.handle, admin));
});

/** Lets jane write RBAC's objects everywhere, and do what `rules` say. */
function grant(...rules: readonly object[]): void {
  const own = { verbs: ['*'], apiGroups: [group], resources: ['roles', 'rolebindings', 'clusterroles'] };
  const write = { ...own, verbs: ['create', 'update', 'patch', 'get'] };
  server.send('POST', `${root}/clusterroles`, { metadata: { name: 'jane' }, rules: [write, ...rules] });
  server.send('POST', `${root}/clusterrolebindings`, {
    metadata: { name: 'jane' },
    roleRef: { kind: 'ClusterRole', name: 'jane' },
    subjects: [{ kind: 'User', name: 'jane' }],
  });
}

function failure(method: 'POST' | 'PATCH', path: string, body: unknown): string | null {
  const answer = server.send(method, path, body, { user: jane });
  return answer.status < 400 ? null : ((answer.body as Status).message ?? '');
}

const rule = (verbs: string[], resources: string[]) => ({ verbs, apiGroups: [''], resources });
const refused = (kind: string, name: string, missing: string) =>
  `${kind}.${group} "${name}" is forbidden: user "jane" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n${missing}`;

test('a role gives no more than its writer has', () => {
  grant(rule(['get'], ['pods']));
  const role = (rules: readonly object[]) => ({ metadata: { name: 'r' }, rules });
  // recordings/api-1.20.jsonl, rbac/escalation refused
  expect(failure('POST', roles, role([rule(['get', 'list'], ['secrets'])]))).toBe(
    refused('roles', 'r', '{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}'),
  );
  expect(failure('POST', roles, role([rule(['get', 'list'], ['pods', 'nodes'])]))).toBe(
    refused(
      'roles',
      'r',
      '{APIGroups:[""], Resources:["nodes"], Verbs:["get" "list"]}\n{APIGroups:[""], Resources:["pods"], Verbs:["list"]}',
    ),
  );
  expect(failure('POST', roles, role([rule(['get'], ['pods'])]))).toBeNull();
  expect(failure('PATCH', `${roles}/r`, { rules: [rule(['*'], ['pods'])] })).toBe(
    refused('roles', 'r', '{APIGroups:[""], Resources:["pods"], Verbs:["*"]}'),
  );
});

test('what is stored already may keep its owners and finalizers', () => {
  grant();
  server.send('POST', roles, { metadata: { name: 'r' }, rules: [rule(['*'], ['*'])] });
  expect(failure('PATCH', `${roles}/r`, { metadata: { finalizers: ['a.b/c'] } })).toBeNull();
  expect(failure('PATCH', `${roles}/r`, { metadata: { labels: { a: 'b' } } })).toContain(
    'not currently held',
  );
});

test.each([
  ['escalate', 'roles', roles, { metadata: { name: 'r' }, rules: [rule(['*'], ['*'])] }],
  [
    'bind',
    'clusterroles',
    bindings,
    { metadata: { name: 'b' }, roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'cluster-admin' } },
  ],
])('whoever may %s needs to hold nothing', (verb, resource, path, body) => {
  grant({ verbs: [verb], apiGroups: [group], resources: [resource] });
  expect(failure('POST', path, body)).toBeNull();
});

test('a binding gives no more than its writer has, of a role that exists', () => {
  grant(rule(['get'], ['pods']));
  const binding = (kind: string, name: string) => ({
    metadata: { name: 'b' },
    roleRef: { apiGroup: group, kind, name },
    subjects: [{ kind: 'User', name: 'jane' }],
  });
  expect(failure('POST', bindings, binding('ClusterRole', 'cluster-admin'))).toBe(
    refused(
      'rolebindings',
      'b',
      '{APIGroups:["*"], Resources:["*"], Verbs:["*"]}\n{NonResourceURLs:["*"], Verbs:["*"]}',
    ),
  );
  expect(failure('POST', bindings, binding('Role', 'none'))).toBe(`roles.${group} "none" not found`);
  server.send('POST', roles, { metadata: { name: 'r' }, rules: [rule(['get'], ['pods'])] });
  expect(failure('POST', bindings, binding('Role', 'r'))).toBeNull();
});

test('only somebody who may do everything lets a role gather others', () => {
  grant();
  const body = {
    metadata: { name: 'g' },
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] },
  };
  expect(failure('POST', `${root}/clusterroles`, body)).toBe(
    `clusterroles.${group} "g" is forbidden: must have cluster-admin privileges to use the aggregationRule`,
  );
});
