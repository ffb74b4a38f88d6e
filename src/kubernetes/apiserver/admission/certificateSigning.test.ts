import { expect, test } from 'vitest';
import type { Status } from '#generated/types/meta.v1.ts';
import { requests } from '#kubernetes/api/testing/certificateRequests.ts';
import { Client } from '#kubernetes/client/client.ts';
import { installAccess } from '#kubernetes/cluster/installAccess.ts';
import { TestServer } from '../testing/testServer.ts';

const admin = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };
const jane = { name: 'jane', groups: ['system:authenticated'] };
const rbac = '/apis/rbac.authorization.k8s.io/v1';
const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const group = 'certificates.k8s.io';

/** A server with a request, and jane, who may write its approval and status and has `rule` beside. */
function serverWith(rule: object): TestServer {
  const server = new TestServer();
  for (const name of ['kube-system', 'kube-public']) server.addNamespace(name);
  installAccess(server.server, new Client(server.server.handle, admin));
  const own = { verbs: ['*'], apiGroups: [group] };
  const resources = ['certificatesigningrequests/approval', 'certificatesigningrequests/status'];
  server.send('POST', `${rbac}/clusterroles`, {
    metadata: { name: 'r' },
    rules: [
      { ...own, resources },
      { ...own, resources: ['signers'], ...rule },
    ],
  });
  server.send('POST', `${rbac}/clusterrolebindings`, {
    metadata: { name: 'r' },
    roleRef: { kind: 'ClusterRole', name: 'r' },
    subjects: [{ kind: 'User', name: 'jane' }],
  });
  const spec = { request: requests.jane, signerName: 'example.com/a', usages: ['client auth'] };
  const made = server.send('POST', path, { metadata: { name: 'x' }, spec: { ...spec, username: 'forged' } });
  expect(made.body).toMatchObject({ spec: { username: 'kubernetes-admin' } });
  return server;
}

const condition = { type: 'Approved', status: 'True', reason: 'R' };

// Upstream: plugin/pkg/admission/certificates/{approval,signing}/admission_test.go
test.each([
  ['by its name', { resourceNames: ['example.com/a'] }, true],
  ['by its domain', { resourceNames: ['example.com/*'] }, true],
  ['of another name', { resourceNames: ['example.com/b'] }, false],
  ['for another verb', { verbs: ['attest'] }, false],
])('a rule for the signer %s', (_name, rule, allowed) => {
  const server = serverWith(rule);
  const failure = (subresource: string, status: object) => {
    const answer = server.send('PATCH', `${path}/x/${subresource}`, { status }, { user: jane });
    return answer.status < 400 ? null : (answer.body as Status).message;
  };
  const refused = (verb: string) =>
    allowed
      ? null
      : `certificatesigningrequests.${group} "x" is forbidden: user not permitted to ${verb} requests with signerName "example.com/a"`;
  expect(failure('approval', { conditions: [condition] })).toBe(refused('approve'));
  expect(failure('status', { certificate: 'YQ==' })).toBe(refused('sign'));
});

test('who approved cannot deny, nor take it back', () => {
  const server = serverWith({});
  const put = (conditions: readonly object[]) => {
    const answer = server.send('PATCH', `${path}/x/approval`, { status: { conditions } }, { user: jane });
    return answer.status < 400 ? null : (answer.body as Status).message;
  };
  expect(put([condition])).toBeNull();
  expect(put([condition, { ...condition, type: 'Denied' }])).toBe(
    `CertificateSigningRequest.${group} "x" is invalid: status.conditions: Forbidden: Approved and Denied conditions are mutually exclusive`,
  );
  expect(put([])).toBe(
    `CertificateSigningRequest.${group} "x" is invalid: status.conditions: Forbidden: updates may not remove a condition of type "Approved"`,
  );
});
