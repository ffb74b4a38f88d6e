import { beforeEach, expect, test } from 'vitest';
import type { Status } from '#generated/types/meta.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import { TestServer } from '../testing/testServer.ts';

const node = { name: 'system:node:mine', groups: ['system:nodes', 'system:authenticated'] };
const nodes = '/api/v1/nodes';
const pods = '/api/v1/namespaces/default/pods';
const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
const mirror = 'kubernetes.io/config.mirror';

let server: TestServer;
let uid: string;

const made = (path: string, body: unknown) => {
  const answer = server.send('POST', path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body as KubeObject;
};
const spec = (nodeName: string) => ({ nodeName, containers: [{ name: 'c', image: 'i' }] });

beforeEach(() => {
  server = new TestServer();
  server.addNamespace('kube-node-lease');
  uid = made(nodes, { metadata: { name: 'mine' } }).metadata.uid;
  made(nodes, { metadata: { name: 'other' } });
  for (const name of ['mine', 'other']) made(pods, { metadata: { name }, spec: spec(name) });
  for (const name of ['mine', 'other']) made(leases, { metadata: { name }, spec: {} });
});

function failure(method: ApiRequest['method'], path: string, body?: unknown): string | null {
  const { status, body: answer } = server.send(method, path, body, { user: node });
  return status < 400 ? null : ((answer as Status).message ?? '');
}

const ownerOf = (more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Node',
  name: 'mine',
  uid,
  controller: true,
  ...more,
});
const mirrored = (metadata: object = {}, more: object = {}) => ({
  metadata: { name: 'm', annotations: { [mirror]: 'x' }, ownerReferences: [ownerOf()], ...metadata },
  spec: { ...spec('mine'), ...more },
});

// Upstream: plugin/pkg/admission/noderestriction/admission_test.go
test.each<[string, () => object, string | null]>([
  ['a mirror', () => mirrored(), null],
  [
    'an ordinary pod',
    () => mirrored({ annotations: {} }),
    `pod does not have "${mirror}" annotation, node "mine" can only create mirror pods`,
  ],
  [
    'a mirror elsewhere',
    () => mirrored({}, { nodeName: 'other' }),
    'node "mine" can only create pods with spec.nodeName set to itself',
  ],
  [
    'no owner',
    () => mirrored({ ownerReferences: [] }),
    'node "mine" can only create pods with an owner reference set to itself',
  ],
  [
    'another owner',
    () => mirrored({ ownerReferences: [ownerOf({ name: 'other' })] }),
    'node "mine" can only create pods with an owner reference set to itself',
  ],
  [
    'an owner that is no controller',
    () => mirrored({ ownerReferences: [ownerOf({ controller: false })] }),
    'node "mine" can only create pods with a controller owner reference set to itself',
  ],
  [
    'a secret',
    () => mirrored({}, { volumes: [{ name: 'v', secret: { secretName: 's' } }] }),
    'node "mine" can not create pods that reference secrets',
  ],
  [
    'a config map in the environment',
    () =>
      mirrored(
        {},
        {
          containers: [{ name: 'c', image: 'i', envFrom: [{ configMapRef: { name: 'x' } }] }],
        },
      ),
    'node "mine" can not create pods that reference configmaps',
  ],
])('a new pod: %s', (_name, pod, why) => {
  expect(failure('POST', pods, pod())).toBe(why === null ? null : `pods "m" is forbidden: ${why}`);
});

test.each<[string, ApiRequest['method'], string, unknown, string | null]>([
  ['deletes its pod', 'DELETE', `${pods}/mine`, { gracePeriodSeconds: 0 }, null],
  [
    'deletes no other',
    'DELETE',
    `${pods}/other`,
    undefined,
    'pods "other" is forbidden: node "mine" can only delete pods with spec.nodeName set to itself',
  ],
  ['says how its pod is', 'PATCH', `${pods}/mine/status`, { status: { phase: 'Running' } }, null],
  [
    'says nothing of others',
    'PATCH',
    `${pods}/other/status`,
    { status: { phase: 'Running' } },
    'pods "other" is forbidden: node "mine" can only update pod status for pods with spec.nodeName set to itself',
  ],
  [
    'changes no pod',
    'PATCH',
    `${pods}/mine`,
    { metadata: { labels: { a: 'b' } } },
    `pods "mine" is forbidden: unexpected operation "UPDATE", node "mine" can only create and delete mirror pods`,
  ],
  ['labels its node', 'PATCH', `${nodes}/mine`, { metadata: { labels: { a: 'b' } } }, null],
  [
    'labels its node with no role',
    'PATCH',
    `${nodes}/mine`,
    { metadata: { labels: { 'node-role.kubernetes.io/x': '' } } },
    'nodes "mine" is forbidden: is not allowed to modify labels: node-role.kubernetes.io/x',
  ],
  [
    'leaves restrictions alone',
    'PATCH',
    `${nodes}/mine`,
    { metadata: { labels: { 'a.node-restriction.kubernetes.io/x': '' } } },
    'nodes "mine" is forbidden: is not allowed to modify labels: a.node-restriction.kubernetes.io/x',
  ],
  [
    'changes no taint',
    'PATCH',
    `${nodes}/mine`,
    { spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } },
    'nodes "mine" is forbidden: node "mine" is not allowed to modify taints',
  ],
  [
    'changes no other node',
    'PATCH',
    `${nodes}/other`,
    { metadata: { labels: { a: 'b' } } },
    'nodes "other" is forbidden: node "mine" is not allowed to modify node "other"',
  ],
  [
    'renews no other lease',
    'PATCH',
    `${leases}/other`,
    { spec: { holderIdentity: 'x' } },
    'leases.coordination.k8s.io "other" is forbidden: can only access node lease with the same name as the requesting node',
  ],
  ['renews its lease', 'PATCH', `${leases}/mine`, { spec: { holderIdentity: 'x' } }, null],
])('a kubelet %s', (_name, method, path, body, why) => {
  expect(failure(method, path, body)).toBe(why);
});

test('a new node has no labels of Kubernetes but those that a kubelet knows', () => {
  const body = (labels: object) => ({ metadata: { name: 'mine', labels } });
  server.send('DELETE', `${nodes}/mine`);
  expect(failure('POST', nodes, body({ 'node-role.kubernetes.io/master': '', 'foo.k8s.io/b': '' }))).toBe(
    'nodes "mine" is forbidden: node "mine" is not allowed to set the following labels: foo.k8s.io/b, node-role.kubernetes.io/master',
  );
  const allowed = { 'kubernetes.io/hostname': 'mine', 'x.node.kubernetes.io/y': '', free: 'yes' };
  expect(failure('POST', nodes, body(allowed))).toBeNull();
});
