import { beforeEach, expect, test } from 'vitest';
import type { Pod } from '#generated/types/core.v1.ts';
import { TestServer } from '../testing/testServer.ts';

const pods = '/api/v1/namespaces/default/pods';
const accounts = '/api/v1/namespaces/default/serviceaccounts';
const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
let server: TestServer;

beforeEach(() => {
  server = new TestServer();
});

function admit(spec: object, metadata: object = {}): Pod {
  const containers = [{ name: 'c', image: 'nginx' }];
  const { body } = server.send('POST', pods, {
    metadata: { name: 'web', ...metadata },
    spec: { containers, ...spec },
  });
  return body as Pod;
}

// Facts: plugin/pkg/admission/serviceaccount/admission_test.go
test('a pod that names no account runs as default, with its token mounted', () => {
  const { spec } = admit({});
  expect([spec.serviceAccountName, spec.serviceAccount]).toEqual(['default', 'default']);
  const [volume] = spec.volumes!;
  expect(volume!.name).toMatch(/^kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  expect(volume!.projected?.sources?.map((source) => Object.keys(source)[0])).toEqual([
    'serviceAccountToken',
    'configMap',
    'downwardAPI',
  ]);
  expect(spec.containers[0]!.volumeMounts).toEqual([{ name: volume!.name, readOnly: true, mountPath }]);
});

test('init containers get the token too, and a mount of one’s own is left alone', () => {
  const own = { name: 'own', mountPath };
  const { spec } = admit({
    initContainers: [{ name: 'i', image: 'busybox' }],
    containers: [{ name: 'c', image: 'nginx', volumeMounts: [own] }],
    volumes: [{ name: 'own', emptyDir: {} }],
  });
  expect(spec.initContainers![0]!.volumeMounts).toMatchObject([{ mountPath }]);
  expect(spec.containers[0]!.volumeMounts).toEqual([own]);
});

test.each([
  ['the pod', { automountServiceAccountToken: false }, undefined],
  ['the account', {}, false],
])('no token where %s wants none', (_who, spec, automountServiceAccountToken) => {
  server.send('POST', accounts, { metadata: { name: 'bot' }, automountServiceAccountToken });
  expect(admit({ serviceAccountName: 'bot', ...spec }).spec.volumes).toBeUndefined();
});

test('the pod’s word counts more than its account’s', () => {
  server.send('POST', accounts, { metadata: { name: 'bot' }, automountServiceAccountToken: false });
  const { spec } = admit({ serviceAccountName: 'bot', automountServiceAccountToken: true });
  expect(spec.volumes).toHaveLength(1);
});

test('the account’s pull secrets are the pod’s, unless it has some', () => {
  server.send('POST', accounts, { metadata: { name: 'bot' }, imagePullSecrets: [{ name: 'a' }] });
  expect(admit({ serviceAccountName: 'bot' }).spec.imagePullSecrets).toEqual([{ name: 'a' }]);
  const own = { serviceAccountName: 'bot', imagePullSecrets: [{ name: 'b' }] };
  expect(admit(own, { name: 'other' }).spec.imagePullSecrets).toEqual([{ name: 'b' }]);
});

test('an account that is not there is refused', () => {
  expect(
    server.failure('POST', pods, {
      metadata: { name: 'web' },
      spec: { serviceAccountName: 'bot', containers: [{ name: 'c', image: 'nginx' }] },
    }),
  ).toBe(
    'pods "web" is forbidden: error looking up service account default/bot: serviceaccount "bot" not found',
  );
});
