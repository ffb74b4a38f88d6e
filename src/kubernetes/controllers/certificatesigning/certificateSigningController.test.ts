import { expect, test } from 'vitest';
import { decodeBase64 } from '#kubernetes/api/base64.ts';
import { certificateSigningRequests } from '#kubernetes/api/certificates/certificateSigningRequest.ts';
import { readPem } from '#kubernetes/api/pem.ts';
import { requests } from '#kubernetes/api/testing/certificateRequests.ts';
import { readCertificate } from '#kubernetes/api/x509.ts';
import { TestCluster } from '../testCluster.ts';
import { certificateSigningController } from './certificateSigningController.ts';

// Upstream: pkg/controller/certificates/signer/signer_test.go
test.each<[string, string, string, string[], string]>([
  ['a client', requests.jane, 'kube-apiserver-client', ['client auth'], 'jane'],
  [
    'a client that would serve',
    requests.jane,
    'kube-apiserver-client',
    ['server auth'],
    'Failed: invalid usages for client certificate: ["server auth"]',
  ],
  [
    'a kubelet',
    requests.node,
    'kube-apiserver-client-kubelet',
    ['client auth', 'digital signature'],
    'system:node:mine',
  ],
  [
    'somebody as a kubelet',
    requests.jane,
    'kube-apiserver-client-kubelet',
    ['client auth', 'digital signature'],
    'Failed: subject organization is not system:nodes',
  ],
])('%s', (_name, request, signer, usages, outcome) => {
  const cluster = new TestCluster([certificateSigningController]);
  const spec = { request, signerName: `kubernetes.io/${signer}`, usages } as never;
  cluster.client.create(certificateSigningRequests, { metadata: { name: 'x' }, spec });
  const state = () => {
    cluster.run();
    const { status } = cluster.get(certificateSigningRequests, 'x');
    const failed = status.conditions?.find(({ type }) => type === 'Failed');
    if (failed) return `Failed: ${failed.message}`;
    const der = readPem(
      'CERTIFICATE',
      String.fromCharCode(...(decodeBase64(status.certificate ?? '') ?? [])),
    );
    return der === undefined ? '' : readCertificate(der).subject.commonName;
  };
  expect(state()).toBe('');
  const conditions = [{ type: 'Approved', status: 'True', reason: 'R' }];
  cluster.patch(certificateSigningRequests, 'x', { status: { conditions } }, 'approval');
  expect(state()).toBe(outcome);
});
