import { beforeEach, expect, test } from 'vitest';
import { Client } from '#kubernetes/client/client.ts';
import { installAccess } from '#kubernetes/cluster/installAccess.ts';
import { TestServer } from '../testing/testServer.ts';

const admin = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };
const jane = { name: 'jane', groups: ['system:authenticated'] };
const authorization = '/apis/authorization.k8s.io/v1';
const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';

let server: TestServer;

beforeEach(() => {
  server = new TestServer();
  for (const name of ['kube-system', 'kube-public']) server.addNamespace(name);
  installAccess(server.server, new Client(server.server.handle, admin));
  server.send('POST', `${rbac}/roles`, {
    metadata: { name: 'mk' },
    rules: [{ verbs: ['create'], apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'] }],
  });
  server.send('POST', `${rbac}/rolebindings`, {
    metadata: { name: 'mk' },
    roleRef: { kind: 'Role', name: 'mk' },
    subjects: [{ kind: 'User', name: 'jane' }],
  });
});

test('OpenAPI has the reviews, with nothing but their creation', () => {
  const { body } = server.send('GET', '/openapi/v3/apis/authorization.k8s.io/v1');
  const { paths, components } = body as {
    paths: Record<string, object>;
    components: { schemas: object };
  };
  const path = `${authorization}/subjectaccessreviews`;
  expect(Object.keys(paths)).toContain(`${authorization}/namespaces/{namespace}/localsubjectaccessreviews`);
  expect(Object.keys(paths)).not.toContain(`${path}/{name}`);
  expect(Object.keys(paths[path]!)).toEqual(['post']);
  expect(components.schemas).toHaveProperty(['io.k8s.api.authorization.v1.SubjectAccessReview']);
});

// recordings/api-1.20.jsonl: rbac/review; metadata is empty since 1.34
test('a question about somebody else', () => {
  const spec = { user: 'jane', resourceAttributes: { namespace: 'default', verb: 'get', resource: 'pods' } };
  expect(server.send('POST', `${authorization}/subjectaccessreviews`, { spec })).toMatchObject({
    status: 201,
    body: {
      kind: 'SubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      spec,
      status: { allowed: false },
    },
  });
});

test('what is allowed says by which binding', () => {
  const resourceAttributes = {
    namespace: 'default',
    verb: 'create',
    group: 'rbac.authorization.k8s.io',
    resource: 'roles',
  };
  const answer = server.send(
    'POST',
    `${authorization}/selfsubjectaccessreviews`,
    { spec: { resourceAttributes } },
    {
      user: jane,
    },
  );
  expect(answer.body).toMatchObject({
    status: {
      allowed: true,
      reason: 'RBAC: allowed by RoleBinding "mk/default" of Role "mk" to User "jane"',
    },
  });
});

// recordings/api-1.20.jsonl: rbac/self rules; selfsubjectreviews and the openid paths are newer
test('all that somebody may do, rule by rule', () => {
  const answer = server.send(
    'POST',
    `${authorization}/selfsubjectrulesreviews`,
    { spec: { namespace: 'default' } },
    {
      user: jane,
    },
  );
  expect(answer.body).toMatchObject({
    status: {
      resourceRules: [
        {
          verbs: ['create'],
          apiGroups: ['authorization.k8s.io'],
          resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
        },
        { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
        { verbs: ['create'], apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'] },
      ],
      nonResourceRules: [
        {
          verbs: ['get'],
          nonResourceURLs: [
            '/api',
            '/api/*',
            '/apis',
            '/apis/*',
            '/healthz',
            '/livez',
            '/openapi',
            '/openapi/*',
            '/readyz',
            '/version',
            '/version/',
          ],
        },
        { verbs: ['get'], nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'] },
      ],
      incomplete: false,
    },
  });
});

// Upstream: pkg/apis/authorization/validation/validation_test.go
test.each<[string, string, object, string]>([
  [
    'subjectaccessreviews',
    'nobody and nothing',
    {},
    'SubjectAccessReview.authorization.k8s.io "" is invalid: [spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified, spec.user: Required value: at least one of user or group must be specified]',
  ],
  [
    'selfsubjectaccessreviews',
    'both at once',
    { resourceAttributes: { verb: 'get' }, nonResourceAttributes: { verb: 'get' } },
    'SelfSubjectAccessReview.authorization.k8s.io "" is invalid: spec.nonResourceAttributes: Invalid value: {"verb":"get"}: cannot be specified in combination with resourceAttributes',
  ],
  ['selfsubjectrulesreviews', 'no namespace', {}, 'no namespace on request'],
])('%s with %s', (plural, _name, spec, message) => {
  expect(server.send('POST', `${authorization}/${plural}`, { spec }).body).toMatchObject({ message });
});

test('a local review is about its own namespace', () => {
  const path = `${authorization}/namespaces/default/localsubjectaccessreviews`;
  const ask = (namespace: string) =>
    server.send('POST', path, { spec: { user: 'jane', resourceAttributes: { namespace, verb: 'get' } } })
      .body;
  expect(ask('default')).toMatchObject({ status: { allowed: false } });
  expect(ask('other')).toMatchObject({
    message:
      'LocalSubjectAccessReview.authorization.k8s.io "" is invalid: spec.resourceAttributes.namespace: Invalid value: "other": must match metadata.namespace',
  });
});

test('reviews are asked and never kept', () => {
  expect(server.send('GET', `${authorization}/subjectaccessreviews`).status).toBe(405);
  expect(server.send('POST', '/apis/authentication.k8s.io/v1/tokenreviews', { spec: {} }).body).toMatchObject(
    {
      message: 'token is required for TokenReview in authentication',
    },
  );
});
