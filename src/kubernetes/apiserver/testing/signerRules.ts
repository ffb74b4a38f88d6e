import { expect } from 'vitest';
import type { Status } from '#generated/types/meta.v1.ts';
import { requests } from '#kubernetes/api/testing/certificateRequests.ts';
import { Client } from '#kubernetes/client/client.ts';
import { installAccess } from '#kubernetes/cluster/installAccess.ts';
import { TestServer } from './testServer.ts';

const admin = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };
const jane = { name: 'jane', groups: ['system:authenticated'] };
const rbac = '/apis/rbac.authorization.k8s.io/v1';
const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const group = 'certificates.k8s.io';

/** Rules for signers, and whether they let jane do what she tries with a request for `example.com/a`. */
export const signerRules: readonly [string, object, boolean][] = [
  ['by its name', { resourceNames: ['example.com/a'] }, true],
  ['by its domain', { resourceNames: ['example.com/*'] }, true],
  ['of another name', { resourceNames: ['example.com/b'] }, false],
  ['for another verb', { verbs: ['attest'] }, false],
];

/** A server with a request, and jane, who may write its approval and status and has `rule` beside. */
function serverWithRule(rule: object): TestServer {
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

/** Tries, as jane, to write a condition by one of the doors to the status; the sentence it fails with, or null. */
export function tryCondition(rule: object, door: string, type: string): string | null {
  const body = { status: { conditions: [{ type, status: 'True' }] } };
  const answer = serverWithRule(rule).send('PATCH', `${path}/x/${door}`, body, { user: jane });
  return answer.status < 400 ? null : ((answer.body as Status).message ?? '');
}

/** How she is refused. */
export function refusal(verb: string): string {
  return `certificatesigningrequests.${group} "x" is forbidden: user not permitted to ${verb} requests with signerName "example.com/a"`;
}
