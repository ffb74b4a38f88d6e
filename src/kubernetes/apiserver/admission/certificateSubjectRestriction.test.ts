import { expect, test } from 'vitest';
import { requests } from '#kubernetes/api/testing/certificateRequests.ts';
import { TestServer } from '../testing/testServer.ts';

const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests';

// Upstream: plugin/pkg/admission/certificates/subjectrestriction/admission_test.go
test.each([
  ['the group of those who may everything', requests.eve, 'kubernetes.io/kube-apiserver-client', 403],
  ['the same for another signer', requests.eve, 'example.com/signer', 201],
  ['another group', requests.jane, 'kubernetes.io/kube-apiserver-client', 201],
])('%s', (_name, request, signerName, status) => {
  const body = { metadata: { name: 'x' }, spec: { request, signerName, usages: ['client auth'] } };
  const answer = new TestServer().send('POST', path, body);
  expect(answer.status).toBe(status);
  if (status === 403)
    expect(answer.body).toMatchObject({
      message:
        'certificatesigningrequests.certificates.k8s.io "x" is forbidden: use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed',
    });
});
