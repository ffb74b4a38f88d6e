import { expect, test } from 'vitest';
import type { CertificateSigningRequest } from '#generated/types/certificates.v1.ts';
import { requests } from '#kubernetes/api/testing/certificateRequests.ts';
import { TestServer } from '../testing/testServer.ts';

const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const approved = { type: 'Approved', status: 'True', reason: 'R' };
const [first, later] = ['1970-01-01T00:00:00Z', '1970-01-01T00:01:00Z'];

function serverWithRequest(): TestServer {
  const server = new TestServer();
  const spec = { request: requests.jane, signerName: 'example.com/a', usages: ['client auth'] };
  expect(server.send('POST', path, { metadata: { name: 'x' }, spec }).status).toBe(201);
  return server;
}

const conditionsOf = (body: unknown) => (body as CertificateSigningRequest).status.conditions;

test.each<[string, unknown]>([
  ['application/merge-patch+json', { status: { conditions: [approved] } }],
  ['application/strategic-merge-patch+json', { status: { conditions: [approved] } }],
  ['application/json-patch+json', [{ op: 'add', path: '/status/conditions', value: [approved] }]],
  [
    'application/apply-patch+yaml',
    {
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { name: 'x' },
      status: { conditions: [approved] },
    },
  ],
])('an approval comes as %s', (contentType, body) => {
  const query: Record<string, string> = contentType.includes('apply') ? { fieldManager: 'tester' } : {};
  const server = serverWithRequest();
  const answer = server.send('PATCH', `${path}/x/approval`, body, { contentType, query });
  expect([answer.status, conditionsOf(answer.body)]).toEqual([
    200,
    [{ ...approved, lastTransitionTime: first, lastUpdateTime: first }],
  ]);
});

test('a patch of another type is refused', () => {
  const answer = serverWithRequest().send('PATCH', `${path}/x/approval`, {}, { contentType: 'text/plain' });
  expect(answer.status).toBe(415);
});

// Upstream: pkg/registry/certificates/certificates/strategy_test.go
test('conditions get the times that they do not say, and keep when they came to be', () => {
  const server = serverWithRequest();
  const put = (door: string, conditions: readonly object[]) => {
    const answer = server.send('PATCH', `${path}/x/${door}`, { status: { conditions } });
    expect(answer.status).toBe(200);
    return conditionsOf(answer.body);
  };
  const times = (lastTransitionTime: string, lastUpdateTime: string) => ({
    lastTransitionTime,
    lastUpdateTime,
  });
  const foo = { type: 'Foo', status: 'True' };
  put('approval', [approved]);
  put('status', [approved, foo]);
  server.simulation.run({ untilMs: 60_000 });
  expect(put('status', [{ ...approved, reason: 'Other' }, foo])).toEqual([
    { ...approved, ...times(first, first) },
    { ...foo, ...times(first, later) },
  ]);
  expect(put('status', [approved, { ...foo, status: 'False' }])).toEqual([
    { ...approved, ...times(first, first) },
    { ...foo, status: 'False', ...times(later, later) },
  ]);
  expect(put('approval', [{ ...approved, reason: 'Other' }])).toEqual([
    { ...approved, reason: 'Other', ...times(first, later) },
  ]);
});

test('each door changes its own part', () => {
  const server = serverWithRequest();
  const spec = { signerName: 'example.com/b' };
  const send = (door: string, body: object) => server.send('PATCH', `${path}/x${door}`, body).body;
  const body = { spec, status: { certificate: 'bm9uZQ==', conditions: [approved] } };
  expect(send('/approval', body)).toMatchObject({
    spec: { signerName: 'example.com/a' },
    status: { conditions: [approved] },
  });
  expect((send('', body) as CertificateSigningRequest).status.certificate).toBeUndefined();
  expect(send('', body)).toMatchObject({ spec: { signerName: 'example.com/a' } });
});
