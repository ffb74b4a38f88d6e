import { expect, test } from 'vitest';
import { TestServer } from '../testing/testServer.ts';

const maps = (namespace: string) => `/api/v1/namespaces/${namespace}/configmaps`;
const map = { metadata: { name: 'a' }, data: {} };

// Facts: apiserver/pkg/admission/plugin/namespace/lifecycle/admission_test.go
test('nothing is created in a namespace that is not there', () => {
  expect(new TestServer().failure('POST', maps('nowhere'), map)).toBe('namespaces "nowhere" not found');
});

test('in a namespace that goes away things can be changed and deleted, but not created', () => {
  const server = new TestServer();
  server.addNamespace('team');
  expect(server.failure('POST', maps('team'), map)).toBeNull();
  expect(server.failure('DELETE', '/api/v1/namespaces/team')).toBeNull();
  const { status, body } = server.send('POST', maps('team'), { ...map, metadata: { name: 'b' } });
  expect([status, body]).toMatchObject([
    403,
    {
      message:
        'configmaps "b" is forbidden: unable to create new content in namespace team because it is being terminated',
      details: { causes: [{ reason: 'NamespaceTerminating', field: 'metadata.namespace' }] },
    },
  ]);
  expect(server.failure('PATCH', `${maps('team')}/a`, { data: { k: 'v' } })).toBeNull();
  expect(server.failure('DELETE', `${maps('team')}/a`)).toBeNull();
});

test.each(['default', 'kube-system', 'kube-public'])('namespace %s stays for ever', (name) => {
  const server = new TestServer();
  if (name !== 'default') server.addNamespace(name);
  expect(server.failure('DELETE', `/api/v1/namespaces/${name}`)).toBe(
    `namespaces "${name}" is forbidden: this namespace may not be deleted`,
  );
});
