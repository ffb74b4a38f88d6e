import { beforeEach, expect, test } from 'vitest';
import { Client } from '#kubernetes/client/client.ts';
import { installAccess } from '#kubernetes/cluster/installAccess.ts';
import { TestServer } from '../testing/testServer.ts';
import type { Attributes } from './attributes.ts';

const admin = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };
const node = { name: 'system:node:mine', groups: ['system:nodes', 'system:authenticated'] };

let server: TestServer;

const claimSpec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };

/** A pod on a node that refers to one object of each kind, all named like the pod. */
const podOn = (nodeName: string, name: string) => ({
  metadata: { name },
  spec: {
    nodeName,
    serviceAccountName: name,
    automountServiceAccountToken: false,
    imagePullSecrets: [{ name: `${name}-pull` }],
    containers: [{ name: 'c', image: 'i', envFrom: [{ configMapRef: { name: `${name}-env` } }] }],
    volumes: [
      { name: 'a', configMap: { name } },
      { name: 'b', secret: { secretName: name } },
      { name: 'c', persistentVolumeClaim: { claimName: name } },
      { name: 'd', projected: { sources: [{ secret: { name: `${name}-part` } }] } },
      { name: 'e', ephemeral: { volumeClaimTemplate: { spec: claimSpec } } },
    ],
  },
});

beforeEach(() => {
  server = new TestServer();
  for (const name of ['kube-system', 'kube-public', 'kube-node-lease']) server.addNamespace(name);
  installAccess(server.server, new Client(server.server.handle, admin));
  for (const name of ['mine', 'theirs']) {
    server.send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name } });
    const made = server.send('POST', '/api/v1/namespaces/default/pods', podOn(name, name));
    expect(made.status, JSON.stringify(made.body)).toBe(201);
  }
});

function decide(verb: string, what: string, more: Partial<Attributes> = {}) {
  const [path = '', group = ''] = what.split('.');
  const [resource = '', name = '', subresource = ''] = path.split('/');
  const base = { user: node, verb, group, resource, subresource, namespace: 'default', name };
  return server.server.access!.authorize({ ...base, path: '', fieldSelector: '', ...more });
}

const unrelated = "no relationship found between node 'mine' and this object";

// Upstream: plugin/pkg/auth/authorizer/node/node_authorizer_test.go
test.each<[string, string, true | string]>([
  ['get', 'configmaps/mine', true],
  ['get', 'configmaps/mine-env', true],
  ['get', 'configmaps/theirs', unrelated],
  ['list', 'configmaps/mine', true],
  ['list', 'configmaps', 'No Object name found'],
  ['update', 'configmaps/mine', 'can only read resources of this type'],
  ['get', 'secrets/mine', true],
  ['watch', 'secrets/mine-pull', true],
  ['get', 'secrets/mine-part', true],
  ['get', 'secrets/theirs', unrelated],
  ['get', 'persistentvolumeclaims/mine', true],
  ['get', 'persistentvolumeclaims/mine-e', true],
  ['get', 'persistentvolumeclaims/theirs-e', unrelated],
  ['get', 'persistentvolumeclaims/theirs', unrelated],
  ['list', 'persistentvolumeclaims/mine', 'can only get individual resources of this type'],
  ['update', 'persistentvolumeclaims/mine/status', true],
  ['create', 'serviceaccounts/mine/token', true],
  ['create', 'serviceaccounts/theirs/token', unrelated],
  ['get', 'serviceaccounts/mine', 'can only create tokens for individual service accounts'],
  ['get', 'pods/mine', true],
  ['get', 'pods/theirs', unrelated],
  ['list', 'pods', 'can only list/watch pods with spec.nodeName field selector'],
  ['create', 'pods/mine/eviction', true],
  ['update', 'pods/mine', ''],
  ['get', 'services/x', true],
  ['update', 'services/x', ''],
])('%s %s: %s', (verb, what, expected) => {
  const { allowed, reason } = decide(verb, what);
  expect(allowed ? allowed : reason).toBe(expected);
});

test.each<[string, string, string, true | string]>([
  ['get', 'nodes/mine', '', true],
  ['get', 'nodes/theirs', '', "node 'mine' cannot read 'theirs', only its own Node object"],
  ['list', 'nodes', '', "node 'mine' cannot read all nodes, only its own Node object"],
  ['update', 'leases/mine.coordination.k8s.io', 'kube-node-lease', ''],
])('at another scope, %s %s in %j: %s', (verb, what, namespace, expected) => {
  if (verb === 'update') {
    const lease = (name: string, where: string) =>
      decide('update', 'leases', { group: 'coordination.k8s.io', name, namespace: where });
    expect(lease('mine', 'kube-node-lease').allowed).toBe(true);
    expect(lease('theirs', 'kube-node-lease').reason).toBe(
      'can only access node lease with the same name as the requesting node',
    );
    expect(lease('mine', 'default').reason).toBe(
      'can only access leases in the "kube-node-lease" system namespace',
    );
    return;
  }
  const { allowed, reason } = decide(verb, what, { namespace });
  expect(allowed ? allowed : reason).toBe(expected);
});

test('a list of its own pods is for the kubelet', () => {
  expect(decide('list', 'pods', { namespace: '', fieldSelector: 'spec.nodeName=mine' }).allowed).toBe(true);
  expect(decide('watch', 'pods', { namespace: '', fieldSelector: 'spec.nodeName=theirs' }).allowed).toBe(
    false,
  );
});

test('what a pod referred to is closed again when the pod has gone', () => {
  expect(decide('get', 'secrets/mine').allowed).toBe(true);
  server.send('DELETE', '/api/v1/namespaces/default/pods/mine', { gracePeriodSeconds: 0 });
  expect(decide('get', 'secrets/mine')).toEqual({ allowed: false, reason: unrelated });
});

test('a mirror opens nothing', () => {
  const { metadata, spec } = podOn('mine', 'mirror');
  const { serviceAccountName: _account, ...rest } = spec;
  const mirror = {
    metadata: { ...metadata, annotations: { 'kubernetes.io/config.mirror': 'x' } },
    spec: rest,
  };
  const made = server.send('POST', '/api/v1/namespaces/default/pods', mirror);
  expect(made.status).toBe(201);
  expect(decide('get', 'secrets/mirror').reason).toBe(unrelated);
});
