import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import type { TokenRequest } from '#generated/types/authentication.v1.ts';
import type { Secret, ServiceAccount } from '#generated/types/core.v1.ts';
import type { Status } from '#generated/types/meta.v1.ts';
import { decodeBase64 } from '#kubernetes/api/base64.ts';
import { Client } from '#kubernetes/client/client.ts';
import { installAccess } from '#kubernetes/cluster/installAccess.ts';
import { TestServer } from '../testing/testServer.ts';

const admin = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };
const accounts = '/api/v1/namespaces/default/serviceaccounts';
const path = `${accounts}/robot/token`;
const audience = 'https://kubernetes.default.svc.cluster.local';

let server: TestServer;

beforeEach(() => {
  server = new TestServer();
  for (const name of ['kube-system', 'kube-public']) server.addNamespace(name);
  installAccess(server.server, new Client(server.server.handle, admin));
  server.send('POST', accounts, { metadata: { name: 'robot' } });
});

function tokenFor(spec: object = {}): string {
  const { status, body } = server.send('POST', path, { spec });
  expect(status, JSON.stringify(body)).toBe(201);
  return (body as TokenRequest).status.token!;
}

function claimsOf(token: string): Record<string, unknown> {
  const part = token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/');
  const bytes = decodeBase64(part.padEnd(Math.ceil(part.length / 4) * 4, '='))!;
  return JSON.parse(String.fromCharCode(...bytes)) as Record<string, unknown>;
}

/** Who the server takes the bearer for; null where it is nobody. */
function bearer(token: string): string | null {
  const review = server.send(
    'POST',
    '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    {},
    {
      credentials: { token },
    },
  );
  if (review.status === 401) return null;
  return (review.body as { status: { userInfo: { username: string } } }).status.userInfo.username;
}

test('a token says what upstream says, in its order', () => {
  const claims = claimsOf(tokenFor());
  expect(Object.keys(claims)).toEqual(['aud', 'exp', 'iat', 'iss', 'jti', 'kubernetes.io', 'nbf', 'sub']);
  expect(claims).toMatchObject({
    aud: [audience],
    exp: 3600,
    iat: 0,
    iss: audience,
    nbf: 0,
    sub: 'system:serviceaccount:default:robot',
    'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'robot' } },
  });
});

// Upstream: pkg/apis/authentication/validation/validation_test.go
test.each([
  [{ expirationSeconds: 599 }, 'may not specify a duration less than 10 minutes'],
  [{ expirationSeconds: 2 ** 32 + 1 }, 'may not specify a duration larger than 2^32 seconds'],
])('%j is refused', (spec, why) => {
  expect((server.send('POST', path, { spec }).body as Status).message).toBe(
    `TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: ${spec.expirationSeconds}: ${why}`,
  );
});

test.each([
  [
    { name: 'other' },
    'TokenRequest.authentication.k8s.io "robot" is invalid: metadata.name: Invalid value: "other": must match the service account name if specified',
  ],
  [
    { uid: 'a' },
    /^Operation cannot be fulfilled on TokenRequest.authentication.k8s.io "robot": the UID in the token request \(a\) does not match the UID of the service account \(.+\)$/,
  ],
])('a request of %j is refused', (metadata, why) => {
  const { message } = server.send('POST', path, { metadata, spec: {} }).body as Status;
  expect(message).toMatch(why);
});

test('a token is good until its time is over, and not a letter may change', () => {
  const token = tokenFor({ expirationSeconds: 600 });
  expect(bearer(token)).toBe('system:serviceaccount:default:robot');
  expect(bearer(`${token}x`)).toBeNull();
  expect(bearer(`${token.split('.').slice(0, 2).join('.')}.`)).toBeNull();
  const pass = (ms: number) => server.simulation.run({ untilMs: server.simulation.nowMs + ms });
  pass(600_000);
  expect(bearer(token)).toBe('system:serviceaccount:default:robot');
  pass(61_000);
  expect(bearer(token)).toBeNull();
});

test('a token for somebody else is none for this server', () => {
  const token = tokenFor({ audiences: ['vault'] });
  expect(bearer(token)).toBeNull();
  const review = (audiences: string[]) =>
    server.send('POST', '/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token, audiences } }).body;
  expect(review(['vault', 'x'])).toMatchObject({
    status: {
      authenticated: true,
      user: { username: 'system:serviceaccount:default:robot' },
      audiences: ['vault'],
    },
  });
  expect(review([])).toMatchObject({ status: { user: {} } });
});

test('a token goes with its account, and does not come back with another of that name', () => {
  const token = tokenFor();
  server.send('DELETE', `${accounts}/robot`);
  expect(bearer(token)).toBeNull();
  server.send('POST', accounts, { metadata: { name: 'robot' } });
  expect(bearer(token)).toBeNull();
});

test('a token that is bound to a pod goes with the pod', () => {
  const pods = '/api/v1/namespaces/default/pods';
  const pod = (name: string, account: string) =>
    server.send('POST', pods, {
      metadata: { name },
      spec: { serviceAccountName: account, containers: [{ name: 'c', image: 'i' }] },
    });
  pod('p', 'robot');
  pod('other', 'default');
  const boundTo = (name: string) => ({ boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name } });
  const token = tokenFor({ ...boundTo('p'), expirationSeconds: 3607 });
  // A pod's own token lives a year, for clients that never read it again, and says when it should have.
  expect(claimsOf(token)).toMatchObject({
    exp: 31_536_000,
    'kubernetes.io': { pod: { name: 'p' }, warnafter: 3607 },
  });
  expect(bearer(token)).toBe('system:serviceaccount:default:robot');
  expect((server.send('POST', path, { spec: boundTo('other') }).body as Status).message).toBe(
    'cannot bind token for serviceaccount "robot" to pod running with different serviceaccount name.',
  );
  server.send('DELETE', `${pods}/p`, { gracePeriodSeconds: 0 });
  expect(bearer(token)).toBeNull();
});

// Upstream: pkg/serviceaccount/legacy.go
test('the use of a token in a Secret is noted by day, and one that was marked is not taken', () => {
  const secrets = '/api/v1/namespaces/default/secrets';
  const account = server.send('GET', `${accounts}/robot`).body as ServiceAccount;
  const annotations = {
    'kubernetes.io/service-account.name': 'robot',
    'kubernetes.io/service-account.uid': account.metadata.uid,
  };
  const token = server.server.access!.tokens.issueLegacy(account, 'robot-token');
  server.send('POST', secrets, {
    metadata: { name: 'robot-token', annotations },
    type: 'kubernetes.io/service-account-token',
    stringData: { token },
  });
  const labelsOf = () => (server.send('GET', `${secrets}/robot-token`).body as Secret).metadata.labels ?? {};
  expect(labelsOf()).toEqual({});
  expect(bearer(token)).toBe('system:serviceaccount:default:robot');
  expect(labelsOf()).toEqual({ 'kubernetes.io/legacy-token-last-used': '1970-01-01' });
  const labels = { 'kubernetes.io/legacy-token-invalid-since': '1970-01-01' };
  const contentType = 'application/merge-patch+json';
  server.send('PATCH', `${secrets}/robot-token`, { metadata: { labels } }, { contentType });
  expect(bearer(token)).toBeNull();
  const review = { spec: { token } };
  expect(server.send('POST', '/apis/authentication.k8s.io/v1/tokenreviews', review).body).toMatchObject({
    status: {
      error: expect.stringContaining(
        'the token in secret default/robot-token for service account default/robot has been marked invalid.',
      ) as unknown,
    },
  });
});

test('who has the issuer’s keys can tell its tokens without asking it', () => {
  const token = tokenFor({ audiences: ['vault'] });
  const found = server.send('GET', '/.well-known/openid-configuration');
  expect(found.body).toEqual({
    issuer: audience,
    jwks_uri: 'https://10.0.0.2:6443/openid/v1/jwks',
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  });
  const { body } = server.send('GET', '/openid/v1/jwks');
  const [key] = (body as { keys: (JsonWebKey & { kid: string })[] }).keys;
  const [head, payload, signature] = token.split('.') as [string, string, string];
  expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toEqual({ alg: 'RS256', kid: key!.kid });
  const publicKey = createPublicKey({ key: key!, format: 'jwk' });
  const signed = Buffer.from(`${head}.${payload}`);
  expect(verify('sha256', signed, publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
});
